import type { TokenTrie } from "../vocabulary/token-trie.ts";
import type { TokenRanges } from "./token-ranges.ts";

/** Fewer tokens are set one by one: no more work than joining words. */
const LEAST_BLOCK = 2_048;
/** A subtree with more tokens is cut below its first byte. */
const MOST_TOKENS = 16_384;
/** Of a block that holds so large a share of what is asked for, the others are taken away. */
const LARGE_SHARE = 0.6;

/** Tokens that follow one another in the order of the trie. */
interface Block {
  readonly from: number;
  readonly to: number;
  /** Of all its tokens, made when it is first needed; never for small blocks. */
  words: Uint32Array | undefined;
}

const known = new WeakMap<TokenTrie, TokenBlocks>();

/** The blocks of a vocabulary's trie: about a dozen masks at most, made once for all machines. */
export function tokenBlocks(trie: TokenTrie, vocabularySize: number): TokenBlocks {
  let blocks = known.get(trie);
  if (blocks === undefined) known.set(trie, (blocks = new TokenBlocks(trie, vocabularySize)));
  return blocks;
}

/**
 * Turns sets of positions in the order of the trie into masks. Most sets hold nearly all or nearly nothing of what begins with a letter of
 * one case, or with a blank and such a letter; so the tokens of these are masks already, from which few are taken away.
 */
export class TokenBlocks {
  readonly #trie: TokenTrie;
  readonly #wordCount: number;
  readonly #blocks: readonly Block[];
  readonly #whole: Block;

  constructor(trie: TokenTrie, vocabularySize: number) {
    this.#trie = trie;
    this.#wordCount = (vocabularySize + 31) >>> 5;
    this.#blocks = blocksOf(trie);
    this.#whole = { from: 0, to: trie.tokens.length, words: undefined };
  }

  /** O(words of the blocks that are held, tokens that differ from these). */
  wordsOf(ranges: TokenRanges): Uint32Array {
    const bounds = ranges.sorted();
    if (ranges.count >= this.#whole.to * LARGE_SHARE) return this.#wholeWithout(bounds);
    const words = new Uint32Array(this.#wordCount);
    let first = 0;
    for (const block of this.#blocks) {
      while (first < bounds.length && bounds[first + 1] <= block.from) first += 2;
      let held = 0;
      for (let r = first; r < bounds.length && bounds[r] < block.to; r += 2) {
        held += Math.min(bounds[r + 1], block.to) - Math.max(bounds[r], block.from);
      }
      if (held === 0) continue;
      const isLarge = held >= LEAST_BLOCK && held >= (block.to - block.from) * LARGE_SHARE;
      if (isLarge) this.#addAll(words, block);
      let at = block.from;
      for (let r = first; r < bounds.length && bounds[r] < block.to; r += 2) {
        const from = Math.max(bounds[r], block.from);
        const to = Math.min(bounds[r + 1], block.to);
        if (isLarge) this.#clear(words, at, from);
        else this.#set(words, from, to);
        at = to;
      }
      if (isLarge) this.#clear(words, at, block.to);
    }
    return words;
  }

  /** All tokens but those between ranges: those of a string are nearly all. */
  #wholeWithout(bounds: readonly number[] | Int32Array): Uint32Array {
    const words = this.#wordsOfBlock(this.#whole).slice();
    let at = 0;
    for (let r = 0; r < bounds.length; r += 2) {
      this.#clear(words, at, bounds[r]);
      at = bounds[r + 1];
    }
    this.#clear(words, at, this.#whole.to);
    return words;
  }

  #wordsOfBlock(block: Block): Uint32Array {
    if (block.words === undefined) {
      block.words = new Uint32Array(this.#wordCount);
      this.#set(block.words, block.from, block.to);
    }
    return block.words;
  }

  #addAll(words: Uint32Array, block: Block): void {
    const all = this.#wordsOfBlock(block);
    for (let word = 0; word < all.length; word++) words[word] |= all[word];
  }

  #set(words: Uint32Array, from: number, to: number): void {
    const { tokens } = this.#trie;
    for (let i = from; i < to; i++) words[tokens[i] >>> 5] |= 1 << (tokens[i] & 31);
  }

  #clear(words: Uint32Array, from: number, to: number): void {
    const { tokens } = this.#trie;
    for (let i = from; i < to; i++) words[tokens[i] >>> 5] &= ~(1 << (tokens[i] & 31));
  }
}

/** Kinds of first bytes: tokens of one kind tend to be allowed together. */
function kindOf(byte: number): number {
  if (byte >= 0x80) return 4;
  if (byte >= 0x61 && byte <= 0x7a) return 3;
  if (byte >= 0x41 && byte <= 0x5a) return 2;
  return byte >= 0x30 && byte <= 0x39 ? 1 : 0;
}

function blocksOf(trie: TokenTrie): Block[] {
  const { nodeByte, nodeEnd, tokenStart } = trie;
  const blocks: Block[] = [];
  let from = 0;
  let kind = -1;
  /** Ends the block before a position, where another kind begins. */
  const cut = (at: number, next: number): void => {
    if (next === kind) return;
    if (at > from) blocks.push({ from, to: at, words: undefined });
    from = at;
    kind = next;
  };
  for (let node = 1; node < trie.nodeCount; node = nodeEnd[node]!) {
    const isLarge = tokenStart[nodeEnd[node]] - tokenStart[node] > MOST_TOKENS;
    cut(tokenStart[node], isLarge ? -1 : kindOf(nodeByte[node]));
    if (!isLarge) continue;
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      cut(tokenStart[child], kindOf(nodeByte[child]) + 8);
    }
    cut(tokenStart[nodeEnd[node]], -2);
  }
  cut(tokenStart[trie.nodeCount], -3);
  return blocks;
}
