import * as fc from "fast-check";
import { test } from "vitest";
import { expectEachValueJudged } from "../support/every-small-value.ts";
import type { JsonValue } from "../support/random-instance.ts";
import type { Schema } from "../support/random-schema.ts";

// Arrays of few items of few values, with several things asked of them at once: every one of them is tried.

const ITEMS: readonly JsonValue[] = [null, 0, 1, "a"];

/** All lists of up to three items. */
const LISTS = [0, 1, 2, 3].flatMap((length) =>
  Array.from({ length: ITEMS.length ** length }, (_, number) =>
    Array.from({ length }, (_item, i) => ITEMS[Math.floor(number / ITEMS.length ** i) % ITEMS.length]),
  ),
);

const sets: fc.Arbitrary<Schema> = fc.oneof(
  fc.constantFrom<Schema>(
    { type: "integer" },
    { type: "string" },
    { const: 0 },
    { enum: [0, "a"] },
    { type: "array" },
    true,
  ),
  fc.constantFrom<Schema>({ type: "integer" }, { const: 1 }).map((not) => ({ not })),
);
const asked: fc.Arbitrary<Schema> = fc.oneof(
  sets.map((items) => ({ items })),
  fc.array(sets, { minLength: 1, maxLength: 3 }).map((prefixItems) => ({ prefixItems })),
  fc.record({ contains: sets, minContains: fc.nat({ max: 2 }), maxContains: fc.nat({ max: 2 }) }),
  fc.record({ contains: sets }).map((not) => ({ not })),
  fc.record({ minItems: fc.nat({ max: 3 }) }),
);
const several: fc.Arbitrary<Schema> = fc.oneof(
  asked,
  fc.array(asked, { minLength: 2, maxLength: 2 }).map((anyOf) => ({ anyOf })),
  fc.array(asked, { minLength: 2, maxLength: 3 }).map((oneOf) => ({ oneOf })),
  asked.map((not) => ({ not })),
  fc.record({ if: asked, then: asked, else: asked }),
  fc.record({ anyOf: fc.array(asked, { minLength: 2, maxLength: 2 }), unevaluatedItems: sets }),
);

const differences = fc.constantFrom<Schema>(true, { uniqueItems: true }, { not: { uniqueItems: true } });

test("of all small arrays those are accepted that are valid", () => {
  const schemas = fc
    .tuple(differences, fc.array(several, { maxLength: 3 }))
    .map(([difference, all]) => ({ type: "array", items: { enum: ITEMS }, maxItems: 3, allOf: [difference, ...all] }));
  expectEachValueJudged(schemas, LISTS);
});
