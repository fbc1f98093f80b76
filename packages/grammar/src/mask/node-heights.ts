import type { TokenTrie } from "../vocabulary/token-trie.ts";

const known = new WeakMap<TokenTrie, Uint16Array>();

/** For each node of a trie, how many bytes the longest path below it has. O(nodes), remembered by trie. */
export function nodeHeights(trie: TokenTrie): Uint16Array {
  let heights = known.get(trie);
  if (heights !== undefined) return heights;
  const { nodeCount, nodeEnd } = trie;
  heights = new Uint16Array(nodeCount);
  for (let node = nodeCount - 1; node >= 0; node--) {
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      if (heights[child] >= heights[node]) heights[node] = heights[child] + 1;
    }
  }
  known.set(trie, heights);
  return heights;
}
