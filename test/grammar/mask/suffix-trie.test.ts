import * as fc from "fast-check";
import { expect, test } from "vitest";
import { mergeSuffixes, suffixesAt } from "../../../packages/grammar/src/mask/suffix-trie.ts";
import { TokenTrie } from "../../../packages/grammar/src/vocabulary/token-trie.ts";
import { runs } from "../../support/runs.ts";

const words = fc.uniqueArray(fc.string({ unit: fc.constantFrom(..."abc"), minLength: 1, maxLength: 6 }), {
  minLength: 1,
  maxLength: 40,
});

function trieOf(texts: readonly string[]): TokenTrie {
  const bytes = texts.map((text) => new TextEncoder().encode(text));
  const offsets = [0];
  for (const one of bytes) offsets.push(offsets.at(-1)! + one.length);
  return TokenTrie.build(Uint8Array.from(bytes.flatMap((one) => [...one])), Int32Array.from(offsets));
}

/** The texts of a trie's tokens, with the token, in the order of the trie. Checks the invariants on the way. */
function listed(trie: TokenTrie): string[] {
  const list: string[] = [];
  const path: string[] = [];
  for (let node = 1; node < trie.nodeCount; node++) {
    const depth = trie.nodeDepth[node];
    path.length = depth - 1;
    path.push(String.fromCharCode(trie.nodeByte[node]));
    expect(path.length).toBe(depth);
    let end = node + 1;
    while (end < trie.nodeCount && trie.nodeDepth[end] > depth) end++;
    expect(trie.nodeEnd[node]).toBe(end);
    for (let i = trie.tokenStart[node]; i < trie.tokenStart[node + 1]; i++) {
      list.push(`${path.join("")} ${trie.tokens[i]}`);
    }
  }
  expect(trie.nodeEnd[0]).toBe(trie.nodeCount);
  expect(trie.tokenStart[trie.nodeCount]).toBe(trie.tokens.length);
  return list;
}

test("merged suffixes are those that cutting the words gives, twice over", () => {
  fc.assert(
    fc.property(
      words,
      fc.array(fc.tuple(fc.nat(), fc.boolean()), { maxLength: 12 }),
      fc.nat(3),
      (texts, picks, cut) => {
        const cutAt = (trie: TokenTrie, own: ReadonlyMap<number, string>): [TokenTrie, Map<number, string>] => {
          const places: number[] = [];
          const expected: string[] = [];
          const left = new Map<number, string>();
          let past = 0;
          const roots = [...new Set(picks.map(([pick]) => pick % trie.nodeCount))].sort((a, b) => a - b);
          for (const [index, root] of roots.entries()) {
            if (root < Math.max(1, past)) continue;
            past = trie.nodeEnd[root];
            const consumed = picks[index][1];
            places.push(suffixesAt(root, consumed));
            const from = trie.nodeDepth[root] - (consumed ? 0 : 1);
            for (let i = trie.tokenStart[root]; i < trie.tokenStart[past]; i++) {
              const rest = own.get(trie.tokens[i])!.slice(from);
              if (rest === "") continue;
              left.set(trie.tokens[i], rest);
              expected.push(`${rest} ${trie.tokens[i]}`);
            }
          }
          const merged = mergeSuffixes(trie, places);
          const found = listed(merged);
          expect(found.toSorted()).toEqual(expected.toSorted());
          // Each path is one node.
          expect(new Set(found.map((one) => one.split(" ")[0])).size).toBe(new Set(left.values()).size);
          const paths = found.map((one) => one.split(" ")[0]);
          expect(paths).toEqual(paths.toSorted());
          return [merged, left];
        };
        const [once, left] = cutAt(trieOf(texts), new Map(texts.entries()));
        if (cut > 0) cutAt(once, left);
      },
    ),
    { numRuns: runs(400) },
  );
});
