import type { Frame, Result } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { allowAll, allowedTokens, countAllowed, forbidAll, maskWordCount } from "./bitmask.ts";
import { BudgetedCache } from "./budgeted-cache.ts";
import type { CacheBudget } from "./cache-budget.ts";
import type { SubtreeWalker } from "./subtree-walk.ts";
import type { DifferenceWalk, Exit, SubtreeWalk } from "./subtree-walks.ts";
import { mergeSuffixes, suffixesAt } from "./suffix-trie.ts";
import { tokenBlocks, type TokenBlocks } from "./token-blocks.ts";
import { TokenRanges } from "./token-ranges.ts";
import {
  ARRAY_BYTES,
  maskBytes,
  passageBytes,
  suffixBytes,
  writeMask,
  type FrameExit,
  type FrameMask,
  type FrameReduction,
  type LargeExit,
  type Passage,
  type Suffixes,
} from "./frame-mask.ts";

const NO_TOKENS = new Int32Array(0);
const NO_BASE = { base: undefined, baseFrame: 0, removed: NO_TOKENS };
const NO_NODES: ReadonlySet<number> = new Set();
/** Larger subtrees of the token trie are not copied into a trie of suffixes. */
const LARGE_SUBTREE = 4_096;
/** More frames than a machine has. */
const FRAMES = 2 ** 24;
/** Reductions whose numbers are remembered. */
const KEPT_REDUCTIONS = 4_096;
/** Lists longer than this share of the vocabulary become masks. */
const LIST_SHARE = 1 / 256;
/** Of so few tokens it is not asked whether they have to be removed. */
const FEW_TOKENS = 64;

/** The tokens that a mask allows, as a mask or a list. */
type Allowed = Pick<FrameMask, "words" | "tokens">;

const wide = (words: Uint32Array): Allowed => ({ words, tokens: NO_TOKENS });
const few = (tokens: Int32Array): Allowed => ({ words: undefined, tokens });

/** Builds the frame masks of one machine over one vocabulary, and keeps them. */
export class FrameMasks {
  readonly #walker: SubtreeWalker;
  readonly #trie: TokenTrie;
  readonly #vocabularySize: number;
  readonly #blocks: TokenBlocks;
  readonly #masks: BudgetedCache<FrameMask>;
  readonly #subtrees: BudgetedCache<FrameMask>;
  readonly #reduced: BudgetedCache<FrameMask>;
  readonly #suffixes: BudgetedCache<Suffixes>;
  readonly #passages: BudgetedCache<Passage>;
  readonly #firstWords: BudgetedCache<Uint32Array>;
  readonly #reductionIds = new Map<string, number>();
  #reductionCount = 0;
  #suffixesCount = 0;
  #exitCount = 0;

  constructor(walker: SubtreeWalker, trie: TokenTrie, vocabularySize: number, budget: CacheBudget) {
    this.#walker = walker;
    this.#trie = trie;
    this.#vocabularySize = vocabularySize;
    this.#blocks = tokenBlocks(trie, vocabularySize);
    const masks = { budget, sizeOf: maskBytes, revive: (mask: FrameMask) => this.#revive(mask) };
    this.#masks = new BudgetedCache(masks);
    this.#subtrees = new BudgetedCache(masks);
    this.#reduced = new BudgetedCache(masks);
    this.#suffixes = new BudgetedCache({ budget, sizeOf: suffixBytes });
    this.#passages = new BudgetedCache({
      budget,
      sizeOf: passageBytes,
      revive: ({ exits }: Passage) => this.#reviveSuffixes(exits),
    });
    this.#firstWords = new BudgetedCache({ budget, sizeOf: ({ byteLength }: Uint32Array) => byteLength + ARRAY_BYTES });
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
      mask = this.#finishWalk(frame, this.#walker.walk(frame, node));
      this.#subtrees.set(key, mask);
    }
    return mask;
  }

  /** What `frame` owes to the tokens that another frame left to it by `reduction`. */
  after(frame: Frame, reduction: FrameReduction): FrameMask {
    const key = reduction.id * FRAMES + frame;
    let mask = this.#reduced.get(key);
    if (mask === undefined) {
      mask = this.#finishWalk(frame, this.#walker.walkSome(frame, reduction.node, reduction.bytes));
      this.#reduced.set(key, mask);
    }
    return mask;
  }

  /** What `frame` owes to the tokens that other frames left to it with some bytes to go. */
  through(frame: Frame, suffixes: Suffixes): Passage {
    const key = suffixes.id * FRAMES + frame;
    let passage = this.#passages.get(key);
    if (passage === undefined) {
      passage = this.#passage(frame, suffixes);
      this.#passages.set(key, passage);
    }
    return passage;
  }

  /** The tokens that begin with one of the bytes of a reduction at the root. */
  firstWords({ id, bytes }: FrameReduction): Uint32Array {
    let words = this.#firstWords.get(id);
    if (words === undefined) {
      const { nodeByte, nodeEnd, nodeCount, tokenStart } = this.#trie;
      const ranges = new TokenRanges();
      for (let node = 1; node < nodeCount; node = nodeEnd[node]!) {
        if (bytes[nodeByte[node]] === 1) ranges.add(tokenStart[node], tokenStart[nodeEnd[node]]);
      }
      words = this.#blocks.wordsOf(ranges);
      this.#firstWords.set(id, words);
    }
    return words;
  }

  #passage(frame: Frame, suffixes: Suffixes): Passage {
    const { trie } = suffixes;
    const walk = this.#walker.walkSuffixes(frame, trie);
    const allowed = listOf(walk.allowed, trie);
    return {
      ...(this.#isWide(allowed.length) ? wide(this.#maskOf(allowed)) : few(allowed)),
      unsure: listOf(walk.unsure, trie),
      exits: this.#exitsOf(frame, walk.exits, suffixes),
    };
  }

  #maskOf(tokens: Int32Array): Uint32Array {
    const words = new Uint32Array(maskWordCount(this.#vocabularySize));
    allowAll(words, tokens);
    return words;
  }

  #reviveSuffixes(exits: readonly FrameExit[]): void {
    for (const { suffixes } of exits) {
      if (this.#suffixes.get(suffixes.hash) === undefined) this.#suffixes.set(suffixes.hash, suffixes);
    }
  }

  /** Keeps what a mask refers to as long as the mask: else it would be held without being counted, and made twice. */
  #revive(mask: FrameMask): void {
    if (mask.base !== undefined && this.#masks.get(mask.baseFrame) === undefined) {
      this.#masks.set(mask.baseFrame, mask.base);
    }
    this.#reviveSuffixes(mask.exits);
  }

  #build(frame: Frame): FrameMask {
    const difference = this.#walker.difference(frame, 0);
    if (difference === undefined) return this.#finishWalk(frame, this.#walker.walk(frame, 0));
    if (difference.within !== undefined) return this.#cut(frame, difference, difference.within);
    const most = this.#vocabularySize * LIST_SHARE;
    let removed = this.#tokensBelow(difference.removed);
    // Which of them the base has takes a walk of the base.
    if (removed.count > most) removed = this.#removedTokens(difference);
    // Taking many tokens away each time would cost more than a mask of one's own.
    if (removed.count > most) {
      return this.#finishWalk(frame, this.#walker.flattened(difference, 0));
    }
    const { base, own } = difference;
    const mask = this.#finish(frame, own, few(listOf(own.allowed, this.#trie)), {
      base: this.of(base),
      baseFrame: base,
      removed: listOf(removed, this.#trie),
    });
    return { ...mask, reductions: [...this.#kept(mask.base!.reductions, difference.removed), ...mask.reductions] };
  }

  /** A difference of which a mask says which tokens of the base are left: O(words of a mask), not of tokens. */
  #cut(frame: Frame, difference: DifferenceWalk, within: Uint32Array): FrameMask {
    const words = new Uint32Array(within.length);
    writeMask(this.of(difference.base), words);
    for (let w = 0; w < words.length; w++) words[w] &= within[w];
    forbidAll(words, listOf(this.#tokensBelow(difference.removed), this.#trie));
    allowAll(words, listOf(difference.own.allowed, this.#trie));
    const allowed = this.#isWide(countAllowed(words)) ? wide(words) : few(allowedTokens(words));
    return this.#finish(frame, this.#walker.undecided(difference, 0), allowed);
  }

  /** Whether so many tokens are kept as a mask. */
  #isWide(count: number): boolean {
    return count > this.#vocabularySize * LIST_SHARE;
  }

  #tokensBelow(roots: readonly number[]): TokenRanges {
    const { tokenStart, nodeEnd } = this.#trie;
    const tokens = new TokenRanges();
    for (const root of roots) tokens.add(tokenStart[root], tokenStart[nodeEnd[root]]);
    return tokens;
  }

  /** The tokens below removed nodes that the base allows, or may allow by way of what is below it. */
  #removedTokens({ base, removed }: DifferenceWalk): TokenRanges {
    const { tokenStart, nodeEnd } = this.#trie;
    const known = this.#walker.walk(base, 0);
    const tokens = new TokenRanges();
    for (const root of removed) {
      const from = tokenStart[root];
      const to = tokenStart[nodeEnd[root]];
      if (to - from <= FEW_TOKENS) {
        tokens.add(from, to);
        continue;
      }
      tokens.addAll(known.allowed.between(from, to));
      tokens.addAll(known.unsure.between(from, to));
      for (const { node, parent, consumed } of known.exits) {
        // What is a reduction is not taken from the base.
        if (root <= node && node < nodeEnd[root] && (consumed || parent !== 0)) {
          tokens.add(tokenStart[node], tokenStart[nodeEnd[node]]);
        }
      }
    }
    return tokens;
  }

  /** Reductions without those in the subtrees of `removed` nodes. */
  #kept(reductions: readonly FrameReduction[], removed: readonly number[]): FrameReduction[] {
    const { nodeByte, nodeEnd } = this.#trie;
    const roots = new Set(removed);
    const kept: FrameReduction[] = [];
    for (const reduction of reductions) {
      const { node, result } = reduction;
      const bytes = reduction.bytes.slice();
      if (removed.some((root) => root <= node && node < nodeEnd[root])) continue;
      for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
        if (roots.has(child)) bytes[nodeByte[child]] = 0;
      }
      if (bytes.includes(1)) kept.push(this.#reduction(result, node, bytes));
    }
    return kept;
  }

  /** The mask of a walk that says all. */
  #finishWalk(frame: Frame, walk: SubtreeWalk): FrameMask {
    const { allowed } = walk;
    const isWide = this.#isWide(allowed.count);
    return this.#finish(frame, walk, isWide ? wide(this.#blocks.wordsOf(allowed)) : few(listOf(allowed, this.#trie)));
  }

  /** @param base what the mask is a difference to, if it is one */
  #finish(
    frame: Frame,
    walk: Omit<SubtreeWalk, "allowed">,
    allowed: Allowed,
    base: Pick<FrameMask, "base" | "baseFrame" | "removed"> = NO_BASE,
  ): FrameMask {
    const { nodeEnd } = this.#trie;
    const crowded = this.#crowdedParents(walk.exits);
    const suffixes: Exit[] = [];
    const reductions: Exit[] = [];
    const largeExits: LargeExit[] = [];
    for (const exit of walk.exits) {
      const { node, parent, result, consumed } = exit;
      // Before its first byte a token has no suffix that another one could share.
      const isShared = consumed || (parent !== 0 && !crowded.has(parent));
      if (isShared && nodeEnd[node] - node <= LARGE_SUBTREE) suffixes.push(exit);
      else if (consumed) largeExits.push({ result, node, firstByte: this.#firstByte(node) });
      else reductions.push(exit);
    }
    return {
      ...base,
      ...allowed,
      unsure: listOf(walk.unsure, this.#trie),
      exits: this.#exitsOf(frame, suffixes),
      reductions: this.#reductionsOf(reductions),
      largeExits,
    };
  }

  /** The nodes below which the frame ends before so many tokens that their suffixes are not copied. */
  #crowdedParents(exits: readonly Exit[]): ReadonlySet<number> {
    if (exits.every(({ consumed }) => consumed)) return NO_NODES;
    const { nodeEnd } = this.#trie;
    const sizes = new Map<number, number>();
    for (const { consumed, parent, node } of exits) {
      if (!consumed) sizes.set(parent, (sizes.get(parent) ?? 0) + nodeEnd[node] - node);
    }
    const crowded = new Set<number>();
    for (const [parent, size] of sizes) if (size > LARGE_SUBTREE) crowded.add(parent);
    return crowded;
  }

  #firstByte(node: number): number {
    const { nodeByte, nodeEnd } = this.#trie;
    let child = 1;
    while (nodeEnd[child] <= node) child = nodeEnd[child]!;
    return nodeByte[child];
  }

  /** @param from where the exits are places of suffixes, and not of whole tokens */
  #exitsOf(frame: Frame, exits: readonly Exit[], from?: Suffixes): FrameExit[] {
    if (exits.length === 0) return [];
    const byResult = new Map<Result, number[]>();
    for (const { result, node, consumed } of exits) {
      const place = suffixesAt(node, consumed);
      const same = byResult.get(result);
      if (same === undefined) byResult.set(result, [place]);
      else same.push(place);
    }
    return [...byResult]
      .map(([result, places]) => {
        const first = this.#walker.followers(frame, result);
        return { id: this.#exitCount++, result, suffixes: this.#mergeSuffixes(places, first, from) };
      })
      .filter(({ suffixes }) => suffixes.trie.nodeCount > 1);
  }

  #reductionsOf(exits: readonly Exit[]): FrameReduction[] {
    const groups = new Map<number, Pick<FrameReduction, "result" | "node" | "bytes">>();
    for (const { node, parent, result } of exits) {
      const key = result * this.#trie.nodeCount + parent;
      let group = groups.get(key);
      if (group === undefined) {
        group = { result, node: parent, bytes: new Uint8Array(256) };
        groups.set(key, group);
      }
      group.bytes[this.#trie.nodeByte[node]] = 1;
    }
    return [...groups.values()].map(({ result, node, bytes }) => this.#reduction(result, node, bytes));
  }

  #reduction(result: Result, node: number, bytes: Uint8Array): FrameReduction {
    const { nodeByte, nodeEnd } = this.#trie;
    let size = 0;
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      if (bytes[nodeByte[child]] === 1) size += nodeEnd[child] - child;
    }
    return { id: this.#reductionId(node, bytes), result, node, bytes, size };
  }

  /** The number of all reductions at a node before these bytes. */
  #reductionId(node: number, bytes: Uint8Array): number {
    let key = `${node},`;
    for (let byte = 0; byte < 256; byte++) if (bytes[byte] === 1) key += String.fromCharCode(byte);
    let id = this.#reductionIds.get(key);
    if (id === undefined) {
      if (this.#reductionIds.size >= KEPT_REDUCTIONS) this.#reductionIds.clear();
      this.#reductionIds.set(key, (id = this.#reductionCount++));
    }
    return id;
  }

  /** The suffixes at some places of the token trie as one trie: the same for all frames that are left at just those places. */
  #mergeSuffixes(places: readonly number[], first: Uint8Array | undefined, from?: Suffixes): Suffixes {
    const of = from === undefined ? 0 : from.id;
    let hash = places.length + Math.imul(of, 0x9e3779b1);
    for (const place of places) hash = (Math.imul(hash, 0x01000193) ^ place) | 0;
    const known = this.#suffixes.get(hash);
    if (known !== undefined && known.of === of && known.first === first && sameNumbers(known.places, places))
      return known;
    const id = ++this.#suffixesCount;
    const trie = mergeSuffixes(from?.trie ?? this.#trie, places, first);
    const merged = { id, of, hash, places: Int32Array.from(places), first, trie };
    // Of two with one hash, the first is shared.
    if (known === undefined) this.#suffixes.set(hash, merged);
    return merged;
  }
}

/** The tokens of some ranges of a trie. */
function listOf(ranges: TokenRanges, { tokens }: TokenTrie): Int32Array {
  if (ranges.bounds.length === 0) return NO_TOKENS;
  const list = new Int32Array(ranges.count);
  let count = 0;
  for (let r = 0; r < ranges.bounds.length; r += 2) {
    for (let i = ranges.bounds[r]; i < ranges.bounds[r + 1]; i++) list[count++] = tokens[i]!;
  }
  return list;
}

function sameNumbers(a: Int32Array, b: readonly number[]): boolean {
  return a.length === b.length && a.every((number, i) => number === b[i]);
}
