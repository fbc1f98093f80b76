import * as fc from "fast-check";
import { expect, test } from "vitest";
import { coverWithTokens } from "../../../packages/grammar/src/constraint/token-cover.ts";
import { TokenCovers } from "../../../packages/grammar/src/constraint/token-covers.ts";
import { vocabularyFromBytes } from "@espalier/grammar";
import { runs } from "../../support/runs.ts";

const words = fc.array(fc.string({ unit: fc.constantFrom("a", "b", "c"), minLength: 1, maxLength: 4 }), {
  minLength: 1,
  maxLength: 8,
});
const texts = fc.array(
  fc.oneof(
    fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 14 }),
    // Texts that are alike but for a part.
    fc
      .tuple(fc.nat(9), fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 3 }), fc.nat(9))
      .map(([start, middle, end]) => "abcabbacab".slice(0, start) + middle + "ccabcbabca".slice(end)),
  ),
  { minLength: 2, maxLength: 12 },
);

function fewest(tokens: readonly string[], text: string): number {
  const counts = [0, ...Array.from({ length: text.length }, () => Infinity)];
  for (let at = 0; at < text.length; at++) {
    for (const token of tokens) {
      const end = at + token.length;
      if (text.startsWith(token, at)) counts[end] = Math.min(counts[end], counts[at] + 1);
    }
  }
  return counts[text.length];
}

test("texts asked for one after another are spelled with as few tokens as each alone", () => {
  const encoder = new TextEncoder();
  fc.assert(
    fc.property(words, texts, (tokens, asked) => {
      const vocabulary = vocabularyFromBytes(tokens, { eosTokens: [] });
      const covers = new TokenCovers(vocabulary);
      for (const text of asked) {
        const bytes = encoder.encode(text);
        const least = fewest(tokens, text);
        expect(covers.count(bytes) ?? Infinity).toBe(least);
        const cover = covers.of(bytes);
        expect(cover?.length ?? Infinity).toBe(least);
        if (cover !== undefined) expect(cover.map((token) => tokens[token]).join("")).toBe(text);
        expect(coverWithTokens(vocabulary, bytes)?.length ?? Infinity).toBe(least);
      }
    }),
    { numRuns: runs(300) },
  );
});
