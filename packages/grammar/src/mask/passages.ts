import { DEAD, type State } from "../automaton/automaton.ts";
import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  ACTION_REDUCE,
  type Frame,
  type Result,
} from "../automaton/frame-machine.ts";
import { END_OF_TEXT, type PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { BudgetedCache } from "./budgeted-cache.ts";
import { passageBytes, type FrameExit, type Passage } from "./frame-mask.ts";
import type { FrameMasks } from "./frame-masks.ts";
import { maskMemory } from "./mask-memory.ts";
import type { MaskStats } from "./mask-stats.ts";
import { PlacePath } from "./place-path.ts";

const NO_TOKENS = new Int32Array(0);
/** More stacks than an automaton has. */
const STACKS = 2 ** 23;
/** What passes through so many frames is walked state by state: mostly the same byte many times over. */
const MANY_FRAMES = 3;
/** Fewer suffixes are followed byte by byte: remembering what comes of them is more work. */
const FEW_NODES = 32;

/** Takes what comes of exits: tokens one by one, or many at once. */
export interface TokenSink {
  addToken(token: TokenId): void;
  addWords(words: Uint32Array): void;
}

class FoundTokens implements TokenSink {
  readonly tokens: TokenId[] = [];
  words: Uint32Array | undefined;

  addToken(token: TokenId): void {
    this.tokens.push(token);
  }

  addWords(words: Uint32Array): void {
    this.words = union(this.words, words);
  }
}

function union(a: Uint32Array | undefined, b: Uint32Array): Uint32Array {
  if (a === undefined) return b;
  const words = a.slice();
  for (let word = 0; word < b.length; word++) words[word] |= b[word];
  return words;
}

/** What comes of the tokens that leave a frame, by what is below it: where many states have the same frames in their stacks, as those of parsers do. */
export class Passages {
  readonly #automaton: PushdownAutomaton;
  readonly #frames: FrameMasks;
  readonly #stats: MaskStats;
  readonly #known: BudgetedCache<Passage> = new BudgetedCache({ budget: maskMemory, sizeOf: passageBytes });

  constructor(automaton: PushdownAutomaton, frames: FrameMasks, stats: MaskStats) {
    this.#automaton = automaton;
    this.#frames = frames;
    this.#stats = stats;
  }

  /**
   * Hands `sink` all that may come of an exit of the top frame of `state`, which captures nothing.
   * @param depth how many frames the suffixes have passed through
   * @returns false where that depends on captured text; what was handed over before holds nonetheless
   */
  add(state: State, exit: FrameExit, sink: TokenSink, depth = 0): boolean {
    const automaton = this.#automaton;
    const stack = automaton.stackOf(state);
    if (stack === 0) return true;
    const { trie } = exit.suffixes;
    if (trie.nodeCount <= FEW_NODES) {
      const frame = automaton.suspendedFrame(stack);
      if (this.#addFew(frame, exit.result, trie, 0, sink)) return true;
      return this.#walk(state, exit, sink);
    }
    if (depth === 0) return this.#follow(state, exit, sink, depth);
    if (depth === MANY_FRAMES) return this.#walk(state, exit, sink);
    const key = exit.id * STACKS + stack;
    let known = this.#known.get(key);
    if (known === undefined) {
      const found = new FoundTokens();
      if (!this.#follow(state, exit, found, depth)) return false;
      known = { words: found.words, tokens: Int32Array.from(found.tokens), unsure: NO_TOKENS, exits: [] };
      this.#known.set(key, known);
    }
    addAll(known, sink);
    return true;
  }

  #follow(state: State, exit: FrameExit, sink: TokenSink, depth: number): boolean {
    const automaton = this.#automaton;
    const { result, suffixes } = exit;
    // Most tokens end within the frame that comes next. Where they all do, what is below that need not be known.
    const top = automaton.machine.topAfter?.(automaton.suspendedFrame(automaton.stackOf(state)), result) ?? 0;
    let passage = top === 0 ? undefined : this.#frames.through(top, suffixes);
    let below: State = DEAD;
    if (passage === undefined || passage.exits.length > 0) {
      below = automaton.afterExit(state, result);
      if (below <= END_OF_TEXT) return true;
      passage = this.#frames.through(automaton.frameOf(below), suffixes);
    }
    if (passage.unsure.length > 0) return false;
    addAll(passage, sink);
    for (const next of passage.exits) if (!this.add(below, next, sink, depth + 1)) return false;
    return true;
  }

  /**
   * {@link add} byte by byte, for the suffixes below a node.
   * @param frame what is below the frame that is left
   * @returns false where what comes next is not known without making what is below, or is no frame that many states share
   */
  #addFew(frame: Frame, result: Result, trie: TokenTrie, node: number, sink: TokenSink): boolean {
    const { machine } = this.#automaton;
    const top = machine.topAfter?.(frame, result) ?? 0;
    if (top === 0) return false;
    return this.#addWithin(frame, result, top, trie, node, sink);
  }

  /** @param top above what `frame` becomes with `result` */
  #addWithin(frame: Frame, result: Result, top: Frame, trie: TokenTrie, node: number, sink: TokenSink): boolean {
    const { machine } = this.#automaton;
    const { nodeByte, nodeEnd, tokenStart, tokens } = trie;
    const end = nodeEnd[node];
    for (let child = node + 1; child < end; child = nodeEnd[child]!) {
      const action = machine.step(top, nodeByte[child]);
      this.#stats.nodesWalked++;
      switch (action & ACTION_KIND_MASK) {
        case ACTION_DEAD:
          continue;
        case ACTION_GOTO:
        case ACTION_POP: {
          for (let i = tokenStart[child]; i < tokenStart[child + 1]; i++) sink.addToken(tokens[i]);
          if (nodeEnd[child] === child + 1) continue;
          const payload = action >>> ACTION_KIND_BITS;
          const isKnown =
            (action & ACTION_KIND_MASK) === ACTION_GOTO
              ? this.#addWithin(frame, result, payload, trie, child, sink)
              : this.#addFew(machine.resume(frame, result, undefined), payload, trie, child, sink);
          if (!isKnown) return false;
          continue;
        }
        case ACTION_REDUCE: {
          if (
            !this.#addReduced(machine.resume(frame, result, undefined), action >>> ACTION_KIND_BITS, trie, child, sink)
          )
            return false;
          continue;
        }
        default:
          return false;
      }
    }
    return true;
  }

  /** {@link #addFew} for a node and what is below it. */
  #addReduced(frame: Frame, result: Result, trie: TokenTrie, node: number, sink: TokenSink): boolean {
    const { machine } = this.#automaton;
    const top = machine.topAfter?.(frame, result) ?? 0;
    if (top === 0) return false;
    const { nodeByte, nodeEnd, tokenStart, tokens } = trie;
    const action = machine.step(top, nodeByte[node]);
    const kind = action & ACTION_KIND_MASK;
    if (kind === ACTION_DEAD) return true;
    if (kind !== ACTION_GOTO && kind !== ACTION_POP) return false;
    for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) sink.addToken(tokens[i]);
    if (nodeEnd[node] === node + 1) return true;
    const payload = action >>> ACTION_KIND_BITS;
    return kind === ACTION_GOTO
      ? this.#addWithin(frame, result, payload, trie, node, sink)
      : this.#addFew(machine.resume(frame, result, undefined), payload, trie, node, sink);
  }

  /** {@link add} by way of the states after each byte. */
  #walk(state: State, { result, suffixes }: FrameExit, sink: TokenSink): boolean {
    const automaton = this.#automaton;
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens, nodeCount } = suffixes.trie;
    const path = new PlacePath();
    path.begin(automaton, automaton.afterExit(state, result));
    let walked = 0;
    for (let node = 1; node < nodeCount;) {
      walked++;
      if (!path.advance(automaton, nodeDepth[node], nodeByte[node])) {
        if (automaton.needsCapture) return false;
        node = nodeEnd[node]!;
        continue;
      }
      for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) sink.addToken(tokens[i]);
      node++;
    }
    this.#stats.nodesWalked += walked;
    return true;
  }
}

function addAll({ words, tokens }: Passage, sink: TokenSink): void {
  if (words !== undefined) sink.addWords(words);
  for (let i = 0; i < tokens.length; i++) sink.addToken(tokens[i]);
}
