import * as fc from "fast-check";
import { expect, test } from "vitest";
import { tokenBlocks } from "../../../packages/grammar/src/mask/token-blocks.ts";
import { TokenRanges } from "../../../packages/grammar/src/mask/token-ranges.ts";
import { runs } from "../../support/runs.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

test("masks made of blocks are those made token by token", () => {
  const { trie, size } = llama3Vocabulary();
  const blocks = tokenBlocks(trie, size);
  const { tokens, tokenStart, nodeCount } = trie;
  const cut = fc.oneof(
    fc.nat(tokens.length),
    fc.nat(nodeCount - 1).map((node) => tokenStart[node]),
  );
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.oneof(cut, fc.constantFrom(0, tokens.length)), { maxLength: 24 }),
      fc.boolean(),
      (cuts, backwards) => {
        const bounds = cuts.toSorted((a, b) => a - b);
        const pairs: [number, number][] = [];
        for (let i = 0; i + 1 < bounds.length; i += 2) pairs.push([bounds[i], bounds[i + 1]]);
        if (backwards) pairs.reverse();
        const ranges = new TokenRanges();
        const expected = new Uint32Array((size + 31) >>> 5);
        for (const [from, to] of pairs) {
          ranges.add(from, to);
          for (let i = from; i < to; i++) expected[tokens[i] >>> 5] |= 1 << (tokens[i] & 31);
        }
        expect(Buffer.from(blocks.wordsOf(ranges).buffer).equals(Buffer.from(expected.buffer))).toBe(true);
      },
    ),
    { numRuns: runs(200) },
  );
});
