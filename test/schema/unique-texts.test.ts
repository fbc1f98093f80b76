import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { schemaOracle } from "../support/schema-oracle.ts";
import { maskOf, naiveMask } from "../support/mask-lists.ts";
import { runs } from "../support/runs.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

const before = ["", ".", ":", ")", "-", "a", "é", "b1", " "];
/** Tokens that end an item and begin another, as a tokenizer has hundreds. */
const joints = before.flatMap((text) =>
  ['","', '", "', '",', '","b', '","","', '"]', '",[', '",1'].map((joint) => text + joint),
);
const vocabulary = byteVocabulary(["aaaaaaaa", ...joints, ...joints.map((joint) => `c${joint}`)]);

test("a long item of an array of different items takes no more work than the text has characters", () => {
  const constraint = new JsonSchema({ type: "array", items: { type: "string" }, uniqueItems: true }).constraint(
    vocabulary,
  );
  const matcher = constraint.matcher();
  for (const byte of new TextEncoder().encode('["')) expect(matcher.consume(byte)).toBe(true);
  const letters = 256;
  let mask: number[] = [];
  for (let step = 0; step < 400; step++) {
    mask = maskOf(matcher, vocabulary);
    expect(matcher.consume(letters)).toBe(true);
  }
  for (const joint of joints.keys()) expect(mask.includes(letters + 1 + joint)).toBe(!/[[1]$/u.test(joints[joint]));
});

test("tokens that end an item and begin another are not tried one by one", () => {
  const constraint = new JsonSchema({
    type: "array",
    items: { type: "string", pattern: "^[a-z]+$" },
    uniqueItems: true,
  }).constraint(vocabulary);
  const matcher = constraint.matcher();
  for (const byte of new TextEncoder().encode('["aa","b')) expect(matcher.consume(byte)).toBe(true);
  const checked = constraint.stats.tokensChecked;
  const mask = maskOf(matcher, vocabulary);
  expect(constraint.stats.tokensChecked).toBe(checked);
  // `","b` goes on with an item of which many are left, `","","` with one that the pattern refuses.
  expect(joints.filter((joint, i) => joint.startsWith('"') && mask.includes(257 + i))).toEqual([
    '","',
    '", "',
    '",',
    '","b',
    '"]',
  ]);
});

const words = fc.constantFrom(
  "a",
  "b",
  "c",
  "aa",
  "é".repeat(200),
  `${"é".repeat(200)}a`,
  "x".repeat(300),
  `${"x".repeat(299)}y`,
);
const items = fc.constantFrom<object>(
  { type: "string" },
  { type: ["string", "number"] },
  { enum: ["a", "b", "c"] },
  { type: "string", maxLength: 1 },
  { anyOf: [{ type: "string", pattern: "^a*$" }, { type: "array" }] },
  {},
);

test("after an item that is not yet known, masks allow what one that is stepped byte by byte allows, and ajv agrees", () => {
  fc.assert(
    fc.property(items, fc.array(words, { minLength: 1, maxLength: 4 }), (schema, texts) => {
      const unique = { type: "array", items: schema, uniqueItems: true };
      const constraint = new JsonSchema(unique).constraint(vocabulary);
      const { automaton } = constraint;
      const text = JSON.stringify(texts);
      let state = automaton.start;
      for (const byte of new TextEncoder().encode(text)) {
        state = automaton.next(state, byte);
        if (state === 0) break;
      }
      expect(automaton.isAccepting(state)).toBe(schemaOracle(unique)(texts));
      // Inside the last item, if the others are allowed.
      const matcher = constraint.matcher();
      const start = new TextEncoder().encode(text.slice(0, -2));
      if (!start.every((byte) => matcher.consume(byte))) return;
      let inside = automaton.start;
      for (const byte of start) inside = automaton.next(inside, byte);
      expect(maskOf(matcher, vocabulary)).toEqual(naiveMask(automaton, inside, vocabulary));
    }),
    { numRuns: runs(60) },
  );
});
