import {
  choice,
  type FromSchema,
  generate,
  grammar,
  json,
  regex,
  type Output,
  stream,
  text,
  thinking,
  toolCalls,
} from "espalier";
import { Type } from "typebox";
import { describe, expect, expectTypeOf, it } from "vitest";
import { z } from "zod";
import { scriptedModel } from "./support/toy-model.ts";

/** The value of an output. */
type ValueOf<Out> = Out extends Output<infer Value, infer _> ? Value : never;
type PartialOf<Out> = Out extends Output<infer _, infer Partial> ? Partial : never;

describe("types", () => {
  it("come from a JSON Schema literal, without `as const`", () => {
    const output = json({
      type: "object",
      properties: {
        name: { type: "string" },
        age: { type: "integer" },
        status: { enum: ["open", "closed"] },
        nickname: { type: ["string", "null"] },
        tags: { type: "array", items: { type: "string" } },
        at: { type: "array", prefixItems: [{ type: "number" }, { type: "number" }], items: false, minItems: 2 },
        who: { anyOf: [{ $ref: "#/$defs/id" }, { const: "nobody" }] },
        scores: { type: "object", additionalProperties: { type: "number" } },
      },
      required: ["name", "age", "who"],
      $defs: { id: { type: "integer" } },
    });
    type Expected = {
      name: string;
      age: number;
      who: number | "nobody";
      status?: "open" | "closed";
      nickname?: string | null;
      tags?: string[];
      at?: [number, number];
      scores?: { [key: string]: number };
    };
    expectTypeOf<ValueOf<typeof output>>().toEqualTypeOf<Expected>();
  });

  it("are never narrower than the schema", () => {
    expectTypeOf<FromSchema<true>>().toEqualTypeOf<unknown>();
    expectTypeOf<FromSchema<{ properties: { a: { type: "string" } } }>>().toEqualTypeOf<unknown>();
    expectTypeOf<FromSchema<{ type: "object" }>>().toEqualTypeOf<{ [key: string]: unknown }>();
    expectTypeOf<FromSchema<{ type: string }>>().toEqualTypeOf<unknown>();
    expectTypeOf<FromSchema<object>>().toEqualTypeOf<unknown>();
    expectTypeOf<FromSchema<false>>().toEqualTypeOf<never>();
    expectTypeOf<FromSchema<{ type: "object"; required: ["a"]; properties: object }>>().toEqualTypeOf<{ a: unknown }>();
    expectTypeOf<FromSchema<{ type: "array"; prefixItems: [{ type: "string" }] }>>().toEqualTypeOf<
      [string?, ...unknown[]]
    >();
    const fromFile: unknown = {};
    const output = json(fromFile);
    expectTypeOf<ValueOf<typeof output>>().toEqualTypeOf<unknown>();
  });

  it("follow references, also in circles", () => {
    const tree = {
      type: "object",
      properties: { label: { type: "string" }, children: { type: "array", items: { $ref: "#" } } },
      required: ["label", "children"],
    } as const;
    type Tree = FromSchema<typeof tree>;
    expectTypeOf<Tree["children"][number]["children"][number]["label"]>().toEqualTypeOf<string>();
  });

  it("join schemas that must all hold", () => {
    type Both = FromSchema<{
      allOf: [
        { type: "object"; properties: { a: { type: "string" } }; required: ["a"] },
        { type: "object"; properties: { b: { type: "null" } } },
      ];
    }>;
    expectTypeOf<Both>().toExtend<{ a: string; b?: null }>();
  });

  it("come from zod: what it makes of the value, and in a stream, what the model writes", () => {
    const output = json(z.object({ n: z.string().transform(Number), d: z.string().default("x") }));
    expectTypeOf<ValueOf<typeof output>>().toEqualTypeOf<{ n: number; d: string }>();
    expectTypeOf<PartialOf<typeof output>>().toEqualTypeOf<{ n?: string; d?: string | undefined }>();
  });

  it("come from TypeBox", () => {
    const schema = Type.Object({
      a: Type.String(),
      b: Type.Optional(Type.Integer()),
      c: Type.Union([Type.Literal("x"), Type.Null()]),
      d: Type.Array(Type.Boolean()),
      e: Type.Tuple([Type.String(), Type.Number()]),
      f: Type.Decode(Type.String(), (coded) => coded.length),
      g: Type.Record(Type.String(), Type.Number()),
      h: Type.Enum(["p", "q"]),
    });
    const output = json(schema);
    expectTypeOf<ValueOf<typeof output>>().toEqualTypeOf<{
      a: string;
      b?: number;
      c: "x" | null;
      d: boolean[];
      e: [string, number];
      f: number;
      g: { [key: string]: number };
      h: "p" | "q";
    }>();
  });

  it("are unions of the choices, and strings else", () => {
    const colour = choice(["red", "green"]);
    expectTypeOf<ValueOf<typeof colour>>().toEqualTypeOf<"red" | "green">();
    expectTypeOf(regex(/a/)).toEqualTypeOf<Output<string, never>>();
    expectTypeOf(text()).toEqualTypeOf<Output<string, never>>();
  });

  it("reach results and events", async () => {
    const options = {
      model: scriptedModel('{"a": "x"}'),
      prompt: "Go",
      output: json({ type: "object", properties: { a: { enum: ["x", "y"] } }, required: ["a"] }),
    };
    const { value } = await generate(options);
    expectTypeOf(value).toEqualTypeOf<{ a: "x" | "y" }>();
    for await (const event of stream(options)) {
      if (event.type === "partial") expectTypeOf(event.value).toEqualTypeOf<{ a?: string } | undefined>();
      if (event.type === "finish") expectTypeOf(event.result.value).toEqualTypeOf<{ a: "x" | "y" }>();
    }
  });

  it("tell the arguments of a call by its name", () => {
    const output = toolCalls({
      tools: [
        {
          name: "weather",
          inputSchema: { type: "object", properties: { city: { type: "string" } }, required: ["city"] },
        },
        { name: "book", parameters: z.object({ nights: z.string().transform(Number) }) },
        { name: "ping" },
      ],
    });
    type Part = ValueOf<typeof output>[number];
    expectTypeOf<Part["type"]>().toEqualTypeOf<"text" | "call">();
    type Call<Name> = Extract<Part, { type: "call"; name: Name }>;
    expectTypeOf<Extract<Part, { type: "call" }>["name"]>().toEqualTypeOf<"weather" | "book" | "ping">();
    expectTypeOf<Call<"weather">["arguments"]["city"]>().toEqualTypeOf<string>();
    expectTypeOf<Call<"book">["arguments"]>().toEqualTypeOf<{ nights: number }>();
    // @ts-expect-error: there is no such tool
    expect(() => toolCalls({ tools: [{ name: "ping" }], toolChoice: { name: "pong" } })).toThrow("no tool");
  });

  it("of grammars and reasoning", () => {
    const written = grammar('root ::= "a"', { notation: "gbnf" });
    expectTypeOf<ValueOf<typeof written>>().toEqualTypeOf<string>();
    const thought = thinking(choice(["yes", "no"]));
    expectTypeOf<ValueOf<typeof thought>>().toEqualTypeOf<{
      readonly reasoning: string;
      readonly value: "yes" | "no";
    }>();
  });
});
