import { readFileSync } from "node:fs";
import { signature } from "espalier";
import { describe, expect, it } from "vitest";

const table: [title: string, schema: unknown, expected: string][] = [
  ["any value", true, "any"],
  ["an empty schema", {}, "any"],
  ["something that is no schema", 17, "any"],
  ["a type", { type: "integer" }, "integer"],
  ["a format that the notation has", { type: "string", format: "date-time" }, "date-time"],
  ["another format", { type: "string", format: "ipv4" }, "string"],
  ["a string by its keywords", { maxLength: 3 }, "string"],
  ["a constant", { const: "get_weather" }, '"get_weather"'],
  ["choices", { enum: ["open", "closed", 3, true] }, '"open"|"closed"|3|true'],
  ["null comes last", { type: ["null", "string"] }, "string|null"],
  ["a nullable choice", { enum: ["low", null, "high"] }, '"low"|"high"|null'],
  ["the same twice", { anyOf: [{ type: "string" }, { type: "string", maxLength: 3 }] }, "string"],
  ["a union with any", { anyOf: [{ type: "string" }, true] }, "any"],
  ["an array", { type: "array", items: { type: "string" } }, "string[]"],
  ["an array of a union", { items: { type: ["string", "null"] } }, "(string|null)[]"],
  ["an array of choices", { type: "array", items: { enum: ["a", "b"] } }, '("a"|"b")[]'],
  ["an array of one constant", { type: "array", items: { enum: ["a"] } }, '"a"[]'],
  ["an array of anything", { type: "array" }, "any[]"],
  ["a tuple", { prefixItems: [{ type: "string" }, { type: "integer" }], items: false }, "(string|integer)[]"],
  [
    "an object",
    {
      properties: { name: { type: "string" }, "ship-date": { type: "string", format: "date" } },
      required: ["name"],
    },
    '{name: string, "ship-date"?: date}',
  ],
  ["an object without properties", { type: "object", additionalProperties: false }, "{}"],
  ["an open object", { type: "object" }, "object"],
  ["a required property that is not described", { type: "object", required: ["id"] }, "{id: any}"],
  ["a property that must not be", { properties: { a: true, b: false } }, "{a?: any}"],
  [
    "a reference",
    { properties: { to: { $ref: "#/$defs/a~1b" } }, $defs: { "a/b": { type: "string", format: "email" } } },
    "{to?: email}",
  ],
  ["a reference to nowhere", { $ref: "#/$defs/x" }, "any"],
  ["a reference to another document", { $ref: "https://example.org/x" }, "any"],
  ["a reference to itself", { $ref: "#" }, "any"],
  [
    "a tree",
    {
      type: "object",
      properties: { label: { type: "string" }, children: { type: "array", items: { $ref: "#" } } },
      required: ["label"],
    },
    "{label: string, children?: object[]}",
  ],
  [
    "schemas that all hold",
    {
      allOf: [{ $ref: "#/$defs/base" }, { properties: { age: { type: "integer" } }, required: ["age"] }],
      $defs: { base: { type: "object", properties: { name: { type: "string" } }, required: ["name"] } },
    },
    "{name: string, age: integer}",
  ],
  [
    "tools",
    {
      oneOf: [
        { type: "object", properties: { tool: { const: "stop" } }, required: ["tool"] },
        { type: "object", properties: { tool: { const: "go" }, to: { type: "string" } }, required: ["tool", "to"] },
      ],
    },
    '{tool: "stop"}|{tool: "go", to: string}',
  ],
  [
    "alternatives with properties in common",
    {
      type: "object",
      properties: { id: { type: "integer" } },
      required: ["id"],
      anyOf: [{ properties: { a: { type: "string" } } }, { properties: { b: { type: "string" } } }],
    },
    "{id: integer, a?: string}|{id: integer, b?: string}",
  ],
];

describe("signature", () => {
  it.each(table)("tells %s", (_title, schema, expected) => {
    expect(signature(schema)).toBe(expected);
  });

  it("says what the bundled model was trained to read", () => {
    const lines = readFileSync("models/extract-ar/heldout.jsonl", "utf8").trim().split("\n");
    expect(lines.length).toBeGreaterThan(100);
    for (const line of lines) {
      const example = JSON.parse(line) as { schema: unknown; signature: string };
      expect(signature(example.schema)).toBe(example.signature);
    }
  });

  it("keeps to its length by telling less of what is deep inside", () => {
    const wide = (depth: number): unknown =>
      depth === 0
        ? { type: "string" }
        : { type: "object", properties: Object.fromEntries([0, 1, 2, 3, 4].map((i) => [`key${i}`, wide(depth - 1)])) };
    const text = signature(wide(5), { maxLength: 500 });
    expect(text.length).toBeLessThanOrEqual(500);
    expect(text).toMatch(/^\{key0\?: \{key0\?: object/);
    expect(signature(wide(5), { maxLength: 30 })).toBe("any");
  });

  it("is done soon with a schema that unfolds without end, and with one nested 10,000 deep", () => {
    const $defs: Record<string, unknown> = { d0: { type: "string" } };
    for (let i = 1; i <= 60; i++) {
      const half = { $ref: `#/$defs/d${i - 1}` };
      $defs[`d${i}`] = { type: "object", properties: { a: half, b: half } };
    }
    expect(signature({ $ref: "#/$defs/d60", $defs }).length).toBeLessThanOrEqual(2_000);
    let deep: unknown = { type: "string" };
    for (let i = 0; i < 10_000; i++) deep = { type: "array", items: deep };
    expect(signature(deep)).toMatch(/^any(\[\])+$/);
  });
});
