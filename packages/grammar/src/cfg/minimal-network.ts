import type { WorkBudget } from "../budget/work-budget.ts";
import { IntTripleTable } from "../automaton/int-triple-table.ts";
import type { SymbolNetwork } from "./symbol-network.ts";

/** Rounds after which a network is left as it is: one with long ways through it and little that is alike. */
const MAX_ROUNDS = 24;

/**
 * The least network that is no different from one with at most one edge for each state and symbol, of whose every state something
 * completes it. O(edges).
 * @param keys may be one for many networks, which then need not have one each
 * @see Moore, "Gedanken-experiments on sequential machines", Automata Studies, 1956
 */
export function minimalNetwork(
  network: SymbolNetwork,
  budget: WorkBudget,
  keys: IntTripleTable = new IntTripleTable(),
): SymbolNetwork {
  const { edges, isAccepting } = network;
  let classOf = isAccepting.map(Number);
  for (let count = new Set(classOf).size, rounds = 0; ; rounds++) {
    if (rounds === MAX_ROUNDS) return network;
    const ids = new Map<number, number>();
    const next = edges.map((leaving, state) => {
      budget.spend(leaving.length + 1);
      let key = -1 - classOf[state];
      for (const { symbol, to } of leaving) key = keys.intern(key, symbol, classOf[to]);
      let id = ids.get(key);
      if (id === undefined) ids.set(key, (id = ids.size));
      return id;
    });
    classOf = next;
    if (ids.size === count) break;
    count = ids.size;
  }
  // Classes are numbered by their first states, so that the start is 0.
  const first: number[] = [];
  for (const [state, each] of classOf.entries()) first[each] ??= state;
  if (first.length === edges.length) return network;
  return {
    edges: first.map((state) => edges[state].map(({ symbol, to }) => ({ symbol, to: classOf[to] }))),
    isAccepting: first.map((state) => isAccepting[state]),
  };
}
