import { JsonSchema, warmup } from "@espalier/schema";
import { expect, test } from "vitest";
import { byteVocabulary, wordVocabulary } from "../support/vocabularies.ts";

const text = '{"name": "Ada", "age": 36, "tags": ["a"]}';
const schema = {
  type: "object",
  properties: {
    name: { type: "string" },
    age: { type: "integer" },
    tags: { type: "array", items: { type: "string" } },
  },
  additionalProperties: false,
};

/** Trie nodes that the masks of the text walk. */
function nodesWalked(vocabulary: ReturnType<typeof byteVocabulary>): number {
  const constraint = new JsonSchema(schema).constraint(vocabulary);
  const before = constraint.stats.nodesWalked;
  const matcher = constraint.matcher();
  const words = new Uint32Array(vocabulary.maskWords);
  for (const byte of new TextEncoder().encode(text)) {
    matcher.fillMask(words);
    expect(matcher.consume(vocabulary.tokenOfByte(byte)!)).toBe(true);
  }
  return constraint.stats.nodesWalked - before;
}

test("a schema finds the frames that schemas share walked", () => {
  const words = Array.from({ length: 4_000 }, (_, index) => `${"abcdefghij"[index % 10]}${index}${'",} '[index % 4]}`);
  const cold = nodesWalked(byteVocabulary(words));
  const vocabulary = byteVocabulary(words);
  warmup(vocabulary);
  // What is left is the keys of this schema.
  expect(nodesWalked(vocabulary)).toBeLessThan((cold * 2) / 3);
});

test("a vocabulary that cannot spell much is no obstacle", () => {
  expect(() => warmup(wordVocabulary(["{", "}", "[", "]", '"', "a", "0", "1"]))).not.toThrow();
});
