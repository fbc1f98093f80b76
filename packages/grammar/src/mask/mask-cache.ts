import { DEAD, type State } from "../automaton/automaton.ts";
import type { Frame } from "../automaton/frame-machine.ts";
import { END_OF_TEXT, type PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { allow, allowAll, forbidAll } from "./bitmask.ts";
import { BudgetedCache } from "./budgeted-cache.ts";
import { writeMask, type FrameExit, type FrameMask, type FrameReduction, type Passage } from "./frame-mask.ts";
import type { FrameMasks } from "./frame-masks.ts";
import { maskMemory } from "./mask-memory.ts";
import type { MaskStats } from "./mask-stats.ts";
import { OwedTokens } from "./owed-tokens.ts";
import { Passages } from "./passages.ts";
import { PlacePath } from "./place-path.ts";
import { sharedFrameMasks } from "./shared-frame-masks.ts";

/** Larger subtrees of the token trie are looked up by frame; smaller ones are walked. */
const SMALL_SUBTREE = 64;
/** Where a frame ends before larger parts of the token trie, the mask of the state below is made, which may be of use again. */
const SMALL_REDUCTION = 8_192;

/** The mask of a state: that of its top frame, and the tokens that it owes to the frames below; or `words` as they are. */
interface StateMask {
  /** 0 when there is none. */
  readonly frame: Frame;
  readonly others: Int32Array;
  readonly words: Uint32Array | undefined;
}

const NO_TOKENS = new Int32Array(0);

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
  /** The mask that is being made. */
  #owed: OwedTokens = new OwedTokens();
  readonly #path = new PlacePath();
  /** Whether many states have the same frame on top of a frame of their own: what they do with suffixes is worth remembering. */
  readonly #sharesSuffixes: boolean;
  /** For masks of states below, made meanwhile. */
  readonly #spare: OwedTokens[] = [];
  readonly #scratches: Uint32Array[] = [];

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
      for (const token of this.vocabulary.eosTokens) allow(words, token);
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
      writeMask(kept.frame === 0 ? undefined : this.#frames.of(kept.frame), words);
      allowAll(words, kept.others);
      return;
    }
    this.#owed.begin(words);
    const frame = state > END_OF_TEXT ? this.#frameOf(state) : 0;
    if (frame !== 0) {
      if (this.#frames.has(frame)) this.stats.frameHits++;
      this.#addMask(state, this.#frames.of(frame));
    }
    this.#keep(state, frame);
  }

  /** The frame whose mask the top frame of `state` shares. */
  #frameOf(state: State): Frame {
    const { automaton, vocabulary } = this;
    return automaton.machine.representative(automaton.frameOf(state), vocabulary.maxTokenBytes);
  }

  #addMask(state: State, mask: FrameMask): void {
    this.#addWithoutReductions(state, mask);
    for (const reduction of mask.reductions) this.#addReduction(state, reduction);
  }

  #addWithoutReductions(state: State, mask: FrameMask): void {
    const { words } = this.#owed;
    if (mask.words !== undefined) words.set(mask.words);
    if (mask.base !== undefined) {
      this.#addWithoutReductions(state, mask.base);
      forbidAll(words, mask.removed);
    }
    allowAll(words, mask.tokens);
    for (const token of mask.unsure) this.#addIfPossible(state, token);
    for (const exit of mask.exits) this.#addExit(state, exit);
    for (const exit of mask.largeExits) {
      this.#addBelow(state, this.automaton.afterExit(state, exit.result), exit.node);
    }
  }

  /** Adds the tokens that go on, from a node of the token trie, with the frame below. */
  #addReduction(state: State, reduction: FrameReduction, origin: State = state): void {
    const { automaton } = this;
    const below = automaton.afterExit(state, reduction.result);
    if (below <= END_OF_TEXT) return;
    const { nodeByte, nodeEnd } = this.vocabulary.trie;
    const { node, bytes } = reduction;
    // What was captured would have to be known below.
    if (node === 0 && this.#sharesSuffixes && automaton.captureOf(state) === 0) {
      if (reduction.size > SMALL_REDUCTION) this.#addStateBelow(below, this.#frames.firstWords(reduction));
      else this.#addShared(origin, below, this.#frames.after(automaton.frameOf(below), reduction));
      return;
    }
    if (node === 0) {
      if (this.#addFromRoot(state, below, bytes)) return;
    } else if (automaton.captureOf(below) === 0) {
      this.#addShared(origin, below, this.#frames.after(automaton.frameOf(below), reduction));
      return;
    }
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      if (bytes[nodeByte[child]] === 0) continue;
      if (nodeEnd[child] - child > SMALL_SUBTREE) this.#addLargeSubtree(origin, below, child);
      else this.#addSubtree(origin, below, child);
    }
  }

  /** Adds what may follow in a state below, of those tokens that are in `first`. */
  #addStateBelow(below: State, first: Uint32Array): void {
    const owed = this.#owed;
    const texts = this.#scratches.pop() ?? new Uint32Array(this.vocabulary.maskWords);
    this.#owed = this.#spare.pop() ?? new OwedTokens();
    this.#fillTexts(below, texts);
    this.#spare.push(this.#owed);
    this.#owed = owed;
    owed.addCommon(texts, first);
    this.#scratches.push(texts);
  }

  /** Adds the tokens that leave the top frame of `from`, which captures nothing, by an exit, by what the frames below do with what is left of them. */
  #addSuffixes(origin: State, from: State, exit: FrameExit): void {
    const { automaton } = this;
    const pending: [State, FrameExit][] = [[from, exit]];
    for (let work = pending.pop(); work !== undefined; work = pending.pop()) {
      const [state, { result, suffixes }] = work;
      const below = automaton.afterExit(state, result);
      if (below <= END_OF_TEXT) continue;
      const passage = this.#frames.through(automaton.frameOf(below), suffixes);
      this.#addPassage(origin, passage);
      for (const next of passage.exits) pending.push([below, next]);
    }
  }

  #addPassage(origin: State, { words: wide, tokens, unsure }: Passage): void {
    if (wide !== undefined) this.#owed.addWords(wide);
    for (const token of tokens) this.#owed.addToken(token);
    for (const token of unsure) this.#addIfPossible(origin, token);
  }

  /** {@link #addSubtree} by way of what is remembered of the top frame after the first byte. */
  #addLargeSubtree(origin: State, from: State, root: number): void {
    const { automaton } = this;
    const { nodeByte, tokenStart, tokens } = this.vocabulary.trie;
    const next = automaton.next(from, nodeByte[root]);
    if (next === DEAD && !automaton.needsCapture) return;
    if (next <= END_OF_TEXT || automaton.captureOf(next) !== 0) {
      this.#addSubtree(origin, from, root);
      return;
    }
    for (let i = tokenStart[root]; i < tokenStart[root + 1]; i++) this.#owed.addToken(tokens[i]);
    this.#addBelow(origin, next, root);
  }

  /** Adds the tokens strictly below a node of the token trie, where `from` is the state once the bytes down to it are read. */
  #addBelow(origin: State, from: State, node: number): void {
    const { automaton } = this;
    if (from <= END_OF_TEXT) return;
    if (automaton.captureOf(from) !== 0) {
      const { nodeEnd } = this.vocabulary.trie;
      for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
        this.#addSubtree(origin, from, child);
      }
      return;
    }
    this.#addShared(origin, from, this.#frames.below(automaton.frameOf(from), node));
  }

  /** Adds what the top frame of `from` owes to a part of the token trie. */
  #addShared(origin: State, from: State, mask: FrameMask): void {
    if (mask.words !== undefined) this.#owed.addWords(mask.words);
    for (const token of mask.tokens) this.#owed.addToken(token);
    for (const token of mask.unsure) this.#addIfPossible(origin, token);
    for (const exit of mask.exits) this.#addExit(from, exit, origin);
    for (const reduction of mask.reductions) this.#addReduction(from, reduction, origin);
    for (const { result, node } of mask.largeExits) {
      this.#addBelow(origin, this.automaton.afterExit(from, result), node);
    }
  }

  /**
   * The mask of the state below by way of its own top frame, which is cached; only tokens whose first byte is in `bytes`.
   * False when that mask is wide, and walking is no more work.
   */
  #addFromRoot(state: State, below: State, bytes: Uint8Array): boolean {
    const { flatBytes, offsets } = this.vocabulary;
    const mask = this.#frames.of(this.#frameOf(below));
    if (mask.words !== undefined || mask.base !== undefined) return false;
    for (const token of mask.tokens) {
      if (bytes[flatBytes[offsets[token]]] === 1) this.#owed.addToken(token);
    }
    for (const token of mask.unsure) this.#addIfPossible(state, token);
    for (const exit of mask.exits) this.#addExit(below, exit, state, bytes);
    for (const exit of mask.largeExits) {
      if (bytes[exit.firstByte] === 0) continue;
      this.#addBelow(state, this.automaton.afterExit(below, exit.result), exit.node);
    }
    for (const inner of mask.reductions) {
      if (inner.node !== 0) return false;
      this.#addReduction(below, { ...inner, bytes: inner.bytes.map((set, byte) => set & bytes[byte]) });
    }
    return true;
  }

  /** Adds the tokens at and below `root`, whose last byte is the first one that `from` takes. */
  #addSubtree(state: State, from: State, root: number): void {
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens } = this.vocabulary.trie;
    const path = this.#path;
    const above = nodeDepth[root] - 1;
    path.begin(this.automaton, from);
    let walked = 0;
    for (let node = root; node < nodeEnd[root]; walked++) {
      if (path.advance(this.automaton, nodeDepth[node] - above, nodeByte[node])) {
        for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) this.#owed.addToken(tokens[i]);
        node++;
        continue;
      }
      const end = nodeEnd[node];
      if (this.automaton.needsCapture) {
        for (let i = tokenStart[node]; i < tokenStart[end]; i++) this.#addIfPossible(state, tokens[i]);
      }
      node = end;
    }
    this.stats.nodesWalked += walked;
  }

  #keep(state: State, frame: Frame): void {
    const others = this.#owed.list();
    const words = others === undefined ? this.#owed.words.slice(0, this.vocabulary.maskWords) : undefined;
    this.#kept.set(state, { frame, others: others ?? NO_TOKENS, words });
  }

  /** The state after `token`, or DEAD; special tokens lead nowhere. */
  afterToken(state: State, token: TokenId): State {
    const { flatBytes, offsets } = this.vocabulary;
    const from = offsets[token];
    const to = offsets[token + 1];
    return from === to ? DEAD : this.automaton.after(state, flatBytes, from, to);
  }

  /**
   * @param origin the state that the whole token starts from
   * @param first the bytes that the token may begin with, where they are limited
   */
  #addExit(state: State, exit: FrameExit, origin: State = state, first?: Uint8Array): void {
    const { automaton } = this;
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens, nodeCount } = exit.suffixes.trie;
    const { flatBytes, offsets } = this.vocabulary;
    if (this.#sharesSuffixes && first === undefined && automaton.captureOf(state) === 0) {
      if (!this.#passages.add(state, exit, this.#owed)) this.#addSuffixes(origin, state, exit);
      return;
    }
    const below = automaton.afterExit(state, exit.result);
    if (below <= END_OF_TEXT) return;
    const path = this.#path;
    path.begin(automaton, below);
    let walked = 0;
    for (let node = 1; node < nodeCount;) {
      walked++;
      if (path.advance(automaton, nodeDepth[node], nodeByte[node])) {
        for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) {
          const token = tokens[i];
          if (first !== undefined && first[flatBytes[offsets[token]]] === 0) continue;
          this.#owed.addToken(token);
        }
        node++;
        continue;
      }
      const end = nodeEnd[node];
      if (automaton.needsCapture) {
        for (let i = tokenStart[node]; i < tokenStart[end]; i++) {
          this.#addIfPossible(origin, tokens[i]);
        }
      }
      node = end;
    }
    this.stats.nodesWalked += walked;
  }

  #addIfPossible(state: State, token: TokenId): void {
    this.stats.tokensChecked++;
    if (this.afterToken(state, token) !== DEAD) this.#owed.addToken(token);
  }
}
