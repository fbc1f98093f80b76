import { frameAfter } from "../automaton/frame-after.ts";
import {
  MARK_CHARACTER,
  MARK_END,
  MARK_OTHER,
  popResult,
  type Action,
  type Frame,
  type FrameMachine,
  type KeyedFrame,
} from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import type { MaskStats } from "./mask-stats.ts";
import { newWalk, type DifferenceWalk, type MutableWalk } from "./subtree-walks.ts";
import { TrieChildren } from "./trie-children.ts";

/** What a walk does where the texts of a frame do not say all. */
export interface KeyedSteps {
  /** Takes the action of the byte into `node`, and walks on below. */
  apply(action: Action, parent: number, node: number, own: MutableWalk): void;
  /** Compares two frames on the tokens at and below `node`. */
  compare(frame: Frame, base: Frame, parent: number, node: number, removed: number[], own: MutableWalk): void;
}

/**
 * What the tokens can do from frames that read one of some texts, such as the keys of an object: only the paths of those texts
 * are followed, and no frame is made for what lies on them. O(bytes of the texts) at worst.
 */
export class KeyedWalks {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #stats: MaskStats;
  readonly #steps: KeyedSteps;
  readonly #children: TrieChildren;

  constructor(machine: FrameMachine, trie: TokenTrie, stats: MaskStats, steps: KeyedSteps) {
    this.#machine = machine;
    this.#trie = trie;
    this.#stats = stats;
    this.#steps = steps;
    this.#children = new TrieChildren(trie);
  }

  /**
   * The tokens strictly below `node`, as the difference to those of the base. Where there is no base, `own` is all, and nothing is
   * removed.
   */
  difference(frame: Frame, { base, texts, from, results, marks }: KeyedFrame, node: number): DifferenceWalk {
    this.#stats.frameWalks++;
    const { tokenStart } = this.#trie;
    const removed: number[] = [];
    const own = newWalk();
    const unlike = marks.indexOf(MARK_OTHER);
    const end = marks.indexOf(MARK_END);
    /** The nodes on the way of the text before, by how many of its bytes they have. */
    const path: number[] = [node];
    let known = 0;
    const arrive = (at: number, text: Uint8Array, length: number): void => {
      if (base === 0 && length > 0) own.allowed.add(tokenStart[at], tokenStart[at + 1]);
      const escape = unlike < 0 ? 0 : this.#children.of(at, unlike);
      if (escape !== 0) this.#compareEscape(frame, base, text.subarray(from, from + length), at, escape, removed, own);
    };
    for (let i = 0; i < texts.length; i++) {
      const text = texts[i];
      if (i === 0) arrive(node, text, 0);
      const shared = i === 0 ? 0 : Math.min(known, sharedLength(texts[i - 1], text, from));
      known = shared;
      while (from + known < text.length && marks[text[from + known]] === MARK_CHARACTER) {
        this.#stats.nodesWalked++;
        const next = this.#children.of(path[known], text[from + known]);
        if (next === 0) break;
        path[++known] = next;
        arrive(next, text, known);
      }
      if (from + known !== text.length) continue;
      const closing = this.#children.of(path[known], end);
      if (closing === 0) continue;
      if (base !== 0) removed.push(closing);
      if (results[i] >= 0) this.#steps.apply(popResult(results[i]), path[known], closing, own);
    }
    return { base, removed: removed.sort((a, b) => a - b), own };
  }

  /** At `node`, which is left by a byte unlike characters after a beginning of some texts. */
  #compareEscape(
    frame: Frame,
    base: Frame,
    prefix: Uint8Array,
    parent: number,
    node: number,
    removed: number[],
    own: MutableWalk,
  ): void {
    const inside = frameAfter(this.#machine, frame, prefix);
    if (inside === 0) return;
    if (base !== 0) this.#steps.compare(inside, frameAfter(this.#machine, base, prefix), parent, node, removed, own);
    else this.#steps.apply(this.#machine.step(inside, this.#trie.nodeByte[node]), parent, node, own);
  }
}

/** How many bytes from `from` on two texts share. */
function sharedLength(a: Uint8Array, b: Uint8Array, from: number): number {
  let length = 0;
  while (from + length < a.length && from + length < b.length && a[from + length] === b[from + length]) length++;
  return length;
}
