import type { CacheBudget } from "./cache-budget.ts";

/** Work done by the masks of one cache: what tests assert instead of time. */
export interface MaskStats {
  /** Masks filled. */
  masks: number;
  /** Masks that were copies of an earlier one of the same state. */
  stateHits: number;
  /** Masks whose frame had been walked before. */
  frameHits: number;
  /** Frames walked over the token trie. */
  frameWalks: number;
  /** Trie nodes visited, suffix tries included. */
  nodesWalked: number;
  /** Tokens checked one by one because a captured text decided. */
  tokensChecked: number;
  /** Bytes that masks hold, of all constraints that share the budget ({@link maskMemory}); an estimate. */
  readonly bytesHeld: number;
}

export function newMaskStats(budget: CacheBudget): MaskStats {
  return {
    masks: 0,
    stateHits: 0,
    frameHits: 0,
    frameWalks: 0,
    nodesWalked: 0,
    tokensChecked: 0,
    get bytesHeld() {
      return budget.bytesHeld;
    },
  };
}
