import * as fc from "fast-check";
import { test } from "vitest";
import { expectEachValueJudged } from "../support/every-small-value.ts";

import type { JsonValue } from "../support/random-instance.ts";
import type { Schema } from "../support/random-schema.ts";

// Objects of few members of few values, with several things asked of them at once: every one of them is tried.

const KEYS = ["a", "b", "ab"];
const VALUES: readonly JsonValue[] = [0, 1, "s"];

/** All objects of those members: each of the keys is absent, or has one of the values. */
const OBJECTS = Array.from({ length: (VALUES.length + 1) ** KEYS.length }, (_, number) =>
  Object.fromEntries(
    KEYS.flatMap((each, i) => {
      const choice = Math.floor(number / (VALUES.length + 1) ** i) % (VALUES.length + 1);
      return choice === 0 ? [] : [[each, VALUES[choice - 1]]];
    }),
  ),
);

const key = fc.constantFrom(...KEYS);
const sets: fc.Arbitrary<Schema> = fc.oneof(
  fc.constantFrom<Schema>({ type: "integer" }, { type: "string" }, { const: 0 }, { enum: [0, "s"] }, true, false),
  fc.constantFrom<Schema>({ type: "integer" }, { const: 1 }).map((not) => ({ not })),
);
const patterns = fc.constantFrom("^a", "b$", "^.$", "b");
const asked: fc.Arbitrary<Schema> = fc.oneof(
  fc.dictionary(key, sets, { minKeys: 1, maxKeys: 2 }).map((properties) => ({ properties })),
  fc.dictionary(patterns, sets, { minKeys: 1, maxKeys: 2 }).map((patternProperties) => ({ patternProperties })),
  fc.record({ properties: fc.dictionary(key, sets, { maxKeys: 2 }), additionalProperties: sets }),
  fc.subarray(KEYS, { minLength: 1 }).map((required) => ({ required })),
  fc.record({ minProperties: fc.nat({ max: 3 }) }),
  fc.record({ maxProperties: fc.nat({ max: 3 }) }),
  fc.tuple(key, key).map(([one, other]) => ({ dependentRequired: { [one]: [other] } })),
  patterns.map((pattern) => ({ propertyNames: { pattern } })),
);
const several: fc.Arbitrary<Schema> = fc.oneof(
  asked,
  fc.array(asked, { minLength: 2, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  fc.array(asked, { minLength: 2, maxLength: 3 }).map((oneOf) => ({ oneOf })),
  asked.map((not) => ({ not })),
  fc.record({ if: asked, then: asked, else: asked }),
  fc.tuple(key, asked).map(([one, schema]) => ({ dependentSchemas: { [one]: schema } })),
  fc.record({ anyOf: fc.array(asked, { minLength: 2, maxLength: 2 }), unevaluatedProperties: sets }),
);

test("of all small objects those are accepted that are valid", () => {
  const properties = Object.fromEntries(KEYS.map((each) => [each, { enum: VALUES }]));
  const schemas = fc
    .array(several, { minLength: 1, maxLength: 4 })
    .map((allOf) => ({ type: "object", properties, additionalProperties: false, allOf }));
  expectEachValueJudged(schemas, OBJECTS);
});
