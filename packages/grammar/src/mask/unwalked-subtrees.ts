import type { Frame, FrameMachine } from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { nodeAlphabets, type NodeAlphabets } from "./node-alphabets.ts";
import { nodeHeights } from "./node-heights.ts";
import { SafeDepths } from "./safe-depths.ts";

/** Representatives are asked for texts of at least so many bytes. */
export const LEAST_HEIGHT = 4;
/** Heights up to here are taken as they are, greater ones rounded up to a power of two. */
const EXACT_HEIGHT = 32;
/** Representatives that are remembered: some megabytes. */
const KEPT_REPRESENTATIVES = 32_768;
/** Below fewer nodes, walking is no more work than looking whether it can be left out. */
const LEAST_SAFE_SUBTREE = 4;
/** Below fewer nodes, comparing two frames is no more work than looking whether it can be left out. */
const TINY_SUBTREE = 32;
/** More than there are heights. */
const HEIGHTS = 0x20000;

/** What frames do with the tokens of a subtree, as far as that can be told without walking it. */
export class UnwalkedSubtrees {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #heights: Uint16Array;
  readonly #alphabets: NodeAlphabets;
  readonly #safeDepths: SafeDepths;
  readonly #representatives = new Map<number, Frame>();

  constructor(machine: FrameMachine, trie: TokenTrie) {
    this.#machine = machine;
    this.#trie = trie;
    this.#heights = nodeHeights(trie);
    this.#alphabets = nodeAlphabets(trie);
    this.#safeDepths = new SafeDepths(machine);
  }

  /** Whether every token below `node` is sure to keep `frame` alive and on top. */
  allowsAll(frame: Frame, node: number): boolean {
    const size = this.#trie.nodeEnd[node] - node;
    if (size < LEAST_SAFE_SUBTREE) return false;
    let alive = frame;
    // Where a step may make a row of a parser, looking ahead would cost more than walking.
    if (this.#machine.isShared?.(frame) === false) {
      alive = this.#machine.survivor?.(frame) ?? 0;
      if (alive === 0) return false;
    }
    const { phase, alphabet } = this.#alphabets;
    return this.#safeDepths.reaches(alive, phase[node], alphabet[node], this.#heights[node], size);
  }

  /** Whether no token below `node` can tell the frames apart. */
  areAlike(a: Frame, b: Frame, node: number): boolean {
    const size = this.#trie.nodeEnd[node] - node;
    if (size === 1) return true;
    return size > TINY_SUBTREE && this.representative(a, node) === this.representative(b, node);
  }

  /** A frame that stands for `frame` as far as the tokens below `node` go. Great heights are rounded up, so that few are asked for. */
  representative(frame: Frame, node: number): Frame {
    let height = Math.max(LEAST_HEIGHT, this.#heights[node]);
    if (height > EXACT_HEIGHT) height = 1 << (32 - Math.clz32(height - 1));
    const key = frame * HEIGHTS + height;
    let representative = this.#representatives.get(key);
    if (representative === undefined) {
      representative = this.#machine.representative(frame, height);
      if (this.#representatives.size >= KEPT_REPRESENTATIVES) this.#representatives.clear();
      this.#representatives.set(key, representative);
    }
    return representative;
  }
}
