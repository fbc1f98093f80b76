import { DEAD, LimitExceededError, UnsatisfiableError, type Constraint } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { completionOf } from "../../packages/grammar/src/automaton/completions.ts";
import { maskOf } from "../support/mask-lists.ts";
import type { JsonValue } from "../support/random-instance.ts";
import { randomSchemas, type Schema } from "../support/random-schema.ts";
import { runs } from "../support/runs.ts";
import { oraclesReadAlike, schemaOracle } from "../support/schema-oracle.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

// Arrays whose items must differ are completed from a list of short members of the set of an item, made once for the set.

const vocabulary = byteVocabulary([
  '["',
  '","',
  '"]',
  "],[",
  "},{",
  '{"a":',
  "10",
  "11",
  "12",
  "0,",
  "1,",
  "true",
  "null",
]);

/** A walk under the mask with `slack` tokens to spare. */
function walk(constraint: Constraint, slack: number, turns: readonly number[]): string {
  const matcher = constraint.matcher({ maxTokens: constraint.matcher().minTokensToFinish() + slack });
  const tokens: number[] = [];
  for (let step = 0; !matcher.isFinished(); step++) {
    const allowed = maskOf(matcher, vocabulary);
    expect(allowed).not.toEqual([]);
    const token = step < turns.length ? allowed[turns[step] % allowed.length] : allowed[0];
    expect(matcher.isAllowed(token)).toBe(true);
    expect(matcher.consume(token)).toBe(true);
    if (!vocabulary.eosTokens.includes(token)) tokens.push(token);
  }
  expect(matcher.remainingTokens).toBeGreaterThanOrEqual(0);
  return vocabulary.decode(tokens);
}

function constraintOf(schema: Schema, propertyOrder: "schema" | "any"): Constraint | undefined {
  try {
    return new JsonSchema(schema, { propertyOrder }).constraint(vocabulary);
  } catch (error) {
    if (error instanceof UnsatisfiableError || error instanceof LimitExceededError) return undefined;
    throw error;
  }
}

function arrayOf(minItems: number): { type: "array"; minItems: number; uniqueItems: true } {
  return { type: "array", minItems, uniqueItems: true };
}

/** What the references of a random schema point to, from the root. */
function definitionsOf(schema: Schema): unknown {
  return (typeof schema === "object" && schema["$defs"]) || {};
}

const items = fc.oneof(
  randomSchemas("2020-12", 2),
  fc.constantFrom<Schema>(
    true,
    { type: "integer", minimum: 95, maximum: 140, multipleOf: 3 },
    { type: "number", exclusiveMinimum: 0, exclusiveMaximum: 1 },
    { type: "string", pattern: "^(a|b.?)$", maxLength: 2 },
    { type: "string", minLength: 2, format: "ipv4" },
    { enum: [1, "1", [1], { a: 1 }, null, true, 1.5, "é", '"', {}, [], ["1"]] },
    { type: "object", properties: { b: { type: "boolean" }, a: { type: "integer" } }, required: ["a"] },
    { type: "object", properties: { a: { enum: [1, 2, 3] } }, additionalProperties: false },
    { type: "array", items: { type: "boolean" }, maxItems: 3 },
    { type: ["boolean", "null", "array"], uniqueItems: true, minItems: 2 },
    { type: "object", minProperties: 2, propertyNames: { pattern: "^[xy]{1,2}$" } },
  ),
);

test("arrays of different items are completed and written within any budget", () => {
  let written = 0;
  const arrays = fc.record({
    item: items,
    prefix: fc.constantFrom<Schema>(
      true,
      { type: "integer" },
      { enum: [1, 2, "a", [], {}] },
      { type: "string", maxLength: 1 },
    ),
    minItems: fc.integer({ min: 1, max: 14 }),
    propertyOrder: fc.constantFrom("schema" as const, "any" as const),
    slack: fc.nat(40),
    turns: fc.array(fc.nat(0xffff), { maxLength: 60, size: "max" }),
  });
  fc.assert(
    fc.property(arrays, ({ item, prefix, minItems, propertyOrder, slack, turns }) => {
      const schema = { $defs: definitionsOf(item), prefixItems: [prefix], items: item, ...arrayOf(minItems) };
      const constraint = constraintOf(schema, propertyOrder);
      if (constraint === undefined) return;
      const isValid = schemaOracle(schema);
      const { automaton } = constraint;
      const shortest = new TextDecoder().decode(completionOf(automaton, automaton.start));
      for (const text of [shortest, walk(constraint, slack, turns)]) {
        if (!oraclesReadAlike(schema, text)) continue;
        expect({ text, isValid: isValid(JSON.parse(text) as JsonValue) }).toEqual({ text, isValid: true });
        written++;
      }
    }),
    { numRuns: runs(60) },
  );
  expect(written).toBeGreaterThan(40);
});

describe("hundreds of different items", () => {
  const cases: Record<string, Schema> = {
    anything: true,
    integers: { type: "integer" },
    "multiples of 7": { type: "integer", multipleOf: 7, minimum: 1_000 },
    strings: { type: "string" },
    "strings like others": { type: "string", pattern: "^[a-z]{3}-[0-9]{2}$" },
    uuids: { type: "string", format: "uuid" },
    "members of a list": { enum: Array.from({ length: 301 }, (_, i) => `v${i}`) },
    "all members of a list": { enum: Array.from({ length: 300 }, (_, i) => `${i}`) },
    objects: { type: "object", properties: { a: { type: "integer" } }, required: ["a"], additionalProperties: false },
    "objects of anything": { type: "object" },
    pairs: { type: "array", items: { type: "integer" }, minItems: 2, maxItems: 2 },
  };
  test.each(Object.entries(cases))("%s", (_name, item) => {
    const schema = { items: item, ...arrayOf(300) };
    const constraint = new JsonSchema(schema).constraint(vocabulary);
    const isValid = schemaOracle(schema);
    for (const slack of [0, 5, 60]) {
      const matcher = constraint.matcher({ maxTokens: constraint.matcher().minTokensToFinish() + slack });
      const tokens: number[] = [];
      for (let step = 0; step < 24; step++) {
        const allowed = maskOf(matcher, vocabulary);
        const token = allowed[(step * 97 + slack) % allowed.length];
        expect(matcher.consume(token)).toBe(true);
        tokens.push(token);
      }
      expect(matcher.minTokensToFinish()).toBeLessThanOrEqual(matcher.remainingTokens!);
      const { automaton } = constraint;
      const written = Uint8Array.from(tokens.flatMap((token) => [...vocabulary.bytes(token)]));
      const state = written.reduce((at, byte) => automaton.next(at, byte), automaton.start);
      const text = new TextDecoder().decode(Uint8Array.from([...written, ...completionOf(automaton, state)]));
      expect(isValid(JSON.parse(text) as JsonValue)).toBe(true);
    }
  });

  test("one more than there are", () => {
    const item = { enum: Array.from({ length: 300 }, (_, i) => `v${i}`) };
    const schema = { items: item, ...arrayOf(301) };
    expect(() => new JsonSchema(schema).constraint(vocabulary)).toThrow(UnsatisfiableError);
  });
});

// Each array that was read is one more that the next must not be. What tells them apart is decided item by item, not for all at once.
test.each([
  ["in one item", { type: "array" }, (i: number) => [i]],
  ["in their last item", { type: "array" }, (i: number) => [0, 0, i]],
  ["in their length", { type: "array" }, (i: number) => Array.from({ length: i }, () => 0)],
  ["as digits do", { type: "array", items: { enum: [0, 1] } }, (i: number) => [...i.toString(2)].map(Number)],
] satisfies [string, { type: string; items?: unknown }, (i: number) => number[]][])(
  "forty arrays that differ %s",
  (_name, item, make) => {
    const { automaton } = new JsonSchema({ type: "array", items: item, uniqueItems: true }).constraint(vocabulary);
    const after = (state: number, text: string): number =>
      [...new TextEncoder().encode(text)].reduce((at, byte) => automaton.next(at, byte), state);
    const written = Array.from({ length: 40 }, (_, i) => JSON.stringify(make(i)));
    const state = after(automaton.start, `[${written.join()}`);
    expect(state).not.toBe(DEAD);
    expect(after(state, `,${written[17]}]`)).toBe(DEAD);
    expect(automaton.isAccepting(after(state, ",[1,0,1,0,1,0,1]]"))).toBe(true);
  },
);

// Of the two letters that may come first, one takes away the only short item that may come second.
describe.each(["a", "A"])("an item that decides between a long rest and a short one: %j", (letter) => {
  const constraint = new JsonSchema({
    prefixItems: [{ type: "string", pattern: "^[Aa]$" }, { enum: [letter, "c".repeat(300)] }],
    ...arrayOf(2),
  }).constraint(vocabulary);
  test.each([20, 60, 200, 330])("within %i tokens", (maxTokens) => {
    const matcher = constraint.matcher({ maxTokens });
    for (const byte of new TextEncoder().encode('["')) expect(matcher.consume(byte)).toBe(true);
    const mask = maskOf(matcher, vocabulary);
    for (const other of ["a", "A"]) {
      const token = other.charCodeAt(0);
      const fits = other !== letter || maxTokens > 308;
      expect({ other, isAllowed: matcher.isAllowed(token) }).toEqual({ other, isAllowed: fits });
      expect({ other, isAllowed: mask.includes(token) }).toEqual({ other, isAllowed: fits });
    }
  });
});
