import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  type Action,
  type Frame,
  type FrameMachine,
} from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import type { MaskStats } from "./mask-stats.ts";
import { newWalk, type ApplyAction, type DifferenceWalk, type MutableWalk } from "./subtree-walks.ts";
import { LEAST_HEIGHT, type UnwalkedSubtrees } from "./unwalked-subtrees.ts";

/** Bytes by which a frame's usual successor is found: letters, a digit and a blank. */
const PROBES = [0x7a, 0x51, 0x37, 0x20, 0x65];
/** Below fewer nodes, the actions of two frames are compared byte by byte. */
const LEAST_COMPARED = 48;
/** Frames that differ in more bytes differ nearly everywhere. */
const MANY_BYTES = 64;

/** What the tokens can do from a frame by what they can do from one much like it: only paths on which the two may differ are walked. */
export class ComparedWalks {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #stats: MaskStats;
  readonly #unwalked: UnwalkedSubtrees;
  readonly #apply: ApplyAction;
  /** By the depth of recursion. */
  readonly #differs: Uint8Array[] = [];

  constructor(
    machine: FrameMachine,
    trie: TokenTrie,
    stats: MaskStats,
    unwalked: UnwalkedSubtrees,
    apply: ApplyAction,
  ) {
    this.#machine = machine;
    this.#trie = trie;
    this.#stats = stats;
    this.#unwalked = unwalked;
    this.#apply = apply;
  }

  /**
   * The tokens strictly below `node` as the difference to those of the frame that most bytes lead to and stay in, or of one that
   * short texts cannot tell from this; undefined when there is no such frame.
   */
  difference(frame: Frame, node: number): DifferenceWalk | undefined {
    const base = this.#usualSuccessor(frame) ?? this.#machine.representative(frame, LEAST_HEIGHT);
    if (base === frame) return undefined;
    const removed: number[] = [];
    const own = newWalk();
    this.#stats.frameWalks++;
    this.compare(frame, base, node, removed, own);
    return { base, removed, own };
  }

  #usualSuccessor(frame: Frame): Frame | undefined {
    const action = this.#usualStep(frame);
    const successor = action >>> ACTION_KIND_BITS;
    if (!isGoto(action) || successor === frame) return undefined;
    let leads = 0;
    let stays = 0;
    for (const byte of PROBES) {
      if (this.#machine.step(frame, byte) === action) leads++;
      if (this.#machine.step(successor, byte) === action) stays++;
    }
    return leads >= 3 && stays >= leads ? successor : undefined;
  }

  /** The action on most of the probes, if there is one. */
  #usualStep(frame: Frame): Action {
    let usual = ACTION_DEAD;
    let lead = 0;
    for (const byte of PROBES) {
      const action = this.#machine.step(frame, byte);
      if (lead === 0) usual = action;
      lead += action === usual ? 1 : -1;
    }
    return usual;
  }

  /** Where `frame` and `base` differ strictly below `node`: the roots of such subtrees, and what `frame` does in them. */
  compare(frame: Frame, base: Frame, node: number, removed: number[], own: MutableWalk): void {
    this.#compareBelow(frame, base, node, removed, own, 0, false);
  }

  /** @param broad whether the two differ nearly everywhere */
  #compareBelow(
    frame: Frame,
    base: Frame,
    node: number,
    removed: number[],
    own: MutableWalk,
    depth: number,
    broad: boolean,
  ): void {
    const { nodeByte, nodeEnd } = this.#trie;
    const machine = this.#machine;
    const end = nodeEnd[node];
    let differs: Uint8Array | undefined;
    let isBroad = broad;
    if (machine.compare !== undefined && !broad && end - node > LEAST_COMPARED) {
      differs = this.#differs[depth] ??= new Uint8Array(256);
      isBroad = machine.compare(frame, base, differs) > MANY_BYTES;
    }
    for (let child = node + 1; child < end; child = nodeEnd[child]!) {
      if (differs !== undefined && differs[nodeByte[child]] === 0) continue;
      this.#compareChild(frame, base, node, child, removed, own, depth, isBroad);
    }
  }

  #compareChild(
    frame: Frame,
    base: Frame,
    node: number,
    child: number,
    removed: number[],
    own: MutableWalk,
    depth: number,
    isBroad: boolean,
  ): void {
    const byte = this.#trie.nodeByte[child];
    this.#stats.nodesWalked++;
    const action = this.#machine.step(frame, byte);
    const baseAction = this.#machine.step(base, byte);
    if (action === baseAction) return;
    if (isGoto(action) && isGoto(baseAction)) {
      const inner = action >>> ACTION_KIND_BITS;
      const baseInner = baseAction >>> ACTION_KIND_BITS;
      if (this.#unwalked.areAlike(inner, baseInner, child)) return;
      if (isBroad && this.#unwalked.allowsAll(inner, child) && this.#unwalked.allowsAll(baseInner, child)) return;
      this.#compareBelow(inner, baseInner, child, removed, own, depth + 1, isBroad);
    } else {
      removed.push(child);
      this.#apply(action, node, child, own);
    }
  }
}

function isGoto(action: Action): boolean {
  return (action & ACTION_KIND_MASK) === ACTION_GOTO;
}
