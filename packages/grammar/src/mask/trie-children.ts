import type { TokenTrie } from "../vocabulary/token-trie.ts";

/** Nodes with larger subtrees have a table of their children: some hundred nodes. */
const LARGE_SUBTREE = 2_048;

/** Finds the children of a trie's nodes by their bytes. */
export class TrieChildren {
  readonly #trie: TokenTrie;
  readonly #tables = new Map<number, Int32Array>();

  constructor(trie: TokenTrie) {
    this.#trie = trie;
  }

  /** The child that a byte leads to; 0 where there is none. O(children), O(1) for large subtrees. */
  of(node: number, byte: number): number {
    const { nodeByte, nodeEnd } = this.#trie;
    const end = nodeEnd[node];
    if (end - node > LARGE_SUBTREE) return this.#table(node)[byte];
    for (let child = node + 1; child < end; child = nodeEnd[child]!) {
      if (nodeByte[child] >= byte) return nodeByte[child] === byte ? child : 0;
    }
    return 0;
  }

  #table(node: number): Int32Array {
    let table = this.#tables.get(node);
    if (table === undefined) {
      const { nodeByte, nodeEnd } = this.#trie;
      table = new Int32Array(256);
      for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) table[nodeByte[child]] = child;
      this.#tables.set(node, table);
    }
    return table;
  }
}
