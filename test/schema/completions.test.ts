import { completionOf, DEAD, type State } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";
import type { Schema } from "../support/random-schema.ts";

// Every state has a completion that is in the language: what is still asked of an object takes into account which keys are used up.

const SCALARS = { enum: [null, 0, 1, 10, "", "a", "b", "ab"] };
const CLOSED: Schema = {
  type: "object",
  properties: { a: SCALARS, b: SCALARS },
  additionalProperties: false,
};
const NULLS_UNDER_A: Schema = {
  additionalProperties: false,
  patternProperties: { "^a": { if: { type: "null" }, else: false } },
};

const SCHEMAS: readonly Schema[] = [
  { ...CLOSED, not: NULLS_UNDER_A },
  { allOf: [{ not: NULLS_UNDER_A }, CLOSED] },
  { ...CLOSED, if: { additionalProperties: { const: "2024-02-29" }, propertyNames: false }, then: false },
  { ...CLOSED, not: { patternProperties: { "a|b": { type: "null" } } } },
  { ...CLOSED, anyOf: [{ not: NULLS_UNDER_A }, { required: ["a"], properties: { a: { const: 1 } } }] },
  { ...CLOSED, not: { unevaluatedProperties: false, properties: { b: { type: ["object", "null"] } } } },
  { ...CLOSED, minProperties: 1, not: { additionalProperties: { type: ["string", "null"] }, properties: { b: true } } },
];

const ALPHABET = [...'{}[],:"ab01nul'].map((character) => character.charCodeAt(0));

test.each(
  SCHEMAS.flatMap((schema) => (["any", "schema"] as const).map((propertyOrder) => ({ schema, propertyOrder }))),
)("each state of $schema, properties in $propertyOrder order", ({ schema, propertyOrder }) => {
  const { automaton } = new JsonSchema(schema, { propertyOrder, whitespace: "" });
  const seen = new Set<State>([automaton.start]);
  for (const state of seen) {
    let end = state;
    for (const byte of completionOf(automaton, state)) end = automaton.next(end, byte);
    expect(automaton.isAccepting(end)).toBe(true);
    for (const byte of ALPHABET) {
      const next = automaton.next(state, byte);
      if (next !== DEAD) seen.add(next);
    }
  }
  expect(seen.size).toBeGreaterThan(20);
  expect(seen.size).toBeLessThan(2_000);
});
