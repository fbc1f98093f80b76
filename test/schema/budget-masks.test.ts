import type { Constraint, PushdownAutomaton, TokenId } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { coverWithTokens } from "../../packages/grammar/src/constraint/token-cover.ts";
import { TokenEngine } from "../../packages/grammar/src/constraint/token-engine.ts";
import { completionOf } from "../../packages/grammar/src/automaton/completions.ts";
import { maskOf, naiveMask } from "../support/mask-lists.ts";
import { randomSchemas, type Schema } from "../support/random-schema.ts";
import { runs } from "../support/runs.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

// Budgets are kept by looking at frames, closures of frames and groups of tokens. Here every token is looked at by itself.

const LETTERS = ["a", "b", "c", "1", "-", "é"];
const pairs = LETTERS.flatMap((one) => LETTERS.map((two) => one + two));
/** All bytes, enough words of letters that large parts of the token trie are alike, and tokens that straddle the joints of JSON text. */
const vocabulary = byteVocabulary([
  ...pairs,
  ...pairs.flatMap((pair) => LETTERS.map((letter) => pair + letter)),
  ...['{"', '"}', '":', '": ', '","', '", "', '"],', '"a":', '{"b":', '[{"', "}]", "]}", "},{", "[[", "]]", "[]", "{}"],
  ...["null", "true", "false", "nu", "00", "10", "1.", ".5", "0,", "1]", "0}", "12", "2024-", "-01-01"],
  ...['a"', 'b",', 'ab":', "\\u", "\\u00", "\\ud8", "61", "\\n", '\\"', "  ", "\n  ", ' "', ": ", ", ", 'a","b'],
]);
const SLACK = 12;

/** What completing `state` takes, worked out anew. */
function costOf(automaton: PushdownAutomaton, state: number): number {
  return coverWithTokens(vocabulary, completionOf(automaton, state))!.length;
}

function constraintOf(schema: Schema, propertyOrder: "schema" | "any"): Constraint | undefined {
  try {
    return new JsonSchema(schema, { propertyOrder }).constraint(vocabulary);
  } catch {
    // No value, or more work than allowed: other tests say when.
    return undefined;
  }
}

const strings: fc.Arbitrary<Schema> = fc.record(
  {
    type: fc.constant("string"),
    minLength: fc.nat(6),
    maxLength: fc.integer({ min: 6, max: 40 }),
    pattern: fc.constantFrom("^(a|b.{5})*$", "^[abc]+-?1$", "c$", "é.*é", "^(?!ab)", "^\\w{2,30}$"),
    format: fc.constantFrom("date", "uuid", "ipv4", "hostname"),
  },
  { requiredKeys: ["type"] },
);
const schemas = fc.oneof(
  randomSchemas("2020-12", 3),
  strings,
  fc.record({ type: fc.constant("array"), items: strings, minItems: fc.nat(2), uniqueItems: fc.boolean() }),
  fc.record({ anyOf: fc.array(strings, { minLength: 2, maxLength: 3 }), minLength: fc.nat(3) }),
  fc.record({
    type: fc.constant("object"),
    properties: fc.dictionary(fc.constantFrom("a", "ab", "abc", "b1"), strings, { maxKeys: 3 }),
    required: fc.subarray(["a", "abc", "c"]),
    additionalProperties: fc.oneof(fc.boolean(), strings),
    minProperties: fc.nat(3),
  }),
);
const walks = fc.record({
  schema: schemas,
  propertyOrder: fc.constantFrom("schema" as const, "any" as const),
  slack: fc.nat(SLACK),
  turns: fc.array(fc.nat(0xffff), { minLength: 10, maxLength: 30, size: "max" }),
});

test("a mask under a budget is the plain mask without the tokens that cost too much", () => {
  let refused = 0;
  let ample = 0;
  fc.assert(
    fc.property(walks, ({ schema, propertyOrder, slack, turns }) => {
      const constraint = constraintOf(schema, propertyOrder);
      if (constraint === undefined) return;
      const { automaton } = constraint;
      const maxTokens = constraint.matcher().minTokensToFinish() + slack;
      if (maxTokens > 200) return;
      const matcher = constraint.matcher({ maxTokens });
      let state = automaton.start;
      for (const turn of turns) {
        const remaining = matcher.remainingTokens!;
        const captured = automaton.captureOf(state) !== 0;
        const mask = new Set(maskOf(matcher, vocabulary));
        const plain = naiveMask(automaton, state, vocabulary);
        const after = (token: TokenId): number =>
          [...vocabulary.bytes(token)].reduce((at, byte) => automaton.next(at, byte), state);
        const left = plain.filter((token) => !mask.has(token));
        for (const token of mask) expect(plain).toContain(token);
        const texts = [...mask].filter((token) => !vocabulary.eosTokens.includes(token));
        for (const token of texts) expect(matcher.isAllowed(token)).toBe(true);
        // The first token of the plan is allowed in any case; the plan may be another way than the one that is known from there.
        const dear = texts.filter((token) => costOf(automaton, after(token)) >= remaining);
        expect(dear.length).toBeLessThanOrEqual(1);
        expect(mask.size).toBeGreaterThan(0);
        // Where free text was captured, tokens may be left out that would have done.
        if (!captured)
          for (const token of left) expect(costOf(automaton, after(token))).toBeGreaterThanOrEqual(remaining);
        if (left.length > 0) refused++;
        else ample++;
        const choices = [...mask];
        const token = choices[turn % choices.length];
        expect(matcher.consume(token)).toBe(true);
        if (vocabulary.eosTokens.includes(token)) break;
        state = after(token);
        expect(matcher.minTokensToFinish()).toBeLessThanOrEqual(remaining - 1);
      }
      // What is planned can be carried out.
      while (!matcher.isFinished()) {
        const probe = matcher.clone();
        const mask = maskOf(probe, vocabulary);
        const token = mask.find((candidate) => vocabulary.eosTokens.includes(candidate)) ?? mask[0];
        expect(matcher.consume(token)).toBe(true);
      }
      expect(matcher.remainingTokens).toBeGreaterThanOrEqual(0);
    }),
    { numRuns: runs(60) },
  );
  expect(refused).toBeGreaterThan(50);
  expect(ample).toBeGreaterThan(20);
});

test("no token leaves more to be done than the bound says", () => {
  let looked = 0;
  fc.assert(
    fc.property(walks, ({ schema, propertyOrder, turns }) => {
      const constraint = constraintOf(schema, propertyOrder);
      if (constraint === undefined) return;
      const { automaton } = constraint;
      const { successors } = new TokenEngine(automaton, vocabulary);
      const wide = new TokenEngine(automaton, vocabulary).successors;
      let state = automaton.start;
      for (const turn of turns) {
        const tokens = naiveMask(automaton, state, vocabulary).filter((token) => !vocabulary.eosTokens.includes(token));
        if (tokens.length === 0) break;
        const states = tokens.map((token) =>
          [...vocabulary.bytes(token)].reduce((at, byte) => automaton.next(at, byte), state),
        );
        const most = states.reduce((greatest, next) => Math.max(greatest, costOf(automaton, next)), 0);
        expect(successors.maxCost(state, false)).toBeGreaterThanOrEqual(most);
        expect(wide.maxCost(state, true)).toBeGreaterThanOrEqual(most);
        looked++;
        state = states[turn % states.length];
      }
    }),
    { numRuns: runs(60) },
  );
  expect(looked).toBeGreaterThan(200);
});
