import { DEAD, type State } from "../automaton/automaton.ts";
import { END_OF_TEXT, type PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import { BudgetedCache } from "./budgeted-cache.ts";
import { passageBytes, type FrameExit, type Passage } from "./frame-mask.ts";
import type { FrameMasks } from "./frame-masks.ts";
import { maskMemory } from "./mask-memory.ts";
import type { MaskStats } from "./mask-stats.ts";

const NO_TOKENS = new Int32Array(0);

const NO_PASSAGE: Passage = { words: undefined, tokens: NO_TOKENS, unsure: NO_TOKENS, exits: [] };
/** More stacks than an automaton has. */
const STACKS = 2 ** 23;
/** What passes through so many frames is walked state by state: mostly the same byte many times over. */
const MANY_FRAMES = 3;

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
   * All that may come of an exit of the top frame of `state`, which captures nothing. Remembered by what is below that frame.
   * Undefined where that depends on captured text.
   * @param depth how many frames the suffixes have passed through
   */
  of(state: State, exit: FrameExit, depth = 0): Passage | undefined {
    const automaton = this.#automaton;
    const stack = automaton.stackOf(state);
    const { result, suffixes } = exit;
    if (stack === 0) return NO_PASSAGE;
    if (depth === MANY_FRAMES) return this.#walked(state, exit);
    const key = exit.id * STACKS + stack;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // Most tokens end within the frame that comes next. Where they all do, what is below that need not be known.
    const top = automaton.machine.topAfter?.(automaton.suspendedFrame(stack), result) ?? 0;
    let passage = top === 0 ? undefined : this.#frames.through(top, suffixes);
    if (passage === undefined || passage.exits.length > 0) {
      const below = automaton.afterExit(state, result);
      if (below <= END_OF_TEXT) return NO_PASSAGE;
      passage = this.#joined(below, this.#frames.through(automaton.frameOf(below), suffixes), depth);
    }
    if (passage === undefined || passage.unsure.length > 0) return undefined;
    this.#known.set(key, passage);
    return passage;
  }

  /** A passage together with all that may come of its exits. */
  #joined(state: State, passage: Passage, depth: number): Passage | undefined {
    if (passage.unsure.length > 0) return undefined;
    const lists = [passage.tokens];
    let { words } = passage;
    let count = passage.tokens.length;
    for (const exit of passage.exits) {
      const further = this.of(state, exit, depth + 1);
      if (further === undefined) return undefined;
      if (further.words !== undefined) words = union(words, further.words);
      if (further.tokens.length === 0) continue;
      lists.push(further.tokens);
      count += further.tokens.length;
    }
    if (lists.length === 1) return { ...passage, words, exits: [] };
    const tokens = new Int32Array(count);
    let at = 0;
    // Mostly a few numbers: copying them one by one is less work than a call of `set`.
    for (const list of lists) for (let i = 0; i < list.length; i++) tokens[at++] = list[i];
    return { words, tokens, unsure: NO_TOKENS, exits: [] };
  }

  /** {@link of} by way of the states after each byte. */
  #walked(state: State, { result, suffixes }: FrameExit): Passage | undefined {
    const automaton = this.#automaton;
    const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens, nodeCount } = suffixes.trie;
    const path = [automaton.afterExit(state, result)];
    const found: TokenId[] = [];
    let walked = 0;
    for (let node = 1; node < nodeCount;) {
      walked++;
      const depth = nodeDepth[node];
      const next = automaton.next(path[depth - 1], nodeByte[node]);
      if (next === DEAD) {
        if (automaton.needsCapture) return undefined;
        node = nodeEnd[node]!;
        continue;
      }
      path[depth] = next;
      for (let i = tokenStart[node]; i < tokenStart[node + 1]; i++) found.push(tokens[i]);
      node++;
    }
    this.#stats.nodesWalked += walked;
    return found.length === 0 ? NO_PASSAGE : { ...NO_PASSAGE, tokens: Int32Array.from(found) };
  }
}
