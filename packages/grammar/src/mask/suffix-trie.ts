import { TokenTrie } from "../vocabulary/token-trie.ts";

/** The places of one merged node whose children are still to be laid out. */
interface OpenNode {
  readonly node: number;
  /** Nodes of the source, by byte. */
  readonly children: readonly number[];
  next: number;
}

/** A node, and whether suffixes begin after its byte or with it, as one number. */
export function suffixesAt(node: number, consumed: boolean): number {
  return node * 2 + (consumed ? 0 : 1);
}

/**
 * What tokens have left at some places of a trie, as a trie over the same tokens. Tokens that end at a place have nothing left.
 * Subtrees that only one place has are copied as they are. O(nodes below the places).
 *
 * @param places as {@link suffixesAt} numbers them, none below another
 * @param first by byte: 1 for those that suffixes may begin with; all without it
 */
export function mergeSuffixes(source: TokenTrie, places: readonly number[], first?: Uint8Array): TokenTrie {
  return new SuffixMerger(source).merge(rootsOf(source, places, first));
}

/** The nodes that suffixes begin with. */
function rootsOf({ nodeByte, nodeEnd }: TokenTrie, places: readonly number[], first: Uint8Array | undefined): number[] {
  const roots: number[] = [];
  for (const place of places) {
    const node = place >>> 1;
    if ((place & 1) === 1) {
      if (first === undefined || first[nodeByte[node]] === 1) roots.push(node);
      continue;
    }
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      if (first === undefined || first[nodeByte[child]] === 1) roots.push(child);
    }
  }
  return roots;
}

class SuffixMerger {
  readonly #source: TokenTrie;
  #nodeByte = new Uint8Array(0);
  #nodeEnd = new Int32Array(0);
  #nodeDepth = new Uint16Array(0);
  #tokenStart = new Int32Array(0);
  #tokens = new Int32Array(0);
  #nodeCount = 1;
  #tokenCount = 0;

  constructor(source: TokenTrie) {
    this.#source = source;
  }

  merge(roots: number[]): TokenTrie {
    const { nodeEnd, tokenStart } = this.#source;
    let nodeLimit = 1;
    let tokenLimit = 0;
    for (const root of roots) {
      nodeLimit += nodeEnd[root] - root;
      tokenLimit += tokenStart[nodeEnd[root]] - tokenStart[root];
    }
    // One buffer for all: many of these tries are small, and buffers have a price of their own.
    const buffer = new ArrayBuffer((2 * nodeLimit + 1 + tokenLimit) * 4 + nodeLimit * 3);
    let at = 0;
    this.#nodeEnd = new Int32Array(buffer, at, nodeLimit);
    this.#tokenStart = new Int32Array(buffer, (at += nodeLimit * 4), nodeLimit + 1);
    this.#tokens = new Int32Array(buffer, (at += (nodeLimit + 1) * 4), tokenLimit);
    this.#nodeDepth = new Uint16Array(buffer, (at += tokenLimit * 4), nodeLimit);
    this.#nodeByte = new Uint8Array(buffer, at + nodeLimit * 2, nodeLimit);
    this.#lay(roots);
    const nodeCount = this.#nodeCount;
    this.#tokenStart[nodeCount] = this.#tokenCount;
    return new TokenTrie({
      nodeByte: this.#nodeByte.subarray(0, nodeCount),
      nodeEnd: this.#nodeEnd.subarray(0, nodeCount),
      nodeDepth: this.#nodeDepth.subarray(0, nodeCount),
      tokenStart: this.#tokenStart.subarray(0, nodeCount + 1),
      tokens: this.#tokens,
    });
  }

  /** Lays out what `roots` begin with as the children of the root. */
  #lay(roots: number[]): void {
    const { nodeByte } = this.#source;
    const open: OpenNode[] = [{ node: 0, children: byByte(roots, nodeByte), next: 0 }];
    while (open.length > 0) {
      const top = open.at(-1)!;
      const { node, children, next } = top;
      if (next === children.length) {
        this.#nodeEnd[node] = this.#nodeCount;
        open.pop();
        continue;
      }
      const byte = nodeByte[children[next]];
      let end = next + 1;
      while (end < children.length && nodeByte[children[end]] === byte) end++;
      top.next = end;
      const depth = this.#nodeDepth[node] + 1;
      if (end === next + 1) {
        this.#copySubtree(children[next], depth);
        continue;
      }
      const same = children.slice(next, end);
      const child = this.#nodeCount++;
      this.#nodeByte[child] = byte;
      this.#nodeDepth[child] = depth;
      this.#tokenStart[child] = this.#tokenCount;
      for (const root of same) this.#copyTokens(root, root + 1);
      open.push({ node: child, children: this.#childrenOf(same), next: 0 });
    }
  }

  #childrenOf(parents: readonly number[]): number[] {
    const { nodeEnd, nodeByte } = this.#source;
    const children: number[] = [];
    for (const node of parents) {
      for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) children.push(child);
    }
    return byByte(children, nodeByte);
  }

  #copySubtree(root: number, depth: number): void {
    const { nodeByte, nodeEnd, nodeDepth, tokenStart } = this.#source;
    const end = nodeEnd[root];
    const shift = this.#nodeCount - root;
    const down = depth - nodeDepth[root];
    const ahead = this.#tokenCount - tokenStart[root];
    for (let node = root; node < end; node++) {
      const copy = node + shift;
      this.#nodeByte[copy] = nodeByte[node]!;
      this.#nodeEnd[copy] = nodeEnd[node] + shift;
      this.#nodeDepth[copy] = nodeDepth[node] + down;
      this.#tokenStart[copy] = tokenStart[node] + ahead;
    }
    this.#copyTokens(root, end);
    this.#nodeCount += end - root;
  }

  /** The tokens of the nodes from one to before another. */
  #copyTokens(from: number, to: number): void {
    const { tokenStart, tokens } = this.#source;
    for (let i = tokenStart[from]; i < tokenStart[to]; i++) this.#tokens[this.#tokenCount++] = tokens[i]!;
  }
}

/** Sorts nodes by their bytes, keeping the order of those with the same. */
function byByte(nodes: number[], nodeByte: Uint8Array): number[] {
  let isSorted = true;
  for (let i = 1; i < nodes.length; i++) isSorted &&= nodeByte[nodes[i - 1]] <= nodeByte[nodes[i]];
  if (isSorted) return nodes;
  if (nodes.length < 24) return nodes.sort((a, b) => nodeByte[a] - nodeByte[b]);
  const starts = new Int32Array(257);
  for (const node of nodes) starts[nodeByte[node] + 1]++;
  for (let byte = 0; byte < 256; byte++) starts[byte + 1] += starts[byte];
  const sorted = Array.from<number>({ length: nodes.length });
  for (const node of nodes) sorted[starts[nodeByte[node]]++] = node;
  return sorted;
}
