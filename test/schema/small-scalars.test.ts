import * as fc from "fast-check";
import { test } from "vitest";
import { expectEachValueJudged } from "../support/every-small-value.ts";
import type { JsonValue } from "../support/random-instance.ts";
import type { Schema } from "../support/random-schema.ts";

// Short strings of two characters, and numbers of a grid, with several things asked of them at once: every one of them is tried.

const STRINGS = [
  "",
  ...[1, 2, 3].flatMap((length) => Array.from({ length: 2 ** length }, (_, i) => wordOf(i, length))),
];
const NUMBERS = Array.from({ length: 41 }, (_, i) => (i - 20) / 4);
const VALUES: readonly JsonValue[] = [null, true, false, ...STRINGS, ...NUMBERS];

function wordOf(number: number, length: number): string {
  return Array.from({ length }, (_, i) => "ab"[(number >> i) & 1]).join("");
}

const value = fc.constantFrom(...VALUES);
const bound = fc.constantFrom(-3, -1, -0.5, 0, 0.25, 1, 1.5, 2, 4);
const asked: fc.Arbitrary<Schema> = fc.oneof(
  fc.constantFrom("^a", "b$", "ab", "^(a|b)$", "^(ab)*$", "^[^a]*$", "a.b", "^.{2}$").map((pattern) => ({ pattern })),
  fc.record({ minLength: fc.nat({ max: 3 }) }),
  fc.record({ maxLength: fc.nat({ max: 3 }) }),
  bound.map((minimum) => ({ minimum })),
  bound.map((maximum) => ({ maximum })),
  bound.map((exclusiveMinimum) => ({ exclusiveMinimum })),
  bound.map((exclusiveMaximum) => ({ exclusiveMaximum })),
  fc.constantFrom(0.25, 0.5, 0.75, 1, 1.5, 2, 3).map((multipleOf) => ({ multipleOf })),
  fc.constantFrom("integer", "number", "string", "boolean", "null").map((type) => ({ type })),
  fc.uniqueArray(value, { minLength: 1, maxLength: 5 }).map((values) => ({ enum: values })),
  value.map((one) => ({ const: one })),
);
const several: fc.Arbitrary<Schema> = fc.oneof(
  asked,
  asked.map((not) => ({ not })),
  fc.array(asked, { minLength: 2, maxLength: 3 }).map((anyOf) => ({ anyOf })),
  fc.array(asked, { minLength: 2, maxLength: 4 }).map((oneOf) => ({ oneOf })),
  fc.array(asked, { minLength: 2, maxLength: 3 }).map((allOf) => ({ not: { allOf } })),
  fc.record({ if: asked, then: asked, else: asked }),
);

test("of small scalars those are accepted that are valid", () => {
  expectEachValueJudged(
    fc.array(several, { minLength: 1, maxLength: 5 }).map((allOf) => ({ allOf })),
    VALUES,
  );
});
