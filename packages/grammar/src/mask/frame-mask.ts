import type { Frame, Result } from "../automaton/frame-machine.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import { TokenTrie } from "../vocabulary/token-trie.ts";
import type { Exit, SubtreeWalk, SubtreeWalker } from "./subtree-walk.ts";
import type { TokenRanges } from "./token-ranges.ts";

/**
 * All that a mask owes to the top frame alone: the tokens that it allows whatever is below, as a mask or a list, and the ways
 * out of it. A frame that differs from a more common one in a few tokens is kept as that difference.
 */
export interface FrameMask {
  readonly base: FrameMask | undefined;
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
  readonly suffixes: TokenTrie;
  /** The token of each suffix, by the number that `suffixes.tokens` holds. */
  readonly suffixTokens: Int32Array;
}

/** Tokens before one of whose bytes the frame ends with `result`: at `node` of the token trie, before a byte of `bytes`. */
export interface FrameReduction {
  readonly result: Result;
  readonly node: number;
  /** Indexed by byte: 1 where the frame ends before it. */
  readonly bytes: Uint8Array;
}

const NO_TOKENS = new Int32Array(0);
/** Larger subtrees of the token trie are not copied into a trie of suffixes. */
const SMALL_SUBTREE = 64;
/** Lists longer than this share of the vocabulary become masks. */
const LIST_SHARE = 1 / 64;

/** Builds the frame masks of one machine over one vocabulary, and keeps them. */
export class FrameMasks {
  readonly #walker: SubtreeWalker;
  readonly #trie: TokenTrie;
  readonly #vocabularySize: number;
  readonly #masks = new Map<Frame, FrameMask>();
  readonly #subtrees = new Map<number, FrameMask>();
  readonly #reduced = new WeakMap<FrameReduction, Map<Frame, FrameMask>>();

  constructor(walker: SubtreeWalker, trie: TokenTrie, vocabularySize: number) {
    this.#walker = walker;
    this.#trie = trie;
    this.#vocabularySize = vocabularySize;
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
      mask = this.#finish(undefined, NO_TOKENS, this.#walker.walk(frame, node));
      this.#subtrees.set(key, mask);
    }
    return mask;
  }

  /** What `frame` owes to the tokens that another frame left to it by `reduction`. */
  after(frame: Frame, reduction: FrameReduction): FrameMask {
    let masks = this.#reduced.get(reduction);
    if (masks === undefined) this.#reduced.set(reduction, (masks = new Map<Frame, FrameMask>()));
    let mask = masks.get(frame);
    if (mask === undefined) {
      mask = this.#finish(undefined, NO_TOKENS, this.#walker.walkSome(frame, reduction.node, reduction.bytes));
      masks.set(frame, mask);
    }
    return mask;
  }

  #build(frame: Frame): FrameMask {
    const difference = this.#walker.difference(frame, 0);
    if (difference === undefined) return this.#finish(undefined, NO_TOKENS, this.#walker.walk(frame, 0));
    const removed: TokenId[] = [];
    const { tokens, tokenStart, nodeEnd } = this.#trie;
    for (const root of difference.removed) {
      for (let i = tokenStart[root]; i < tokenStart[nodeEnd[root]]; i++) removed.push(tokens[i]);
    }
    return this.#finish(this.of(difference.base), Int32Array.from(removed), difference.own);
  }

  #finish(base: FrameMask | undefined, removed: Int32Array, walk: SubtreeWalk): FrameMask {
    const { nodeEnd } = this.#trie;
    const isSmall = ({ node }: Exit): boolean => nodeEnd[node] - node <= SMALL_SUBTREE;
    // Before its first byte a token has no suffix that another one could share.
    const isSuffix = (exit: Exit): boolean => (exit.consumed || exit.parent !== 0) && isSmall(exit);
    const isWide = base === undefined && walk.allowed.count > this.#vocabularySize * LIST_SHARE;
    return {
      base,
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
    const byResult = new Map<Result, Exit[]>();
    for (const exit of exits) {
      const same = byResult.get(exit.result);
      if (same === undefined) byResult.set(exit.result, [exit]);
      else same.push(exit);
    }
    return [...byResult].map(([result, same]) => this.#mergeSuffixes(result, same));
  }

  #reductionsOf(exits: readonly Exit[]): FrameReduction[] {
    const groups = new Map<string, FrameReduction>();
    for (const { node, parent, result } of exits) {
      const key = `${parent},${result}`;
      let group = groups.get(key);
      if (group === undefined) groups.set(key, (group = { result, node: parent, bytes: new Uint8Array(256) }));
      group.bytes[this.#trie.nodeByte[node]] = 1;
    }
    return [...groups.values()];
  }

  #mergeSuffixes(result: Result, exits: readonly Exit[]): FrameExit {
    const { nodeByte, nodeDepth, nodeEnd, tokenStart, tokens } = this.#trie;
    const offsets: number[] = [0];
    const owners: TokenId[] = [];
    const bytes: number[] = [];
    const path: number[] = [];
    for (const { node: root, parent, consumed } of exits) {
      const top = nodeDepth[consumed ? root : parent];
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
      result,
      suffixes: TokenTrie.build(Uint8Array.from(bytes), Int32Array.from(offsets)),
      suffixTokens: Int32Array.from(owners),
    };
  }
}
