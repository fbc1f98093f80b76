import {
  ACTION_DEAD,
  ACTION_GOTO,
  ACTION_KIND_BITS,
  ACTION_KIND_MASK,
  ACTION_POP,
  ACTION_PUSH,
  ACTION_REDUCE,
  type Action,
  type Frame,
  gotoFrame,
  type FrameMachine,
  type KeyedFrame,
  type Result,
} from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { isAllowed } from "./bitmask.ts";
import { BudgetedCache } from "./budgeted-cache.ts";
import type { CacheBudget } from "./cache-budget.ts";
import { ComparedWalks } from "./compared-walks.ts";
import { CountedWalks } from "./counted-walks.ts";
import { KeyedWalks } from "./keyed-walks.ts";
import type { MaskStats } from "./mask-stats.ts";
import { RelabelledWalks } from "./relabelled-walks.ts";
import {
  newWalk,
  walkBytes,
  type ApplyAction,
  type DifferenceWalk,
  type MutableWalk,
  type SubtreeWalk,
} from "./subtree-walks.ts";
import { walkSuffixes } from "./suffix-walk.ts";
import { TokenRanges } from "./token-ranges.ts";
import { UnwalkedSubtrees } from "./unwalked-subtrees.ts";

/** Walks of subtrees with more nodes are kept where frames share their successors. */
const KEPT_SUBTREE = 96;
/** Subtrees with fewer nodes are walked directly: looking for a shared walk of them is no less work. */
const SMALL_SUBTREE = 48;

/**
 * Walks the token trie from frames, sharing subtrees: what a string that was just opened can do with the tokens that begin
 * with a quote is the same in every state that opens such a string.
 */
export class SubtreeWalker {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #stats: MaskStats;
  readonly #walks: BudgetedCache<SubtreeWalk>;
  readonly #unwalked: UnwalkedSubtrees;
  readonly #comparedWalks: ComparedWalks;
  readonly #countedWalks: CountedWalks;
  readonly #keyedWalks: KeyedWalks;
  readonly #relabelledWalks: RelabelledWalks;
  /** The frame that {@link #keyed} was asked for last: it is asked more than once in a row. */
  #keyedFrame: Frame = 0;
  #keyedOf: KeyedFrame | undefined;

  constructor(machine: FrameMachine, trie: TokenTrie, vocabularySize: number, stats: MaskStats, budget: CacheBudget) {
    this.#walks = new BudgetedCache({ budget, sizeOf: walkBytes });
    this.#machine = machine;
    this.#trie = trie;
    this.#stats = stats;
    this.#unwalked = new UnwalkedSubtrees(machine, trie);
    const apply: ApplyAction = (action, parent, node, own) => this.#apply(action, parent, node, own);
    this.#comparedWalks = new ComparedWalks(machine, trie, stats, this.#unwalked, apply);
    this.#countedWalks = new CountedWalks(machine, trie, vocabularySize, stats, apply);
    this.#relabelledWalks = new RelabelledWalks(machine, trie, stats, apply);
    this.#keyedWalks = new KeyedWalks(machine, trie, stats, this.#comparedWalks, apply);
  }

  /** The tokens strictly below `node`, from `frame`. Remembered. */
  walk(frame: Frame, node: number): SubtreeWalk {
    const key = frame * this.#trie.nodeCount + node;
    let walk = this.#walks.get(key);
    if (walk === undefined) {
      walk = this.#walkSubtree(frame, node);
      walk.allowed.compact();
      walk.unsure.compact();
      this.#walks.set(key, walk);
    }
    return walk;
  }

  /** The tokens strictly below `node` whose next byte is in `bytes`, from `frame`. */
  walkSome(frame: Frame, node: number, bytes: Uint8Array): SubtreeWalk {
    this.#stats.frameWalks++;
    const { nodeByte, nodeEnd } = this.#trie;
    const walk = newWalk();
    for (let child = node + 1; child < nodeEnd[node]; child = nodeEnd[child]!) {
      if (bytes[nodeByte[child]] === 0) continue;
      this.#stats.nodesWalked++;
      const action = this.#machine.step(frame, nodeByte[child]);
      if (action !== ACTION_DEAD) this.#apply(action, node, child, walk);
    }
    return walk;
  }

  /** By byte: 1 for those that may come after `frame` ended with `result`; undefined where that is not known. */
  followers(frame: Frame, result: Result): Uint8Array | undefined {
    return this.#machine.followers?.(frame, result);
  }

  /** What is left of tokens, as a trie, from `frame`. */
  walkSuffixes(frame: Frame, suffixes: TokenTrie): SubtreeWalk {
    return walkSuffixes(this.#machine, frame, suffixes, this.#stats);
  }

  /**
   * The tokens strictly below `node` as the difference to those of the frame that most bytes lead to and stay in, or of one that
   * short texts cannot tell from this; undefined when there is no such frame. Only paths on which the two may differ are walked.
   */
  difference(frame: Frame, node: number): DifferenceWalk | undefined {
    const counted = node === 0 ? this.#machine.counted?.(frame) : undefined;
    const difference = counted && this.#countedWalks.difference(counted);
    if (difference !== undefined) return difference;
    const relabelled = this.#machine.relabelled?.(frame);
    if (relabelled !== undefined) {
      const { exits } = this.walk(relabelled, node);
      return this.#relabelledWalks.difference(frame, relabelled, node, exits);
    }
    const keyed = this.#keyed(frame);
    if (keyed !== undefined) return keyed.base === 0 ? undefined : this.#keyedWalks.difference(frame, keyed, node);
    return this.#comparedWalks.difference(frame, node);
  }

  #keyed(frame: Frame): KeyedFrame | undefined {
    if (this.#keyedFrame !== frame) {
      this.#keyedFrame = frame;
      this.#keyedOf = this.#machine.keyed?.(frame);
    }
    return this.#keyedOf;
  }

  #walkSubtree(frame: Frame, node: number): SubtreeWalk {
    if (this.#trie.nodeEnd[node] - node > SMALL_SUBTREE) {
      const difference = this.difference(frame, node);
      if (difference !== undefined) return this.flattened(difference, node);
    }
    const keyed = this.#keyed(frame);
    if (keyed?.base === 0) return this.#keyedWalks.difference(frame, keyed, node).own;
    this.#stats.frameWalks++;
    const walk = newWalk();
    this.#visitChildren(frame, node, walk);
    return walk;
  }

  /** A difference at `node` as a walk of its own. */
  flattened(difference: DifferenceWalk, node: number): SubtreeWalk {
    const { base, removed, within, own } = difference;
    const known = this.walk(base, node).allowed.without(this.#boundsOf(removed));
    const allowed = within === undefined ? known : this.#within(known, within);
    allowed.addAll(own.allowed);
    return { ...this.undecided(difference, node), allowed };
  }

  /** A difference at `node` as a walk of its own, but for the tokens that are allowed. */
  undecided({ base, removed, within, own }: DifferenceWalk, node: number): Omit<SubtreeWalk, "allowed"> {
    const { tokenStart, tokens } = this.#trie;
    const known = this.walk(base, node);
    const unsure = known.unsure.without(this.#boundsOf(removed));
    unsure.addAll(own.unsure);
    const exits = known.exits.filter(
      (exit) =>
        (within === undefined || isAllowed(within, tokens[tokenStart[exit.node]])) &&
        !this.#isWithin(exit.node, removed),
    );
    for (const exit of own.exits) exits.push(exit);
    return { unsure, exits };
  }

  #within(ranges: TokenRanges, mask: Uint32Array): TokenRanges {
    const result = new TokenRanges();
    for (let i = 0; i < ranges.bounds.length; i += 2) {
      for (let position = ranges.bounds[i]; position < ranges.bounds[i + 1]; position++) {
        if (isAllowed(mask, this.#trie.tokens[position])) result.add(position, position + 1);
      }
    }
    return result;
  }

  /** Whether `node` is in the subtree of one of `roots`, which are ascending and apart. */
  #isWithin(node: number, roots: readonly number[]): boolean {
    let low = 0;
    let high = roots.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (roots[middle] <= node) low = middle + 1;
      else high = middle;
    }
    return low > 0 && node < this.#trie.nodeEnd[roots[low - 1]];
  }

  /** The tokens of subtrees, their roots included, as starts and ends in turn. */
  #boundsOf(roots: readonly number[]): Int32Array {
    const { tokenStart, nodeEnd } = this.#trie;
    const bounds = new Int32Array(roots.length * 2);
    for (let i = 0; i < roots.length; i++) {
      bounds[2 * i] = tokenStart[roots[i]];
      bounds[2 * i + 1] = tokenStart[nodeEnd[roots[i]]];
    }
    return bounds;
  }

  /** The tokens of a subtree, its root included, as a range. */
  #tokensOf(root: number): readonly [from: number, to: number] {
    const { tokenStart, nodeEnd } = this.#trie;
    return [tokenStart[root], tokenStart[nodeEnd[root]]];
  }

  #visitChildren(frame: Frame, node: number, walk: MutableWalk): void {
    const { nodeByte, nodeEnd, tokenStart } = this.#trie;
    const machine = this.#machine;
    const end = nodeEnd[node];
    // Below the root, a frame that stays as it is needs no walks of its own for the parts of what is being walked from it.
    const stays = node === 0 ? ACTION_DEAD : gotoFrame(frame);
    let visited = 0;
    for (let child = node + 1; child < end; child = nodeEnd[child]!) {
      visited++;
      const action = machine.step(frame, nodeByte[child]);
      if (action === ACTION_DEAD) continue;
      if (action !== stays) {
        this.#apply(action, node, child, walk);
      } else if (this.#unwalked.allowsAll(frame, child)) {
        walk.allowed.add(tokenStart[child], tokenStart[nodeEnd[child]]);
      } else {
        walk.allowed.add(tokenStart[child], tokenStart[child + 1]);
        if (nodeEnd[child] > child + 1) this.#visitChildren(frame, child, walk);
      }
    }
    this.#stats.nodesWalked += visited;
  }

  /** Takes the action of the byte into `node`, and walks on below. */
  #apply(action: Action, parent: number, node: number, walk: MutableWalk): void {
    const { nodeEnd, tokenStart } = this.#trie;
    const isLeaf = nodeEnd[node] === node + 1;
    const payload = action >>> ACTION_KIND_BITS;
    switch (action & ACTION_KIND_MASK) {
      case ACTION_DEAD:
        return;
      case ACTION_GOTO:
        walk.allowed.add(tokenStart[node], tokenStart[node + 1]);
        if (!isLeaf) this.#visitSuccessor(payload, node, walk);
        return;
      case ACTION_PUSH:
        walk.allowed.add(tokenStart[node], tokenStart[node + 1]);
        if (!isLeaf) this.#visitPushed(payload, node, walk);
        return;
      case ACTION_POP:
        walk.allowed.add(tokenStart[node], tokenStart[node + 1]);
        if (!isLeaf) walk.exits.push({ node, parent, result: payload, consumed: true });
        return;
      case ACTION_REDUCE:
        walk.exits.push({ node, parent, result: payload, consumed: false });
        return;
      default: {
        const [from, to] = this.#tokensOf(node);
        walk.unsure.add(from, to);
      }
    }
  }

  /** Goes on below `node` with the frame that its byte led to: with a walk that is known, where another frame is no different. */
  #visitSuccessor(frame: Frame, node: number, walk: MutableWalk): void {
    if (this.#unwalked.allowsAll(frame, node)) {
      const [from, to] = this.#tokensOf(node);
      walk.allowed.add(from, to);
      return;
    }
    const shared = this.#isSmall(node) ? frame : this.#unwalked.representative(frame, node);
    if (shared === frame && !this.#isWorthKeeping(frame, node)) {
      this.#visitChildren(frame, node, walk);
      return;
    }
    const known = this.walk(shared, node);
    walk.allowed.addAll(known.allowed);
    walk.unsure.addAll(known.unsure);
    for (const exit of known.exits) walk.exits.push(exit);
  }

  #visitPushed(push: number, node: number, walk: MutableWalk): void {
    const machine = this.#machine;
    const inner = this.walk(machine.pushes.child[push], node);
    walk.allowed.addAll(inner.allowed);
    walk.unsure.addAll(inner.unsure);
    const parent = machine.pushes.parent[push];
    let result = -1;
    let resumed = 0;
    for (const exit of inner.exits) {
      if (exit.result !== result) {
        result = exit.result;
        resumed = machine.resume(parent, result, undefined);
      }
      if (exit.consumed) {
        this.#visitChildren(resumed, exit.node, walk);
      } else {
        const action = machine.step(resumed, this.#trie.nodeByte[exit.node]);
        if (action !== ACTION_DEAD) this.#apply(action, exit.parent, exit.node, walk);
      }
    }
  }

  /** Whether many frames lead to the same ones here, as those that wait for terminals do, which soon are in the same terminal. */
  #isWorthKeeping(frame: Frame, node: number): boolean {
    return this.#trie.nodeEnd[node] - node > KEPT_SUBTREE && this.#machine.isShared?.(frame) === true;
  }

  #isSmall(node: number): boolean {
    return this.#trie.nodeEnd[node] - node <= SMALL_SUBTREE;
  }
}
