import { DEAD, MaskCache, type PushdownAutomaton, type State } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { waysOn } from "../../support/automaton-texts.ts";
import { naiveMask, tokensOf } from "../../support/mask-lists.ts";
import { turnLists } from "../../support/random-candidate.ts";
import { randomSchemas, type Schema } from "../../support/random-schema.ts";
import { runs } from "../../support/runs.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

// The fast path (one walk of the token trie for each frame, remembered; suffix tries for what leaves the frame; captured texts checked one
// by one) against no path at all: every one of 128,000 tokens, byte by byte.

const vocabulary = llama3Vocabulary();
const mask = new Uint32Array(vocabulary.maskWords);

function expectSameMask(schema: Schema, masks: MaskCache, state: State, text: string): void {
  masks.fill(state, mask);
  const fast = tokensOf(mask, vocabulary);
  const naive = naiveMask(masks.automaton, state, vocabulary);
  if (fast.length === naive.length && fast.every((token, i) => token === naive[i])) return;
  const words = (tokens: number[], others: number[]): string[] =>
    tokens
      .filter((token) => !others.includes(token))
      .slice(0, 5)
      .map((token) => vocabulary.decode([token]));
  expect({ schema, text, onlyInMask: words(fast, naive), missingInMask: words(naive, fast) }).toEqual({
    schema,
    text,
    onlyInMask: [],
    missingInMask: [],
  });
}

/** The states along a random text, with the text before each. */
function* statesOnTheWay(automaton: PushdownAutomaton, turns: readonly number[]): Generator<[State, string]> {
  let state = automaton.start;
  const bytes: number[] = [];
  for (const turn of turns) {
    yield [state, Buffer.from(bytes).toString("latin1")];
    const ways = [...waysOn(automaton, state)];
    if (ways.length === 0) return;
    const [next, alike] = ways[turn % ways.length];
    bytes.push(alike[Math.floor(turn / ways.length) % alike.length]);
    state = next;
  }
}

test("on random schemas", () => {
  let compared = 0;
  fc.assert(
    fc.property(
      randomSchemas("2020-12"),
      fc.constantFrom("any", "schema"),
      turnLists,
      fc.nat(6),
      (schema, propertyOrder, turns, phase) => {
        const { automaton } = new JsonSchema(schema, { propertyOrder });
        if (automaton.start === DEAD) return;
        const masks = new MaskCache(automaton, vocabulary);
        let step = 0;
        for (const [state, text] of statesOnTheWay(automaton, turns)) {
          if (step++ % 7 !== phase) continue;
          expectSameMask(schema, masks, state, text);
          compared++;
        }
      },
    ),
    { numRuns: runs(40), endOnFailure: true },
  );
  // About 45; fewer than 21 in two of a thousand runs, when many schemas have no members or short texts only.
  expect(compared).toBeGreaterThan(runs(5));
});

const CAPTURING: readonly { readonly name: string; readonly schema: Schema; readonly texts: readonly string[] }[] = [
  {
    name: "open objects, where the key just read may not come again",
    schema: { properties: { name: { type: "string" } }, additionalProperties: { type: "integer" } },
    texts: [
      "{",
      '{"',
      '{"n',
      '{"nam',
      '{"name',
      '{"name"',
      '{"x": 1, "',
      '{"x": 1, "x',
      '{"x": 1,',
      '{"ab":1, "a',
      '{"x": 1',
    ],
  },
  {
    name: "patterns that decide by the key",
    schema: {
      patternProperties: { "^n": { type: "null" }, s$: { type: ["null", "string"] } },
      propertyNames: { maxLength: 3 },
    },
    texts: ['{"', '{"n', '{"ns', '{"ns"', '{"s"', '{"n":null,"', '{"n":null,"n', '{"xx', '{"xxx'],
  },
  {
    name: "unique items",
    schema: { type: "array", uniqueItems: true, items: { enum: ["red", "redder", 1, [1], { a: 1 }, null] } },
    texts: [
      "[",
      '["',
      '["red',
      '["red"',
      '["red",',
      '["red", "',
      '["red","red',
      '["red","redder",1,[1],{"a":1}',
      '["red","redder",1,[1],{"a":1},',
      "[1",
      "[1,",
      "[1,[1",
    ],
  },
  {
    name: "unique free items",
    schema: { type: "array", uniqueItems: true },
    texts: ["[", '["', '["a', '["a"', '["a", "a', "[1", "[1, 1", "[[1], [1", '[{"a": 1}, {"a": 1', "[true, "],
  },
  {
    name: "capture within capture",
    schema: {
      type: "array",
      uniqueItems: true,
      items: { additionalProperties: { uniqueItems: true }, propertyNames: { enum: ["a", "b"] } },
    },
    texts: ['[{"', '[{"a": [1, ', '[{"a": [1]}, {"a": [1', '[{"a": [1]}, {"a": [1]', '[{"a": 1, "', '[{"a": 1}'],
  },
];

test.each(CAPTURING)("$name", ({ schema, texts }) => {
  for (const propertyOrder of ["any", "schema"] as const) {
    const { automaton } = new JsonSchema(schema, { propertyOrder });
    const masks = new MaskCache(automaton, vocabulary);
    for (const text of texts) {
      let state = automaton.start;
      for (const byte of Buffer.from(text)) state = automaton.next(state, byte);
      expect({ text, alive: state !== DEAD }).toEqual({ text, alive: true });
      expectSameMask(schema, masks, state, text);
    }
  }
});
