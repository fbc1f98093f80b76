import { DEAD, type State } from "../automaton/automaton.ts";
import type { Frame } from "../automaton/frame-machine.ts";
import { END_OF_TEXT, type PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { stateAfter } from "../automaton/state-after.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { bitCount, isAllowed } from "./bitmask.ts";
import { BudgetedCache } from "./budgeted-cache.ts";
import type { FrameExit, FrameMask, FrameReduction, Passage } from "./frame-mask.ts";
import type { FrameMasks } from "./frame-masks.ts";
import { maskMemory } from "./mask-memory.ts";
import type { MaskStats } from "./mask-stats.ts";
import { Passages, type TokenSink } from "./passages.ts";
import { sharedFrameMasks } from "./shared-frame-masks.ts";

/** Larger subtrees of the token trie are looked up by frame; smaller ones are walked. */
const SMALL_SUBTREE = 64;
/** Where a frame ends before larger parts of the token trie, the mask of the state below is made, which may be of use again. */
const SMALL_REDUCTION = 8_192;
/** Where more tokens are owed to the frames below, the mask of the state is kept as it is. */
const MANY_TOKENS = 4_096;

/** The mask of a state: that of its top frame, and the tokens that it owes to the frames below; or `words` as they are. */
interface StateMask {
  /** 0 when there is none. */
  readonly frame: Frame;
  readonly others: Int32Array;
  readonly words: Uint32Array | undefined;
}

const NO_TOKENS = new Int32Array(0);
const NO_WORDS = new Uint32Array(0);

function stateMaskBytes({ others, words }: StateMask): number {
  return 200 + others.byteLength + (words === undefined ? 0 : words.byteLength + 200);
}

const scratches = new WeakMap<Vocabulary, Uint32Array>();

/**
 * The masks of one automaton over one vocabulary.
 *
 * A mask is the union of what the top frame allows by itself and, for every way out of the frame, the suffixes that the frames
 * below accept. The first is shared by all states with that frame, in all constraints of the same machine; the second walks a
 * trie of a few hundred suffixes at most.
 */
export class MaskCache {
  readonly automaton: PushdownAutomaton;
  readonly vocabulary: Vocabulary;
  readonly stats: MaskStats;
  /** A mask that callers may fill and read at once; one for all masks over the vocabulary. */
  readonly scratch: Uint32Array;
  readonly #frames: FrameMasks;
  /** The masks of states asked for lately: a string of twenty tokens is twenty times in one state, and texts are alike. */
  readonly #kept: BudgetedCache<StateMask> = new BudgetedCache({ budget: maskMemory, sizeOf: stateMaskBytes });
  readonly #passages: Passages;
  /** The tokens that were added to what the top frame allows by itself, as far as they are not too many: then the mask is kept whole. */
  #others: Int32Array = new Int32Array(MANY_TOKENS);
  #otherCount = 0;
  /** Set while a mask is made that took a wide mask from a frame below. */
  #isWide = false;
  readonly #path: State[] = [];
  /** Whether many states have the same frame on top of a frame of their own: what they do with suffixes is worth remembering. */
  readonly #sharesSuffixes: boolean;
  /** Masks of states below that are being made, for use again. */
  readonly #scratches: Uint32Array[] = [];
  /** The same for {@link #others}. */
  readonly #lists: Int32Array[] = [];
  /** What the tokens of passages are added to. */
  readonly #sink: TokenSink;
  /** What {@link #sink} adds to. */
  #target: Uint32Array = NO_WORDS;

  constructor(automaton: PushdownAutomaton, vocabulary: Vocabulary) {
    this.automaton = automaton;
    this.vocabulary = vocabulary;
    let scratch = scratches.get(vocabulary);
    if (scratch === undefined) scratches.set(vocabulary, (scratch = new Uint32Array(vocabulary.maskWords)));
    this.scratch = scratch;
    const { frames, stats } = sharedFrameMasks(automaton.machine, vocabulary);
    this.#frames = frames;
    this.stats = stats;
    this.#passages = new Passages(automaton, frames, stats);
    this.#sink = {
      addToken: (token) => this.#add(token, this.#target),
      addWords: (wide) => this.#addWide(wide, this.#target),
    };
    this.#sharesSuffixes = automaton.machine.delegate !== undefined;
  }

  /**
   * Overwrites `words` with the tokens that may follow in `state`; end-of-sequence tokens where it accepts.
   * @param words at least `vocabulary.maskWords` long; words beyond are cleared
   */
  fill(state: State, words: Uint32Array): void {
    this.stats.masks++;
    this.#fillTexts(state, words);
    if (this.automaton.isAccepting(state)) {
      for (const token of this.vocabulary.eosTokens) words[token >>> 5] |= 1 << (token & 31);
    }
  }

  /** The tokens that have bytes. */
  #fillTexts(state: State, words: Uint32Array): void {
    const kept = this.#kept.get(state);
    if (kept !== undefined) {
      this.stats.stateHits++;
      if (kept.words !== undefined) {
        words.set(kept.words);
        if (words.length > kept.words.length) words.fill(0, kept.words.length);
        return;
      }
      write(kept.frame === 0 ? undefined : this.#frames.of(kept.frame), words);
      allow(kept.others, words);
      return;
    }
    this.#otherCount = 0;
    this.#isWide = false;
    const frame = state > END_OF_TEXT ? this.#frameOf(state) : 0;
    words.fill(0);
    if (frame !== 0) {
      if (this.#frames.has(frame)) this.stats.frameHits++;
      this.#addMask(state, this.#frames.of(frame), words);
    }
    this.#keep(state, frame, words);
  }

  /** The frame whose mask the top frame of `state` shares. */
  #frameOf(state: State): Frame {
    const { automaton, vocabulary } = this;
    return automaton.machine.representative(automaton.frameOf(state), vocabulary.maxTokenBytes);
  }

  /** Adds a token that the top frame alone does not allow. */
  #add(token: TokenId, words: Uint32Array): void {
    words[token >>> 5] |= 1 << (token & 31);
    if (this.#otherCount < MANY_TOKENS) this.#others[this.#otherCount++] = token;
    else this.#isWide = true;
  }

  #addMask(state: State, mask: FrameMask, words: Uint32Array): void {
    this.#addWithoutReductions(state, mask, words);
    for (const reduction of mask.reductions) this.#addReduction(state, reduction, words);
  }

  #addWithoutReductions(state: State, mask: FrameMask, words: Uint32Array): void {
    if (mask.words !== undefined) words.set(mask.words);
    if (mask.base !== undefined) {
      this.#addWithoutReductions(state, mask.base, words);
      forbid(mask.removed, words);
    }
    allow(mask.tokens, words);
    for (const token of mask.unsure) this.#addIfPossible(state, token, words);
    for (const exit of mask.exits) this.#addExit(state, exit, words);
    for (const exit of mask.largeExits) {
      this.#addBelow(state, this.automaton.afterExit(state, exit.result), exit.node, words);
    }
  }

  /** Adds the tokens that go on, from a node of the token trie, with the frame below. */
  #addReduction(state: State, reduction: FrameReduction, words: Uint32Array, origin: State = state): void {
    const { automaton } = this;
    const below = automaton.afterExit(state, reduction.result);
    if (below <= END_OF_TEXT) return;
    const { nodeByte, nodeEnd } = this.vocabulary.trie;
    const { node, bytes } = reduction;
    // What was captured would have to be known below.
    if (node === 0 && this.#sharesSuffixes && automaton.captureOf(state) === 0) {
      if (reduction.size > SMALL_REDUCTION) this.#addStateBelow(below, this.#frames.firstWords(reduction), words);
      else this.#addShared(origin, below, this.#frames.after(automaton.frameOf(below), reduction), words);
      return;
    }
    if (node === 0) {
      if (this.#addFromRoot(state, below, bytes, words)) return;
    } else if (automaton.captureOf(below) === 0) {
      this.#addShared(origin, below, this.#frames.after(automaton.frameOf(below), reduction), words);
      return;
    }
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      if (bytes[nodeByte[child]] === 0) continue;
      if (nodeEnd[child] - child > SMALL_SUBTREE) this.#addLargeSubtree(origin, below, child, words);
      else this.#addSubtree(origin, below, child, words);
    }
  }

  /** Adds what may follow in a state below, of those tokens that are in `first`. */
  #addStateBelow(below: State, first: Uint32Array, words: Uint32Array): void {
    const others = this.#others;
    const otherCount = this.#otherCount;
    const isWide = this.#isWide;
    const texts = this.#scratches.pop() ?? new Uint32Array(this.vocabulary.maskWords);
    this.#others = this.#lists.pop() ?? new Int32Array(MANY_TOKENS);
    this.#fillTexts(below, texts);
    this.#lists.push(this.#others);
    this.#others = others;
    this.#otherCount = otherCount;
    this.#isWide = isWide;
    let count = 0;
    for (let word = 0; word < first.length; word++) {
      const added = texts[word] & first[word] & ~words[word];
      texts[word] = added;
      if (added === 0) continue;
      words[word] |= added;
      count += bitCount(added);
    }
    this.#isWide ||= this.#otherCount + count > MANY_TOKENS;
    if (!this.#isWide && count > 0) this.#listBits(texts, first.length);
    this.#scratches.push(texts);
  }

  /** Adds tokens that a mask has already to those that it is told apart by. */
  #listBits(bits: Uint32Array, wordCount: number): void {
    for (let word = 0; word < wordCount; word++) {
      for (let rest = bits[word]; rest !== 0; rest &= rest - 1) {
        this.#others[this.#otherCount++] = word * 32 + 31 - Math.clz32(rest & -rest);
      }
    }
  }

  /** Adds the tokens that leave the top frame of `from`, which captures nothing, by an exit, by what the frames below do with what is left of them. */
  #addSuffixes(origin: State, from: State, exit: FrameExit, words: Uint32Array): void {
    const { automaton } = this;
    const pending: [State, FrameExit][] = [[from, exit]];
    for (let work = pending.pop(); work !== undefined; work = pending.pop()) {
      const [state, { result, suffixes }] = work;
      const below = automaton.afterExit(state, result);
      if (below <= END_OF_TEXT) continue;
      const passage = this.#frames.through(automaton.frameOf(below), suffixes);
      this.#addPassage(origin, passage, words);
      for (const next of passage.exits) pending.push([below, next]);
    }
  }

  #addWide(wide: Uint32Array, words: Uint32Array): void {
    this.#isWide = true;
    for (let word = 0; word < wide.length; word++) words[word] |= wide[word];
  }

  #addPassage(origin: State, { words: wide, tokens, unsure }: Passage, words: Uint32Array): void {
    if (wide !== undefined) this.#addWide(wide, words);
    for (const token of tokens) this.#add(token, words);
    for (const token of unsure) this.#addIfPossible(origin, token, words);
  }

  /** {@link #addSubtree} by way of what is remembered of the top frame after the first byte. */
  #addLargeSubtree(origin: State, from: State, root: number, words: Uint32Array): void {
    const { automaton } = this;
    const { nodeByte, tokenStart, tokens } = this.vocabulary.trie;
    const next = automaton.next(from, nodeByte[root]);
    if (next === DEAD && !automaton.needsCapture) return;
    if (next <= END_OF_TEXT || automaton.captureOf(next) !== 0) {
      this.#addSubtree(origin, from, root, words);
      return;
    }
    for (let i = tokenStart[root]; i < tokenStart[root + 1]; i++) this.#add(tokens[i], words);
    this.#addBelow(origin, next, root, words);
  }

  /** Adds the tokens strictly below a node of the token trie, where `from` is the state once the bytes down to it are read. */
  #addBelow(origin: State, from: State, node: number, words: Uint32Array): void {
    const { automaton } = this;
    if (from <= END_OF_TEXT) return;
    if (automaton.captureOf(from) !== 0) {
      const { nodeEnd } = this.vocabulary.trie;
      for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
        this.#addSubtree(origin, from, child, words);
      }
      return;
    }
    this.#addShared(origin, from, this.#frames.below(automaton.frameOf(from), node), words);
  }

  /** Adds what the top frame of `from` owes to a part of the token trie. */
  #addShared(origin: State, from: State, mask: FrameMask, words: Uint32Array): void {
    if (mask.words !== undefined) this.#addWide(mask.words, words);
    for (const token of mask.tokens) this.#add(token, words);
    for (const token of mask.unsure) this.#addIfPossible(origin, token, words);
    for (const exit of mask.exits) this.#addExit(from, exit, words, origin);
    for (const reduction of mask.reductions) this.#addReduction(from, reduction, words, origin);
    for (const { result, node } of mask.largeExits) {
      this.#addBelow(origin, this.automaton.afterExit(from, result), node, words);
    }
  }

  /**
   * The mask of the state below by way of its own top frame, which is cached; only tokens whose first byte is in `bytes`.
   * False when that mask is wide, and walking is no more work.
   */
  #addFromRoot(state: State, below: State, bytes: Uint8Array, words: Uint32Array): boolean {
    const { flatBytes, offsets } = this.vocabulary;
    const mask = this.#frames.of(this.#frameOf(below));
    if (mask.words !== undefined || mask.base !== undefined) return false;
    for (const token of mask.tokens) {
      if (bytes[flatBytes[offsets[token]]] === 1) this.#add(token, words);
    }
    for (const token of mask.unsure) this.#addIfPossible(state, token, words);
    for (const exit of mask.exits) this.#addExit(below, exit, words, state, bytes);
    for (const exit of mask.largeExits) {
      if (bytes[exit.firstByte] === 0) continue;
      this.#addBelow(state, this.automaton.afterExit(below, exit.result), exit.node, words);
    }
    for (const inner of mask.reductions) {
      if (inner.node !== 0) return false;
      this.#addReduction(below, { ...inner, bytes: inner.bytes.map((set, byte) => set & bytes[byte]) }, words);
    }
    return true;
  }

  /** Adds the tokens at and below `root`, whose last byte is the first one that `from` takes. */
  #addSubtree(state: State, from: State, root: number, words: Uint32Array): void {
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens } = this.vocabulary.trie;
    const path = this.#path;
    const top = nodeDepth[root];
    path[0] = from;
    let walked = 0;
    for (let node = root; node < nodeEnd[root]; walked++) {
      const depth = nodeDepth[node] - top + 1;
      const next = this.automaton.next(path[depth - 1], nodeByte[node]);
      if (next !== DEAD) {
        path[depth] = next;
        for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) this.#add(tokens[i], words);
        node++;
        continue;
      }
      const end = nodeEnd[node];
      if (this.automaton.needsCapture) {
        for (let i = tokenStart[node]; i < tokenStart[end]; i++) this.#addIfPossible(state, tokens[i], words);
      }
      node = end;
    }
    this.stats.nodesWalked += walked;
  }

  #keep(state: State, frame: Frame, words: Uint32Array): void {
    if (this.#isWide) {
      this.#kept.set(state, { frame, others: NO_TOKENS, words: words.slice(0, this.vocabulary.maskWords) });
      return;
    }
    // A difference may have taken away what its base had added.
    let count = 0;
    for (let i = 0; i < this.#otherCount; i++) {
      const token = this.#others[i];
      if (isAllowed(words, token)) this.#others[count++] = token;
    }
    const others = count === 0 ? NO_TOKENS : this.#others.slice(0, count);
    this.#kept.set(state, { frame, others, words: undefined });
  }

  /** The state after `token`, or DEAD; special tokens lead nowhere. */
  afterToken(state: State, token: TokenId): State {
    const { flatBytes, offsets } = this.vocabulary;
    const from = offsets[token];
    const to = offsets[token + 1];
    return from === to ? DEAD : stateAfter(this.automaton, state, flatBytes, from, to);
  }

  /**
   * @param origin the state that the whole token starts from
   * @param first the bytes that the token may begin with, where they are limited
   */
  #addExit(state: State, exit: FrameExit, words: Uint32Array, origin: State = state, first?: Uint8Array): void {
    const { automaton } = this;
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens, nodeCount } = exit.suffixes.trie;
    const { flatBytes, offsets } = this.vocabulary;
    if (this.#sharesSuffixes && first === undefined && automaton.captureOf(state) === 0) {
      this.#target = words;
      if (!this.#passages.add(state, exit, this.#sink)) this.#addSuffixes(origin, state, exit, words);
      return;
    }
    const below = automaton.afterExit(state, exit.result);
    if (below <= END_OF_TEXT) return;
    const path = this.#path;
    path[0] = below;
    let walked = 0;
    for (let node = 1; node < nodeCount;) {
      walked++;
      const depth = nodeDepth[node];
      const next = automaton.next(path[depth - 1], nodeByte[node]);
      if (next !== DEAD) {
        path[depth] = next;
        for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) {
          const token = tokens[i];
          if (first !== undefined && first[flatBytes[offsets[token]]] === 0) continue;
          this.#add(token, words);
        }
        node++;
        continue;
      }
      const end = nodeEnd[node];
      if (automaton.needsCapture) {
        for (let i = tokenStart[node]; i < tokenStart[end]; i++) {
          this.#addIfPossible(origin, tokens[i], words);
        }
      }
      node = end;
    }
    this.stats.nodesWalked += walked;
  }

  #addIfPossible(state: State, token: TokenId, words: Uint32Array): void {
    this.stats.tokensChecked++;
    if (this.afterToken(state, token) !== DEAD) this.#add(token, words);
  }
}

/** Overwrites `words` with what a frame allows by itself. */
function write(mask: FrameMask | undefined, words: Uint32Array): void {
  if (mask?.base !== undefined) {
    write(mask.base, words);
    forbid(mask.removed, words);
  } else if (mask?.words === undefined) {
    words.fill(0);
  } else {
    words.set(mask.words);
    if (words.length > mask.words.length) words.fill(0, mask.words.length);
  }
  if (mask !== undefined) allow(mask.tokens, words);
}

function allow(tokens: Int32Array, words: Uint32Array): void {
  const { length } = tokens;
  for (let i = 0; i < length; i++) {
    const token = tokens[i];
    words[token >>> 5] |= 1 << (token & 31);
  }
}

function forbid(tokens: Int32Array, words: Uint32Array): void {
  const { length } = tokens;
  for (let i = 0; i < length; i++) {
    const token = tokens[i];
    words[token >>> 5] &= ~(1 << (token & 31));
  }
}
