import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { maskOf } from "../support/mask-lists.ts";
import { expectMasksOfTrying } from "../support/masks-on-a-walk.ts";
import type { Schema } from "../support/random-schema.ts";
import { runs } from "../support/runs.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

// What follows a key may depend on which key it was, and what follows an item on which items there were. Masks say what they can without the
// text, and are what trying every token says.

const TOKENS = [
  ...["x", "x-", "ab", "1", "true", "null", '{"', '["', '":', '": ', '":"', '":1', '":{"', '":[', '":t'],
  ...[
    '",',
    '","',
    '","a":',
    '"}',
    '"},',
    '"},{',
    '"},{"',
    '"},{"a',
    '"},{}',
    '"},\n',
    '"}]',
    "},{",
    "1},",
    "1},{",
    "{},",
  ],
  ...["],", "],[", '],["', '"],["', '"],', ",1", ",{", ",[", ',"', '"a":', '"a":"', '{"a":', '{"a":"', '[{"a":"'],
];
const vocabulary = byteVocabulary(TOKENS);
/** Without tokens that say more of the next item than that it is an object with members. */
const common = byteVocabulary(TOKENS.filter((token) => !/\},\{("a|\})/.test(token)));

const SCALARS: readonly Schema[] = [
  { type: "string" },
  { type: "integer" },
  { type: "string", maxLength: 1 },
  { enum: ["a", "ab"] },
  { type: "boolean" },
  { type: "object", additionalProperties: { type: "string" } },
  { type: "array" },
  {},
  { description: "anything" },
  false,
];
const PATTERNS = ["^x", "-$", "^.$", "^x-", "a|b", "^[ab]*$"];
const scalar = fc.constantFrom(...SCALARS);
const objects = fc.record({
  patternProperties: fc.dictionary(fc.constantFrom(...PATTERNS), scalar, { minKeys: 1, maxKeys: 3 }),
  properties: fc.dictionary(fc.constantFrom("a", "x", "x-a", "1"), scalar, { maxKeys: 2 }),
  additionalProperties: scalar,
});
const items = fc.oneof(
  fc.record({
    type: fc.constant("object"),
    properties: fc.dictionary(fc.constantFrom("a", "x"), scalar, { minKeys: 1, maxKeys: 2 }),
    required: fc.subarray(["a", "x"]),
    additionalProperties: fc.constantFrom<Schema>(false, true, { enum: [1] }),
  }),
  fc.record({ anyOf: fc.array(scalar, { minLength: 1, maxLength: 3 }) }),
  objects.map((object) => ({ type: "object", ...object })),
);
const arrays = fc
  .record({ items, minItems: fc.nat(3), maxItems: fc.integer({ min: 3, max: 9 }) })
  .map((rest) => ({ type: "array", uniqueItems: true, ...rest }));
const schemas = fc.oneof(
  objects.map((object) => ({ type: "object", ...object })),
  arrays,
  arrays.map((array) => ({ type: "object", properties: { a: array }, required: ["a"], additionalProperties: false })),
);
const turns = fc.array(fc.nat(0xffff), { minLength: 8, maxLength: 40, size: "max" });
const propertyOrders = fc.constantFrom("any" as const, "schema" as const);

test("masks after keys and items that are not told apart are what trying every token says", () => {
  let masks = 0;
  fc.assert(
    fc.property(schemas, propertyOrders, turns, (schema, propertyOrder, choices) => {
      const compiled = new JsonSchema(schema, { propertyOrder, whitespace: "[ \\n]?" });
      if (!compiled.isSatisfiable) return;
      const constraint = compiled.constraint(vocabulary);
      masks += expectMasksOfTrying(constraint, vocabulary, choices).length;
    }),
    { numRuns: runs(150) },
  );
  expect(masks).toBeGreaterThan(500);
});

test.each([
  {
    what: "keys of several patterns",
    schema: {
      patternProperties: { "^x": { type: "string" }, "-$": { maxLength: 3 } },
      additionalProperties: { type: "integer" },
    },
    text: '{"x-ab": "ab", "ab": 11, "bx": 1',
  },
  {
    what: "different objects with free members",
    schema: { uniqueItems: true, items: { properties: { a: { type: "string" } }, required: ["a"] } },
    text: '[{"a":"ab"},{"a":"b"},{"a":"ab", "x":1}',
  },
  {
    what: "different objects with one free member",
    schema: {
      uniqueItems: true,
      items: { properties: { a: { type: "string" }, x: { enum: [1] } }, additionalProperties: false },
    },
    text: '[{"a":"ab"},{"a":"b"},{"a":"ab", "x":1}',
  },
])("no token is tried: $what", ({ schema, text }) => {
  const constraint = new JsonSchema(schema).constraint(common);
  const matcher = constraint.matcher();
  for (const byte of Buffer.from(text)) {
    const allowed = maskOf(matcher, common);
    expect(allowed).toContain(byte);
    matcher.consume(byte);
  }
  expect(constraint.stats.tokensChecked).toBe(0);
});
