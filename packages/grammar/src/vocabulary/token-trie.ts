import { sortTokens } from "./sort-tokens.ts";

/** The longest token, in bytes, that a trie holds: depths are 16 bit. */
export const MAX_TOKEN_BYTES = 0xffff;

/** The arrays of a {@link TokenTrie}. @internal */
export type TokenTrieArrays = Pick<TokenTrie, "nodeByte" | "nodeEnd" | "nodeDepth" | "tokenStart" | "tokens">;

/**
 * The tokens of a vocabulary as a trie over bytes, in flat arrays, nodes in depth-first order.
 *
 * Invariants, for a node `n`:
 *
 * 1. Node 0 is the root. A parent's number is less than its children's.
 * 2. The subtree of `n` is the range `n .. nodeEnd[n]`, so skipping it is one assignment. The children of `n`, in ascending
 *    byte order, are `c = n + 1; c < nodeEnd[n]; c = nodeEnd[c]`.
 * 3. The tokens that end at `n` are `tokens[tokenStart[n] .. tokenStart[n + 1])`: more than one when ids share their bytes.
 * 4. The tokens that begin with the bytes of `n` are `tokens[tokenStart[n] .. tokenStart[nodeEnd[n]])`.
 * 5. Every leaf ends at least one token. Tokens without bytes (special ones) are not in the trie.
 *
 * A walk therefore needs no recursion: go through the nodes in order, keep a state per depth, and on a dead state jump to `nodeEnd[n]`.
 */
export class TokenTrie {
  readonly nodeCount: number;
  /** The byte on the edge into each node; 0 and without meaning at the root. */
  readonly nodeByte: Uint8Array;
  /** The index just past each node's subtree. */
  readonly nodeEnd: Int32Array;
  /** The number of bytes from the root to each node. */
  readonly nodeDepth: Uint16Array;
  /** Where in `tokens` each node's own tokens begin; one entry more than there are nodes. */
  readonly tokenStart: Int32Array;
  /** Token ids in depth-first order. */
  readonly tokens: Int32Array;

  /** Takes arrays that keep the invariants. @internal */
  constructor({ nodeByte, nodeEnd, nodeDepth, tokenStart, tokens }: TokenTrieArrays) {
    this.nodeCount = nodeByte.length;
    this.nodeByte = nodeByte;
    this.nodeEnd = nodeEnd;
    this.nodeDepth = nodeDepth;
    this.tokenStart = tokenStart;
    this.tokens = tokens;
  }

  /**
   * Builds the trie: sorts the tokens by their bytes, then lays out nodes in one pass. O(n log n + bytes).
   *
   * @param bytes the bytes of all tokens, one after the other
   * @param offsets token `t` is `bytes[offsets[t] .. offsets[t + 1])`, at most {@link MAX_TOKEN_BYTES} long
   * @throws LimitExceededError when there are more than about two million tokens.
   */
  static build(bytes: Uint8Array, offsets: Int32Array): TokenTrie {
    const tokens = sortTokens(bytes, offsets);
    const size = measure(tokens, bytes, offsets);
    const nodeByte = new Uint8Array(size.nodeCount);
    const nodeEnd = new Int32Array(size.nodeCount);
    const nodeDepth = new Uint16Array(size.nodeCount);
    const tokenStart = new Int32Array(size.nodeCount + 1);
    // The nodes from the root to the current token, by depth: those whose subtree is still open.
    const path = new Int32Array(size.maxDepth + 1);
    let depth = 0;
    let nodeCount = 1;
    for (let i = 0; i < tokens.length; i++) {
      const start = offsets[tokens[i]];
      const length = offsets[tokens[i] + 1] - start;
      let shared = 0;
      while (shared < depth && shared < length && nodeByte[path[shared + 1]] === bytes[start + shared]) shared++;
      while (depth > shared) nodeEnd[path[depth--]] = nodeCount;
      while (depth < length) {
        nodeByte[nodeCount] = bytes[start + depth];
        nodeDepth[nodeCount] = ++depth;
        tokenStart[nodeCount] = i;
        path[depth] = nodeCount++;
      }
    }
    while (depth >= 0) nodeEnd[path[depth--]] = nodeCount;
    tokenStart[nodeCount] = tokens.length;
    return new TokenTrie({ nodeByte, nodeEnd, nodeDepth, tokenStart, tokens });
  }

  /** The child of `node` along `byte`, or -1. Looks at the children that sort before it: O(256). */
  child(node: number, byte: number): number {
    const end = this.nodeEnd[node];
    for (let child = node + 1; child < end; child = this.nodeEnd[child]) {
      const childByte = this.nodeByte[child];
      if (childByte >= byte) return childByte === byte ? child : -1;
    }
    return -1;
  }

  /** The node that `bytes` lead to, or -1 when no token begins with them. */
  find(bytes: Uint8Array): number {
    let node = 0;
    for (let i = 0; i < bytes.length && node !== -1; i++) node = this.child(node, bytes[i]);
    return node;
  }

  toString(): string {
    return `TokenTrie(${this.tokens.length} tokens, ${this.nodeCount} nodes)`;
  }
}

/** What sorted tokens need: the root, and a node for each byte that a token does not share with the one before it. */
function measure(tokens: Int32Array, bytes: Uint8Array, offsets: Int32Array): { nodeCount: number; maxDepth: number } {
  let nodeCount = 1;
  let maxDepth = 0;
  let previousStart = 0;
  let previousLength = 0;
  for (let i = 0; i < tokens.length; i++) {
    const start = offsets[tokens[i]];
    const length = offsets[tokens[i] + 1] - start;
    const limit = Math.min(previousLength, length);
    let shared = 0;
    while (shared < limit && bytes[previousStart + shared] === bytes[start + shared]) shared++;
    nodeCount += length - shared;
    if (length > maxDepth) maxDepth = length;
    previousStart = start;
    previousLength = length;
  }
  return { nodeCount, maxDepth };
}
