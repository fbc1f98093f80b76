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
  type FrameMachine,
  type Result,
} from "../automaton/frame-machine.ts";
import type { TokenTrie } from "../vocabulary/token-trie.ts";
import { TokenRanges } from "./token-ranges.ts";
import type { MaskStats } from "./mask-stats.ts";

/**
 * What the tokens of one subtree of the token trie can do from one frame, whatever is below it on the stack.
 *
 * Token ranges are over `trie.tokens`, that is, over tokens in depth-first order.
 */
export interface SubtreeWalk {
  /** Tokens that survive in the frame or in what it pushes, or end on the frame's last byte. */
  readonly allowed: TokenRanges;
  /** Tokens for which a captured text decides: to be stepped one by one. */
  readonly unsure: TokenRanges;
  /** Where tokens leave the frame with bytes to go. */
  readonly exits: readonly Exit[];
}

/** The frame ends with `result` on the byte into `node` (`consumed`), or before it. */
export interface Exit {
  readonly node: number;
  /** The node above. */
  readonly parent: number;
  readonly result: Result;
  readonly consumed: boolean;
}

/** A walk as the difference to another: what `base` says of the subtrees of `removed` nodes does not hold. */
export interface DifferenceWalk {
  readonly base: Frame;
  readonly removed: readonly number[];
  readonly own: SubtreeWalk;
}

/** Bytes by which a frame's usual successor is found: letters, a digit and a blank. */
const PROBES = [0x7a, 0x51, 0x37, 0x20, 0x65];
/** Subtrees with fewer nodes are walked directly. */
const SMALL_SUBTREE = 48;

interface MutableWalk {
  readonly allowed: TokenRanges;
  readonly unsure: TokenRanges;
  readonly exits: Exit[];
}

/**
 * Walks the token trie from frames, sharing subtrees: what a string that was just opened can do with the tokens that begin
 * with a quote is the same in every state that opens such a string.
 */
export class SubtreeWalker {
  readonly #machine: FrameMachine;
  readonly #trie: TokenTrie;
  readonly #stats: MaskStats;
  readonly #walks = new Map<number, SubtreeWalk>();

  constructor(machine: FrameMachine, trie: TokenTrie, stats: MaskStats) {
    this.#machine = machine;
    this.#trie = trie;
    this.#stats = stats;
  }

  /** The tokens strictly below `node`, from `frame`. Remembered. */
  walk(frame: Frame, node: number): SubtreeWalk {
    const key = frame * this.#trie.nodeCount + node;
    let walk = this.#walks.get(key);
    if (walk === undefined) {
      walk = this.#walkSubtree(frame, node);
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
    return normalised(walk);
  }

  /**
   * The tokens strictly below `node` as the difference to those of the frame that most bytes lead to and stay in; undefined
   * when there is no such frame. Only paths on which the two frames differ are walked.
   */
  difference(frame: Frame, node: number): DifferenceWalk | undefined {
    const base = this.#usualSuccessor(frame);
    if (base === undefined) return undefined;
    const removed: number[] = [];
    const own = newWalk();
    this.#stats.frameWalks++;
    this.#compare(frame, base, node, removed, own);
    return { base, removed, own: normalised(own) };
  }

  #walkSubtree(frame: Frame, node: number): SubtreeWalk {
    if (this.#trie.nodeEnd[node] - node > SMALL_SUBTREE) {
      const difference = this.difference(frame, node);
      if (difference !== undefined) return this.#flatten(difference, node);
    }
    this.#stats.frameWalks++;
    const walk = newWalk();
    this.#visitChildren(frame, node, walk);
    return normalised(walk);
  }

  #flatten({ base, removed, own }: DifferenceWalk, node: number): SubtreeWalk {
    const { nodeEnd } = this.#trie;
    const known = this.walk(base, node);
    const ranges = removed.map((root) => this.#tokensOf(root));
    const allowed = known.allowed.without(ranges);
    allowed.addAll(own.allowed);
    const unsure = known.unsure.without(ranges);
    unsure.addAll(own.unsure);
    const isRemoved = (exit: Exit): boolean => removed.some((root) => exit.node >= root && exit.node < nodeEnd[root]);
    const exits = removed.length === 0 ? known.exits : known.exits.filter((exit) => !isRemoved(exit));
    return normalised({ allowed, unsure, exits: [...exits, ...own.exits] });
  }

  /** The tokens of a subtree, its root included, as a range. */
  #tokensOf(root: number): readonly [from: number, to: number] {
    const { tokenStart, nodeEnd } = this.#trie;
    return [tokenStart[root], tokenStart[nodeEnd[root]]];
  }

  #usualSuccessor(frame: Frame): Frame | undefined {
    const counts = new Map<Action, number>();
    for (const byte of PROBES) {
      const action = this.#machine.step(frame, byte);
      if ((action & ACTION_KIND_MASK) === ACTION_GOTO) counts.set(action, (counts.get(action) ?? 0) + 1);
    }
    for (const [action, count] of counts) {
      const successor = action >>> ACTION_KIND_BITS;
      if (count < 3 || successor === frame) continue;
      const stays = PROBES.filter((byte) => this.#machine.step(successor, byte) === action).length;
      if (stays >= count) return successor;
    }
    return undefined;
  }

  #compare(frame: Frame, base: Frame, node: number, removed: number[], own: MutableWalk): void {
    const { nodeByte, nodeEnd } = this.#trie;
    const end = nodeEnd[node];
    for (let child = node + 1; child < end; child = nodeEnd[child]!) {
      this.#stats.nodesWalked++;
      const action = this.#machine.step(frame, nodeByte[child]);
      const baseAction = this.#machine.step(base, nodeByte[child]);
      if (action === baseAction) continue;
      if (isGoto(action) && isGoto(baseAction)) {
        this.#compare(action >>> ACTION_KIND_BITS, baseAction >>> ACTION_KIND_BITS, child, removed, own);
      } else {
        removed.push(child);
        this.#apply(action, node, child, own);
      }
    }
  }

  #visitChildren(frame: Frame, node: number, walk: MutableWalk): void {
    const { nodeByte, nodeEnd } = this.#trie;
    const machine = this.#machine;
    const end = nodeEnd[node];
    let visited = 0;
    for (let child = node + 1; child < end; child = nodeEnd[child]!) {
      visited++;
      const action = machine.step(frame, nodeByte[child]);
      if (action !== ACTION_DEAD) this.#apply(action, node, child, walk);
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
        if (!isLeaf) this.#visitChildren(payload, node, walk);
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

  #visitPushed(push: number, node: number, walk: MutableWalk): void {
    const machine = this.#machine;
    const inner = this.walk(machine.pushes.child[push], node);
    walk.allowed.addAll(inner.allowed);
    walk.unsure.addAll(inner.unsure);
    const parent = machine.pushes.parent[push];
    for (const exit of inner.exits) {
      const resumed = machine.resume(parent, exit.result, undefined);
      if (exit.consumed) this.#visitChildren(resumed, exit.node, walk);
      else this.#apply(machine.step(resumed, this.#trie.nodeByte[exit.node]), exit.parent, exit.node, walk);
    }
  }
}

function isGoto(action: Action): boolean {
  return (action & ACTION_KIND_MASK) === ACTION_GOTO;
}

function newWalk(): MutableWalk {
  return { allowed: new TokenRanges(), unsure: new TokenRanges(), exits: [] };
}

function normalised(walk: MutableWalk): SubtreeWalk {
  walk.allowed.normalise();
  walk.unsure.normalise();
  return walk;
}
