import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";
import { ajvValidator } from "../support/ajv-oracle.ts";
import { accepts } from "../support/automaton-texts.ts";
import type { Schema } from "../support/random-schema.ts";

// Subschemas that say the same are compiled once in a process, whatever they say to people. A word that is a remark in a schema may be
// a key, or part of a value, elsewhere.

/** Schemas that differ in words which are remarks where they stand in a schema: one after the other in one process, none is taken for another. */
const UNLIKE: readonly { readonly schemas: readonly Schema[]; readonly values: readonly unknown[] }[] = [
  {
    schemas: [
      { properties: { title: { type: "string" } } },
      { properties: { title: { type: "integer" } } },
      { properties: { description: { type: "string" } } },
      { title: "properties", properties: {} },
    ],
    values: [{ title: "a" }, { title: 1 }, { description: "a" }, { description: 1 }],
  },
  {
    schemas: [
      { enum: [{ title: 1 }] },
      { enum: [{ title: 2 }] },
      { enum: [{ default: 1 }], title: "one" },
      { const: { title: 1 } },
      { const: [{ examples: [] }] },
      { const: [{ examples: [1] }] },
    ],
    values: [{ title: 1 }, { title: 2 }, { default: 1 }, [{ examples: [] }], [{ examples: [1] }]],
  },
  {
    schemas: [
      { patternProperties: { default: false } },
      { patternProperties: { default: true } },
      { dependentSchemas: { title: false } },
      { dependentSchemas: { title: { default: 0 } } },
      { dependentRequired: { title: ["examples"] } },
      { dependentRequired: { title: ["default"] } },
    ],
    values: [{ default: 1 }, { title: 1 }, { title: 1, examples: 1 }, { title: 1, default: 1 }],
  },
  {
    schemas: [
      { prefixItems: [{ title: "a", type: "integer" }, { title: "b" }] },
      { prefixItems: [{ title: "a" }, { title: "b", type: "integer" }] },
      { allOf: [{ properties: { default: { not: { description: "nothing" } } } }] },
      { allOf: [{ properties: { default: { not: { description: "something", type: "integer" } } } }] },
      { unknown: { type: "integer" }, items: { unknown: "word", type: "string" } },
      { unknown: { type: "string" }, items: { unknown: "word", type: "integer" } },
    ],
    values: [[1, "a"], ["a", 1], ["a"], [1], { default: 1 }, { default: "a" }],
  },
];

test.each(UNLIKE)("$schemas.0 is not taken for what looks like it", ({ schemas, values }) => {
  const verdicts = schemas.map((schema) => {
    const isValid = ajvValidator(schema);
    const { automaton } = new JsonSchema(schema);
    return values.map((value) => ({ ours: accepts(automaton, JSON.stringify(value)), ajv: isValid(value) }));
  });
  for (const { ours, ajv } of verdicts.flat()) expect(ours).toBe(ajv);
  expect(new Set(verdicts.map((each) => each.map(({ ajv }) => ajv).join())).size).toBeGreaterThan(1);
});

test("what schemas say to people only does not keep them apart", () => {
  const schemaWith = (remarks: object): Schema => {
    const keys = Array.from({ length: 50 }, (_, i) => `key ${i}`);
    const properties = keys.map((key, i) => [key, { ...remarks, type: "string", pattern: `^[p-r]{${i + 1}}q+$` }]);
    return { type: "object", required: keys, properties: Object.fromEntries(properties) as object };
  };
  const { work } = new JsonSchema(schemaWith({}));
  expect(work).toBeGreaterThan(1_000);
  for (const remarks of [
    { description: "one of many" },
    { title: "another", examples: [{ $ref: "#" }], default: { $id: "a" } },
    { "x-order": 1 },
  ]) {
    expect(new JsonSchema(schemaWith(remarks)).work).toBeLessThan(work / 5);
  }
});
