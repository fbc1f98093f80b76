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
  const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens } = source;
  let nodeLimit = 1;
  let tokenLimit = 0;
  const roots: number[] = [];
  const addRoot = (root: number): void => {
    if (first !== undefined && first[nodeByte[root]] === 0) return;
    roots.push(root);
    nodeLimit += nodeEnd[root] - root;
    tokenLimit += tokenStart[nodeEnd[root]] - tokenStart[root];
  };
  for (const place of places) {
    const node = place >>> 1;
    if ((place & 1) === 1) addRoot(node);
    else for (let c = node + 1; c < nodeEnd[node]; c = nodeEnd[c]!) addRoot(c);
  }
  const merged = {
    nodeByte: new Uint8Array(nodeLimit),
    nodeEnd: new Int32Array(nodeLimit),
    nodeDepth: new Uint16Array(nodeLimit),
    tokenStart: new Int32Array(nodeLimit + 1),
    tokens: new Int32Array(tokenLimit),
  };
  let nodeCount = 1;
  let tokenCount = 0;
  const childrenOf = (parents: readonly number[]): number[] => {
    const children: number[] = [];
    for (const node of parents) for (let c = node + 1; c < nodeEnd[node]; c = nodeEnd[c]!) children.push(c);
    return byByte(children, nodeByte);
  };
  const copyTokens = (root: number): void => {
    for (let i = tokenStart[root]; i < tokenStart[root + 1]; i++) merged.tokens[tokenCount++] = tokens[i]!;
  };
  const copySubtree = (root: number, depth: number): void => {
    const shift = nodeCount - root;
    const down = depth - nodeDepth[root];
    const ahead = tokenCount - tokenStart[root];
    for (let node = root; node < nodeEnd[root]; node++) {
      const copy = node + shift;
      merged.nodeByte[copy] = nodeByte[node]!;
      merged.nodeEnd[copy] = nodeEnd[node] + shift;
      merged.nodeDepth[copy] = nodeDepth[node] + down;
      merged.tokenStart[copy] = tokenStart[node] + ahead;
    }
    const end = nodeEnd[root];
    for (let i = tokenStart[root]; i < tokenStart[end]; i++) merged.tokens[tokenCount++] = tokens[i]!;
    nodeCount += end - root;
  };

  const open: OpenNode[] = [{ node: 0, children: byByte(roots, nodeByte), next: 0 }];
  while (open.length > 0) {
    const { node, children, next } = open.at(-1)!;
    if (next === children.length) {
      merged.nodeEnd[node] = nodeCount;
      open.pop();
      continue;
    }
    const byte = nodeByte[children[next]];
    let end = next + 1;
    while (end < children.length && nodeByte[children[end]] === byte) end++;
    open.at(-1)!.next = end;
    const depth = merged.nodeDepth[node] + 1;
    if (end === next + 1) {
      copySubtree(children[next], depth);
      continue;
    }
    const same = children.slice(next, end);
    const child = nodeCount++;
    merged.nodeByte[child] = byte;
    merged.nodeDepth[child] = depth;
    merged.tokenStart[child] = tokenCount;
    for (const root of same) copyTokens(root);
    open.push({ node: child, children: childrenOf(same), next: 0 });
  }
  merged.tokenStart[nodeCount] = tokenCount;
  return new TokenTrie({
    nodeByte: merged.nodeByte.slice(0, nodeCount),
    nodeEnd: merged.nodeEnd.slice(0, nodeCount),
    nodeDepth: merged.nodeDepth.slice(0, nodeCount),
    tokenStart: merged.tokenStart.slice(0, nodeCount + 1),
    tokens: merged.tokens.slice(0, tokenCount),
  });
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
