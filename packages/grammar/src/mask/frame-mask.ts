import type { Frame, Result } from "../automaton/frame-machine.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import { TokenTrie } from "../vocabulary/token-trie.ts";
import { BudgetedCache } from "./budgeted-cache.ts";
import type { CacheBudget } from "./cache-budget.ts";
import type { Exit, SubtreeWalk, SubtreeWalker } from "./subtree-walk.ts";
import type { TokenRanges } from "./token-ranges.ts";

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
  readonly result: Result;
  readonly suffixes: Suffixes;
}

/** What tokens have left at some places of a trie, by what that is. */
export interface Suffixes {
  /** Of `places`. */
  readonly hash: number;
  /** As {@link suffixesAt} numbers them. */
  readonly places: Int32Array;
  readonly trie: TokenTrie;
  /** The token of each suffix, by the number that `trie.tokens` holds. */
  readonly tokens: Int32Array;
}

/** Tokens before one of whose bytes the frame ends with `result`: at `node` of the token trie, before a byte of `bytes`. */
export interface FrameReduction {
  /** Different for all reductions that are made. */
  readonly id: number;
  readonly result: Result;
  readonly node: number;
  /** Indexed by byte: 1 where the frame ends before it. */
  readonly bytes: Uint8Array;
}

const NO_TOKENS = new Int32Array(0);
/** Larger subtrees of the token trie are not copied into a trie of suffixes. */
const LARGE_SUBTREE = 4_096;
/** More frames than a machine has. */
const FRAMES = 2 ** 24;
/** What an object with a few fields costs, and what a typed array costs besides its numbers. */
const OBJECT_BYTES = 160;
const ARRAY_BYTES = 200;
/** Lists longer than this share of the vocabulary become masks. */
const LIST_SHARE = 1 / 64;

/** Builds the frame masks of one machine over one vocabulary, and keeps them. */
export class FrameMasks {
  readonly #walker: SubtreeWalker;
  readonly #trie: TokenTrie;
  readonly #vocabularySize: number;
  readonly #masks: BudgetedCache<FrameMask>;
  readonly #subtrees: BudgetedCache<FrameMask>;
  readonly #reduced: BudgetedCache<FrameMask>;
  readonly #suffixes: BudgetedCache<Suffixes>;
  #reductionCount = 0;

  constructor(walker: SubtreeWalker, trie: TokenTrie, vocabularySize: number, budget: CacheBudget) {
    this.#walker = walker;
    this.#trie = trie;
    this.#vocabularySize = vocabularySize;
    const masks = { budget, sizeOf: maskBytes, revive: (mask: FrameMask) => this.#revive(mask) };
    this.#masks = new BudgetedCache(masks);
    this.#subtrees = new BudgetedCache(masks);
    this.#reduced = new BudgetedCache(masks);
    this.#suffixes = new BudgetedCache({ budget, sizeOf: suffixBytes });
  }

  has(frame: Frame): boolean {
    return this.#masks.has(frame);
  }

  of(frame: Frame): FrameMask {
    let mask = this.#masks.get(frame);
    if (mask === undefined) {
      mask = this.#build(frame);
      this.#masks.set(frame, mask);
    }
    return mask;
  }

  /** What `frame` owes to the tokens strictly below a node of the token trie, once the bytes down to there are read. */
  below(frame: Frame, node: number): FrameMask {
    const key = frame * this.#trie.nodeCount + node;
    let mask = this.#subtrees.get(key);
    if (mask === undefined) {
      mask = this.#finish(0, NO_TOKENS, this.#walker.walk(frame, node));
      this.#subtrees.set(key, mask);
    }
    return mask;
  }

  /** What `frame` owes to the tokens that another frame left to it by `reduction`. */
  after(frame: Frame, reduction: FrameReduction): FrameMask {
    const key = reduction.id * FRAMES + frame;
    let mask = this.#reduced.get(key);
    if (mask === undefined) {
      mask = this.#finish(0, NO_TOKENS, this.#walker.walkSome(frame, reduction.node, reduction.bytes));
      this.#reduced.set(key, mask);
    }
    return mask;
  }

  /** Keeps what a mask refers to as long as the mask: else it would be held without being counted, and made twice. */
  #revive(mask: FrameMask): void {
    if (mask.base !== undefined && this.#masks.get(mask.baseFrame) === undefined) {
      this.#masks.set(mask.baseFrame, mask.base);
    }
    for (const { suffixes } of mask.exits) {
      if (this.#suffixes.get(suffixes.hash) === undefined) this.#suffixes.set(suffixes.hash, suffixes);
    }
  }

  #build(frame: Frame): FrameMask {
    const difference = this.#walker.difference(frame, 0);
    if (difference === undefined) return this.#finish(0, NO_TOKENS, this.#walker.walk(frame, 0));
    const removed: TokenId[] = [];
    const { tokens, tokenStart, nodeEnd } = this.#trie;
    for (const root of difference.removed) {
      for (let i = tokenStart[root]; i < tokenStart[nodeEnd[root]]; i++) removed.push(tokens[i]);
    }
    // Taking many tokens away each time would cost more than a mask of one's own.
    if (removed.length > this.#vocabularySize * LIST_SHARE) {
      return this.#finish(0, NO_TOKENS, this.#walker.flattened(difference, 0));
    }
    return this.#finish(difference.base, Int32Array.from(removed), difference.own);
  }

  /** @param baseFrame 0 when the walk says all */
  #finish(baseFrame: Frame, removed: Int32Array, walk: SubtreeWalk): FrameMask {
    const { nodeEnd } = this.#trie;
    const isSmall = ({ node }: Exit): boolean => nodeEnd[node] - node <= LARGE_SUBTREE;
    // Before its first byte a token has no suffix that another one could share.
    const isSuffix = (exit: Exit): boolean => (exit.consumed || exit.parent !== 0) && isSmall(exit);
    const isWide = baseFrame === 0 && walk.allowed.count > this.#vocabularySize * LIST_SHARE;
    return {
      base: baseFrame === 0 ? undefined : this.of(baseFrame),
      baseFrame,
      removed,
      words: isWide ? this.#wordsOf(walk.allowed) : undefined,
      tokens: isWide ? NO_TOKENS : this.#tokensOf(walk.allowed),
      unsure: this.#tokensOf(walk.unsure),
      exits: this.#exitsOf(walk.exits.filter(isSuffix)),
      reductions: this.#reductionsOf(walk.exits.filter((exit) => !exit.consumed && !isSuffix(exit))),
      largeExits: walk.exits
        .filter((exit) => exit.consumed && !isSmall(exit))
        .map(({ result, node }) => ({ result, node, firstByte: this.#firstByte(node) })),
    };
  }

  #firstByte(node: number): number {
    const { nodeByte, nodeEnd } = this.#trie;
    let child = 1;
    while (nodeEnd[child] <= node) child = nodeEnd[child]!;
    return nodeByte[child];
  }

  #tokensOf(ranges: TokenRanges): Int32Array {
    if (ranges.bounds.length === 0) return NO_TOKENS;
    const { tokens } = this.#trie;
    const list = new Int32Array(ranges.count);
    let count = 0;
    for (let r = 0; r < ranges.bounds.length; r += 2) {
      for (let i = ranges.bounds[r]; i < ranges.bounds[r + 1]; i++) list[count++] = tokens[i]!;
    }
    return list;
  }

  #wordsOf(ranges: TokenRanges): Uint32Array {
    const { tokens } = this.#trie;
    const words = new Uint32Array((this.#vocabularySize + 31) >>> 5);
    for (let r = 0; r < ranges.bounds.length; r += 2) {
      for (let i = ranges.bounds[r]; i < ranges.bounds[r + 1]; i++) {
        const token = tokens[i];
        words[token >>> 5] |= 1 << (token & 31);
      }
    }
    return words;
  }

  #exitsOf(exits: readonly Exit[]): FrameExit[] {
    const byResult = new Map<Result, number[]>();
    for (const { result, node, consumed } of exits) {
      const place = suffixesAt(node, consumed);
      const same = byResult.get(result);
      if (same === undefined) byResult.set(result, [place]);
      else same.push(place);
    }
    return [...byResult].map(([result, places]) => ({ result, suffixes: this.#mergeSuffixes(places) }));
  }

  #reductionsOf(exits: readonly Exit[]): FrameReduction[] {
    const groups = new Map<number, FrameReduction>();
    for (const { node, parent, result } of exits) {
      const key = result * this.#trie.nodeCount + parent;
      let group = groups.get(key);
      if (group === undefined) {
        group = { id: this.#reductionCount++, result, node: parent, bytes: new Uint8Array(256) };
        groups.set(key, group);
      }
      group.bytes[this.#trie.nodeByte[node]] = 1;
    }
    return [...groups.values()];
  }

  /** The suffixes at some places of the token trie as one trie: the same for all frames that are left at just those places. */
  #mergeSuffixes(places: readonly number[]): Suffixes {
    let hash = places.length;
    for (const place of places) hash = (Math.imul(hash, 0x01000193) ^ place) | 0;
    const known = this.#suffixes.get(hash);
    if (known !== undefined && sameNumbers(known.places, places)) return known;
    const merged = mergeSuffixes(this.#trie, places, hash);
    // Of two with one hash, the first is shared.
    if (known === undefined) this.#suffixes.set(hash, merged);
    return merged;
  }
}

/** A node, and whether suffixes begin after its byte or with it, as one number. */
function suffixesAt(node: number, consumed: boolean): number {
  return node * 2 + (consumed ? 0 : 1);
}

function sameNumbers(a: Int32Array, b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, i) => number === b[i]);
}

function mergeSuffixes(trie: TokenTrie, places: readonly number[], hash: number): Suffixes {
  const { nodeByte, nodeDepth, nodeEnd, tokenStart, tokens } = trie;
  const offsets: number[] = [0];
  const owners: TokenId[] = [];
  const bytes: number[] = [];
  const path: number[] = [];
  for (const place of places) {
    const root = place >>> 1;
    const consumed = (place & 1) === 0;
    const top = consumed ? nodeDepth[root] : nodeDepth[root] - 1;
    for (let node = consumed ? root + 1 : root; node < nodeEnd[root]; node++) {
      const length = nodeDepth[node] - top;
      path[length - 1] = nodeByte[node]!;
      for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) {
        for (let j = 0; j < length; j++) bytes.push(path[j]);
        offsets.push(bytes.length);
        owners.push(tokens[i]);
      }
    }
  }
  return {
    hash,
    places: Int32Array.from(places),
    trie: TokenTrie.build(Uint8Array.from(bytes), Int32Array.from(offsets)),
    tokens: Int32Array.from(owners),
  };
}

/** What a mask holds without its base and its suffixes, which are counted where they are kept. */
function maskBytes({ removed, words, tokens, unsure, exits, reductions, largeExits }: FrameMask): number {
  let bytes = OBJECT_BYTES + (exits.length + largeExits.length) * 48 + reductions.length * (256 + ARRAY_BYTES);
  for (const array of [removed, words, tokens, unsure]) {
    if (array !== undefined && array.length > 0) bytes += ARRAY_BYTES + array.byteLength;
  }
  return bytes;
}

function suffixBytes({ places, trie, tokens }: Suffixes): number {
  const arrays = [places, tokens, trie.nodeByte, trie.nodeEnd, trie.nodeDepth, trie.tokenStart, trie.tokens];
  return arrays.reduce((bytes, array) => bytes + ARRAY_BYTES + array.byteLength, OBJECT_BYTES);
}
