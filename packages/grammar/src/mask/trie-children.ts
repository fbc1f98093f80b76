import type { TokenTrie } from "../vocabulary/token-trie.ts";

/** Nodes with larger subtrees have a table of their children: some hundred nodes. */
const LARGE_SUBTREE = 2_048;

const ofTries = new WeakMap<TokenTrie, TrieChildren>();

/** One for all machines over the trie. */
export function trieChildren(trie: TokenTrie): TrieChildren {
  let children = ofTries.get(trie);
  if (children === undefined) ofTries.set(trie, (children = new TrieChildren(trie)));
  return children;
}

/** Finds the children of a trie's nodes by their bytes. */
export class TrieChildren {
  readonly #trie: TokenTrie;
  readonly #tables = new Map<number, Int32Array>();
  /** By byte: the children that it leads to, by parent. */
  readonly #byByte = new Map<number, ReadonlyMap<number, number>>();

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

  /** All children that a byte leads to, by parent. Remembered: for bytes that lead to few. */
  all(byte: number): ReadonlyMap<number, number> {
    let children = this.#byByte.get(byte);
    if (children === undefined) this.#byByte.set(byte, (children = this.#find(byte)));
    return children;
  }

  #find(byte: number): ReadonlyMap<number, number> {
    const { nodeByte, nodeDepth, nodeCount } = this.#trie;
    const children = new Map<number, number>();
    const path: number[] = [0];
    for (let node = 1; node < nodeCount; node++) {
      path[nodeDepth[node]] = node;
      if (nodeByte[node] === byte) children.set(path[nodeDepth[node] - 1], node);
    }
    return children;
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
