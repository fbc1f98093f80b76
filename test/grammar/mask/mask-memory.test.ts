import { BudgetedCache, CacheBudget, DEAD, MaskCache, maskMemory } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import fc from "fast-check";
import { afterEach, expect, test } from "vitest";
import { naiveMask, tokensOf } from "../../support/mask-lists.ts";
import type { Schema } from "../../support/random-schema.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

// What masks hold: never more than they may, whatever is asked for; and what was forgotten is made again as it was.

/** What one cache and one entry cost besides the value. */
const CACHE_BYTES = 256;
const ENTRY_BYTES = 64;

const usual = maskMemory.maxBytes;
afterEach(() => {
  maskMemory.maxBytes = usual;
});

test("caches that share a budget hold at most that, and one entry", () => {
  const access = fc.record({ cache: fc.nat(2), key: fc.nat(30) });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 20_000 }), fc.array(access, { maxLength: 300 }), (maxBytes, accesses) => {
      const budget = new CacheBudget(maxBytes);
      const sizeOf = (value: number): number => value * 100;
      const caches = [0, 1, 2].map(() => new BudgetedCache<number>({ budget, sizeOf }));
      const largest = Math.max(CACHE_BYTES, ENTRY_BYTES + 30 * 100);
      for (const { cache, key } of accesses) {
        const known = caches[cache].get(key);
        expect(known ?? key).toBe(key);
        if (known === undefined) caches[cache].set(key, key);
        expect(budget.bytesHeld).toBeLessThanOrEqual(maxBytes + 2 * largest);
        const held = caches.map((each) => Array.from({ length: 31 }, (_, k) => k).filter((k) => each.has(k)));
        const bytes = held.flat().reduce((sum, k) => sum + ENTRY_BYTES + sizeOf(k), 0);
        expect(bytes).toBeLessThanOrEqual(budget.bytesHeld);
      }
    }),
  );
});

test("what is asked for again and again stays", () => {
  const budget = new CacheBudget(10_000);
  const cache = new BudgetedCache<string>({ budget, sizeOf: (text) => text.length });
  cache.set(0, "usual");
  for (let key = 1; key < 1_000; key++) {
    cache.set(key, "passing");
    expect(cache.get(0)).toBe("usual");
  }
  expect(cache.has(1)).toBe(false);
  expect(budget.turns).toBeGreaterThan(5);
});

test("a budget that is lowered is kept at once", () => {
  const budget = new CacheBudget(10_000);
  const cache = new BudgetedCache<number>({ budget, sizeOf: () => 1_000 });
  for (let key = 0; key < 8; key++) cache.set(key, key);
  budget.maxBytes = 500;
  expect(budget.bytesHeld).toBe(0);
  expect(cache.has(7)).toBe(false);
  expect(() => (budget.maxBytes = -1)).toThrow(RangeError);
});

const SCHEMAS: readonly { readonly schema: Schema; readonly text: string }[] = [
  {
    schema: { type: "object", properties: { name: { type: "string", maxLength: 9 }, age: { type: "integer" } } },
    text: '{"name": "abc \\u00e9", "age": 12, "other": [1, "x"]}',
  },
  { schema: { type: "array", items: { enum: ["red", "green", "blue"] }, uniqueItems: true }, text: '["red", "blue"]' },
  { schema: { type: "array", items: { type: "number", minimum: 1, maximum: 40 } }, text: "[1.5, 20, 3e1]" },
];

test.each(SCHEMAS)("masks that had to be forgotten are made again: $schema", ({ schema, text }) => {
  const vocabulary = llama3Vocabulary();
  const { automaton } = new JsonSchema(schema);
  const words = new Uint32Array(vocabulary.maskWords);
  const masks = new MaskCache(automaton, vocabulary);
  const fill = (visit: (at: number) => void): void => {
    let state = automaton.start;
    [...Buffer.from(text)].forEach((byte, at) => {
      masks.fill(state, words);
      visit(at);
      state = automaton.next(state, byte);
      expect(state).not.toBe(DEAD);
    });
  };
  const plentiful: (readonly number[])[] = [];
  fill(() => plentiful.push(tokensOf(words, vocabulary)));
  maskMemory.maxBytes = 60_000;
  const turns = maskMemory.turns;
  for (let round = 0; round < 2; round++) {
    fill((at) => {
      expect(tokensOf(words, vocabulary)).toEqual(plentiful[at]);
      expect(masks.stats.bytesHeld).toBe(maskMemory.bytesHeld);
      // One entry may be larger than all of the budget: a mask, or a walk with as many ranges as there are tokens.
      expect(masks.stats.bytesHeld).toBeLessThan(60_000 + 2 * vocabulary.size * 8);
    });
  }
  expect(maskMemory.turns).toBeGreaterThan(turns);
  masks.fill(automaton.start, words);
  expect(tokensOf(words, vocabulary)).toEqual(naiveMask(automaton, automaton.start, vocabulary));
});
