import type { Action, Frame, Result } from "../automaton/frame-machine.ts";
import { TokenRanges } from "./token-ranges.ts";

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
  /** Ascending. */
  readonly removed: readonly number[];
  /** When given: of the tokens of the base, only those of this mask. Tokens below a place where the base ends are all in it, or none is. */
  readonly within?: Uint32Array | undefined;
  readonly own: SubtreeWalk;
}

/** A walk that is being made. */
export interface MutableWalk extends SubtreeWalk {
  readonly exits: Exit[];
}

/** Takes the action of the byte into `node`, a child of `parent`, and walks on below: what comes of it is added to `walk`. */
export type ApplyAction = (action: Action, parent: number, node: number, walk: MutableWalk) => void;

export function newWalk(): MutableWalk {
  return { allowed: new TokenRanges(), unsure: new TokenRanges(), exits: [] };
}

export function walkBytes({ allowed, unsure, exits }: SubtreeWalk): number {
  return 200 + allowed.bytes + unsure.bytes + exits.length * 64;
}
