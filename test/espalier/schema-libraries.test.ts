import { generate, json, type Output, OutputRejectedError, type StandardSchema } from "espalier";
import { Type } from "typebox";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { scriptedModel } from "./support/toy-model.ts";

const write = async (text: string, output: Output<unknown>): Promise<unknown> =>
  (await generate({ model: scriptedModel(text), prompt: "Go", output })).value;

describe("zod", () => {
  const order = z.object({
    product: z.string().min(1),
    count: z.int().positive(),
    currency: z.string().default("EUR"),
    date: z.iso.date().transform((text) => Number(text.slice(0, 4))),
    note: z.string().optional(),
  });

  it("fills defaults in and transforms", async () => {
    const text = '{"product": "lamp", "count": 2, "date": "2024-05-03"}';
    expect(await write(text, json(order))).toEqual({ product: "lamp", count: 2, currency: "EUR", date: 2024 });
  });

  it("constrains the model to its input: types, formats, bounds", async () => {
    const wish = '{"product": "", "count": -2, "date": "2024-02-30"}';
    const value = (await write(wish, json(order))) as z.output<typeof order>;
    expect(order.shape.product.safeParse(value.product).success).toBe(true);
    expect(order.shape.count.safeParse(value.count).success).toBe(true);
    expect(Number.isInteger(value.date)).toBe(true);
  });

  it("has the last word: a refinement refuses with its issues and the text", async () => {
    const even = z.object({ a: z.object({ "b/c": z.array(z.int().refine((n) => n % 2 === 0, "must be even")) }) });
    const text = '{"a": {"b/c": [2, 3, 5]}}';
    const run = write(text, json(even));
    await expect(run).rejects.toBeInstanceOf(OutputRejectedError);
    await expect(run).rejects.toMatchObject({
      code: "output-rejected",
      text,
      place: "#/a/b~1c/1",
      issues: [
        { message: "must be even", pointer: "#/a/b~1c/1" },
        { message: "must be even", pointer: "#/a/b~1c/2" },
      ],
    });
  });

  it("turns an exception in a transform into the same error", async () => {
    const throwing = z.string().transform(() => {
      throw new RangeError("out of range");
    });
    await expect(write('"x"', json(throwing))).rejects.toMatchObject({
      code: "output-rejected",
      issues: [{ message: "out of range", pointer: "#" }],
      cause: expect.any(RangeError),
    });
  });

  it("says what has no JSON Schema", () => {
    expect(() => json(z.object({ when: z.date() }))).toThrow(
      expect.objectContaining({ code: "unsupported", place: "schema" }),
    );
  });

  it("follows recursive schemas", async () => {
    const tree = z.object({
      label: z.string(),
      get children() {
        return z.array(tree);
      },
    });
    const text = '{"label": "a", "children": [{"label": "b", "children": []}]}';
    expect(await write(text, json(tree))).toEqual(JSON.parse(text));
  });
});

describe("TypeBox", () => {
  it("is read as JSON Schema, tuples, patterns and names included", () => {
    const output = json(
      Type.Object({
        pair: Type.Tuple([Type.String(), Type.Integer()]),
        code: Type.String({ pattern: /^[A-Z]+$/ }),
        tree: Type.Cyclic({ Node: Type.Object({ next: Type.Optional(Type.Ref("Node")) }) }, "Node"),
      }),
    );
    expect(output.schema).toMatchObject({
      type: "object",
      required: ["pair", "code", "tree"],
      properties: {
        pair: { type: "array", prefixItems: [{ type: "string" }, { type: "integer" }], items: false, minItems: 2 },
        code: { type: "string", pattern: "^[A-Z]+$" },
      },
    });
  });

  it("runs its defaults, codecs and refinements", async () => {
    const schema = Type.Object({
      date: Type.Decode(Type.String({ format: "date" }), (text) => Number(text.slice(0, 4))),
      unit: Type.Optional(Type.String({ default: "kg" })),
      even: Type.Refine(
        Type.Integer(),
        (n) => n % 2 === 0,
        () => "must be even",
      ),
    });
    expect(await write('{"date": "2024-05-03", "even": 4}', json(schema))).toEqual({ date: 2024, unit: "kg", even: 4 });
    await expect(write('{"date": "2024-05-03", "even": 5}', json(schema))).rejects.toMatchObject({
      code: "output-rejected",
      issues: [{ message: "must be even", pointer: "#/even" }],
    });
  });
});

describe("Standard Schema", () => {
  type Converter = {
    input: (options: { target: string }) => Record<string, unknown>;
    output: () => Record<string, unknown>;
  };

  const upper = (jsonSchema?: Converter): StandardSchema => ({
    "~standard": {
      version: 1,
      vendor: "home-made",
      validate: (value: unknown) =>
        Promise.resolve(
          value === "bad"
            ? { issues: [{ message: "bad it is", path: [{ key: "x" }, 0] }] }
            : { value: String(value).toUpperCase() },
        ),
      ...(jsonSchema && { jsonSchema }),
    },
  });
  const converter: Converter = {
    input: ({ target }) => ({
      $schema: `https://json-schema.org/${target.replace("draft-", "draft/")}/schema`,
      type: "string",
    }),
    output: () => ({}),
  };

  it("is asked for the JSON Schema of its input, and validates, also later", async () => {
    expect(json(upper(converter)).schema).toEqual({
      $schema: "https://json-schema.org/draft/2020-12/schema",
      type: "string",
    });
    expect(await write('"good"', json(upper(converter)))).toBe("GOOD");
    await expect(write('"bad"', json(upper(converter)))).rejects.toMatchObject({
      issues: [{ message: "bad it is", pointer: "#/x/0" }],
    });
  });

  it("may be a function, as ArkType's are", async () => {
    const callable = Object.assign(() => undefined, upper(converter));
    expect(await write('"good"', json(callable))).toBe("GOOD");
  });

  it("can be given the JSON Schema that it does not tell", async () => {
    expect(() => json(upper())).toThrow(expect.objectContaining({ code: "invalid-input", place: "schema" }));
    expect(await write('"good"', json(upper(), { jsonSchema: { enum: ["good", "bad"] } }))).toBe("GOOD");
  });
});
