import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenTrie } from "../../../packages/grammar/src/vocabulary/token-trie.ts";
import { vocabularyFromBytes } from "../../../packages/grammar/src/vocabulary/vocabulary-from-bytes.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

/** Few byte values (the extremes among them), so that tokens share prefixes, repeat, and tie with padding. */
const tokenBytes = fc
  .uint8Array({ minLength: 0, maxLength: 9 })
  .map((bytes) => bytes.map((byte) => [0, 1, 97, 98, 255][byte % 5]));
const tokenLists = fc.array(tokenBytes, { maxLength: 60 });

function trieOf(tokens: readonly Uint8Array[]): TokenTrie {
  return vocabularyFromBytes(tokens, { eosTokens: [] }).trie;
}

function childrenOf(trie: TokenTrie, node: number): number[] {
  const children: number[] = [];
  for (let child = node + 1; child < trie.nodeEnd[node]; child = trie.nodeEnd[child]) children.push(child);
  return children;
}

/** The bytes from the root to every node, found by going down from parents to children. */
function pathsOf(trie: TokenTrie): number[][] {
  const paths: number[][] = [[]];
  for (let node = 0; node < trie.nodeCount; node++) {
    for (const child of childrenOf(trie, node)) paths[child] = [...paths[node], trie.nodeByte[child]];
  }
  return paths;
}

const startsWith = (bytes: Uint8Array, prefix: readonly number[]): boolean =>
  prefix.every((byte, i) => bytes[i] === byte);
const ascending = (ids: Iterable<number>): number[] => [...ids].sort((a, b) => a - b);

describe("TokenTrie", () => {
  it("has one node for each distinct prefix of a token, and no other", () => {
    fc.assert(
      fc.property(tokenLists, (tokens) => {
        const prefixes = new Set([""]);
        for (const token of tokens) token.forEach((_, i) => prefixes.add(token.slice(0, i + 1).join()));
        const paths = pathsOf(trieOf(tokens)).map((path) => path.join());
        expect(new Set(paths)).toEqual(prefixes);
        expect(paths).toHaveLength(prefixes.size);
      }),
    );
  });

  it("lists at a node the tokens that are its bytes, and in its range those that begin with them", () => {
    fc.assert(
      fc.property(tokenLists, (tokens) => {
        const trie = trieOf(tokens);
        for (const [node, path] of pathsOf(trie).entries()) {
          const inside = tokens.flatMap((token, id) => (token.length > 0 && startsWith(token, path) ? [id] : []));
          const here = inside.filter((id) => tokens[id].length === path.length);
          expect([...trie.tokens.subarray(trie.tokenStart[node], trie.tokenStart[node + 1])]).toEqual(here);
          const range = trie.tokens.subarray(trie.tokenStart[node], trie.tokenStart[trie.nodeEnd[node]]);
          expect(ascending(range)).toEqual(inside);
          expect(trie.nodeDepth[node]).toBe(path.length);
        }
      }),
    );
  });

  it("keeps children in ascending byte order, after their parent", () => {
    fc.assert(
      fc.property(tokenLists, (tokens) => {
        const trie = trieOf(tokens);
        for (let node = 0; node < trie.nodeCount; node++) {
          const bytes = childrenOf(trie, node).map((child) => trie.nodeByte[child]);
          expect(bytes).toEqual([...new Set(ascending(bytes))]);
          expect(trie.nodeEnd[node]).toBeGreaterThan(node);
        }
      }),
    );
  });

  it("finds what a map of prefixes finds", () => {
    fc.assert(
      fc.property(tokenLists, tokenBytes, (tokens, bytes) => {
        const trie = trieOf(tokens);
        const node = trie.find(bytes);
        expect(node !== -1).toBe(bytes.length === 0 || tokens.some((token) => startsWith(token, [...bytes])));
        if (node !== -1) expect(pathsOf(trie)[node]).toEqual([...bytes]);
      }),
    );
  });

  it("is a lone root for a vocabulary without bytes", () => {
    const trie = trieOf([new Uint8Array(), new Uint8Array()]);
    expect([trie.nodeCount, trie.nodeEnd[0], trie.tokens.length, trie.child(0, 97)]).toEqual([1, 1, 0, -1]);
    expect(String(trie)).toBe("TokenTrie(0 tokens, 1 nodes)");
  });

  it("holds a token of the greatest length", () => {
    const trie = trieOf([new Uint8Array(0xffff).fill(7)]);
    expect(trie.nodeCount).toBe(0x10000);
    expect(trie.nodeDepth[0xffff]).toBe(0xffff);
  });

  it("draws by hand: a, ab, abc twice, b", () => {
    const { trie } = vocabularyFromBytes(["b", "abc", "ab", "abc", "a"], { eosTokens: [] });
    expect([...trie.nodeByte].map((byte) => String.fromCharCode(byte)).join("")).toBe("\0abcb");
    expect([...trie.nodeEnd]).toEqual([5, 4, 4, 4, 5]);
    expect([...trie.nodeDepth]).toEqual([0, 1, 2, 3, 1]);
    expect([...trie.tokenStart]).toEqual([0, 0, 1, 2, 4, 5]);
    expect([...trie.tokens]).toEqual([4, 2, 1, 3, 0]);
  });

  it("lays out the Llama 3 vocabulary in as many nodes as it has distinct prefixes", () => {
    const vocabulary = llama3Vocabulary();
    const prefixes = new Set<string>();
    for (let token = 0; token < vocabulary.size; token++) {
      const latin1 = Buffer.from(vocabulary.bytes(token)).toString("latin1");
      for (let end = 1; end <= latin1.length; end++) prefixes.add(latin1.slice(0, end));
    }
    const { trie } = vocabulary;
    expect(trie.nodeCount).toBe(prefixes.size + 1);
    expect(trie.tokens).toHaveLength(128_000);
    for (let token = 0; token < 128_000; token += 97) {
      const node = trie.find(vocabulary.bytes(token));
      expect(trie.tokens.subarray(trie.tokenStart[node], trie.tokenStart[node + 1])).toContain(token);
    }
  });
});
