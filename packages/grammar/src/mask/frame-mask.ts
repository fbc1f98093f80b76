import type { Frame, Result } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { allowAll, forbidAll } from "./bitmask.ts";

/**
 * All that a mask owes to the top frame alone: the tokens that it allows whatever is below, as a mask or a list, and the ways
 * out of it. A frame that differs from a more common one in a few tokens is kept as that difference.
 */
export interface FrameMask {
  readonly base: FrameMask | undefined;
  /** The frame of `base`; 0 without one. */
  readonly baseFrame: Frame;
  /** Tokens of the base that are not to be taken from it. */
  readonly removed: Int32Array;
  readonly words: Uint32Array | undefined;
  readonly tokens: Int32Array;
  /** Tokens to be stepped one by one. */
  readonly unsure: Int32Array;
  readonly exits: readonly FrameExit[];
  /** Those of the base included, as far as they are not removed. */
  readonly reductions: readonly FrameReduction[];
  readonly largeExits: readonly LargeExit[];
}

/** A byte that ends the frame with `result`, above too many tokens to copy their suffixes: they are those below `node` of the token trie. */
export interface LargeExit {
  readonly result: Result;
  readonly node: number;
  /** The first byte of those tokens. */
  readonly firstByte: number;
}

/** Tokens that end the frame with `result` and have bytes left for the frame below: those bytes, merged into one trie. */
export interface FrameExit {
  /** Different for all exits that are made. */
  readonly id: number;
  readonly result: Result;
  readonly suffixes: Suffixes;
}

/** What tokens have left at some places of a trie, by what that is. */
export interface Suffixes {
  /** Different for all that are made. */
  readonly id: number;
  /** The suffixes whose suffixes these are; 0 for the tokens of the vocabulary. */
  readonly of: number;
  /** Of `of` and `places`. */
  readonly hash: number;
  /** As {@link suffixesAt} numbers them. */
  readonly places: Int32Array;
  /** By byte: 1 for those that suffixes begin with; undefined for all. */
  readonly first: Uint8Array | undefined;
  /** Over the tokens that have these suffixes. */
  readonly trie: TokenTrie;
}

/** Tokens before one of whose bytes the frame ends with `result`: at `node` of the token trie, before a byte of `bytes`. */
export interface FrameReduction {
  /** The same for reductions at one node before the same bytes. */
  readonly id: number;
  readonly result: Result;
  readonly node: number;
  /** Indexed by byte: 1 where the frame ends before it. */
  readonly bytes: Uint8Array;
  /** Nodes of the token trie below. */
  readonly size: number;
}

/** What a frame does with suffixes that were left to it: the tokens that it allows whatever is below, and the ways out of it. */
export interface Passage {
  readonly words: Uint32Array | undefined;
  readonly tokens: Int32Array;
  /** Tokens to be stepped one by one. */
  readonly unsure: Int32Array;
  readonly exits: readonly FrameExit[];
}

/** What an object with a few fields costs, and what a typed array costs besides its numbers. */
const OBJECT_BYTES = 160;
export const ARRAY_BYTES = 200;

/** What a mask holds without its base and its suffixes, which are counted where they are kept. */
export function maskBytes({ removed, words, tokens, unsure, exits, reductions, largeExits }: FrameMask): number {
  let bytes = OBJECT_BYTES + (exits.length + largeExits.length) * 48 + reductions.length * (256 + ARRAY_BYTES);
  for (const array of [removed, words, tokens, unsure]) {
    if (array !== undefined && array.length > 0) bytes += ARRAY_BYTES + array.byteLength;
  }
  return bytes;
}

export function passageBytes({ words, tokens, unsure, exits }: Passage): number {
  let bytes = OBJECT_BYTES + exits.length * 48;
  if (words !== undefined) bytes += ARRAY_BYTES + words.byteLength;
  if (tokens.length > 0) bytes += ARRAY_BYTES + tokens.byteLength;
  if (unsure.length > 0) bytes += ARRAY_BYTES + unsure.byteLength;
  return bytes;
}

export function suffixBytes({ places, trie }: Suffixes): number {
  const arrays = [places, trie.nodeByte, trie.nodeEnd, trie.nodeDepth, trie.tokenStart, trie.tokens];
  return arrays.reduce((bytes, array) => bytes + ARRAY_BYTES + array.byteLength, OBJECT_BYTES);
}

/** Overwrites `words` with the tokens that a mask allows whatever is below; none without a mask. */
export function writeMask(mask: FrameMask | undefined, words: Uint32Array): void {
  if (mask?.base !== undefined) {
    writeMask(mask.base, words);
    forbidAll(words, mask.removed);
  } else if (mask?.words === undefined) {
    words.fill(0);
  } else {
    words.set(mask.words);
    if (words.length > mask.words.length) words.fill(0, mask.words.length);
  }
  if (mask !== undefined) allowAll(words, mask.tokens);
}
