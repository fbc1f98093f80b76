import type { State, WorkBudget } from "@espalier/grammar";
import type { TokenGraph } from "../trellis/token-graph.ts";

/** States that the search for a least length may visit. */
const MAX_STATES = 5_000;

export interface ShortestEnd {
  readonly tokens: number;
  /** False when it is the length of a known way, and there may be a shorter one. */
  readonly isLeast: boolean;
}

/** How many tokens the shortest way takes from one of `states` to the end of a text. @internal */
export function shortestEnd(graph: TokenGraph, states: Iterable<State>, budget: WorkBudget): ShortestEnd {
  const origins = [...states];
  const seen = new Set(origins);
  let frontier = origins;
  for (let tokens = 0; frontier.length > 0 && seen.size <= MAX_STATES; tokens++) {
    if (frontier.some((state) => graph.isFinal(state))) return { tokens, isLeast: true };
    const next: State[] = [];
    for (const state of frontier) {
      if (seen.size > MAX_STATES) break;
      const { targets } = graph.edges(state);
      budget.spend(targets.length + 1);
      for (const target of targets) {
        if (seen.has(target)) continue;
        seen.add(target);
        next.push(target);
      }
    }
    frontier = next;
  }
  return { tokens: Math.min(...origins.map((state) => graph.cost(state))), isLeast: false };
}
