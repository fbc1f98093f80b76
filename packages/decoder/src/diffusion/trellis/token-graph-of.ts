import type { Constraint, PushdownAutomaton, TokenId } from "@espalier/grammar";
import { TokenGraph } from "./token-graph.ts";

const graphs = new WeakMap<PushdownAutomaton, TokenGraph[]>();

export interface CanvasTokens {
  readonly eosTokens: readonly TokenId[];
  readonly paddingTokens: readonly TokenId[];
}

/** The token graph of a constraint: what it remembers lives as long as the constraint's automaton. @internal */
export function tokenGraphOf(constraint: Constraint, { eosTokens, paddingTokens }: CanvasTokens): TokenGraph {
  // A matcher is never used here; asking for one lets the constraint begin anew when its automaton has grown too large.
  constraint.matcher();
  const { automaton, vocabulary } = constraint;
  let known = graphs.get(automaton);
  if (known === undefined) graphs.set(automaton, (known = []));
  let graph = known.find(
    (each) =>
      each.vocabulary === vocabulary &&
      sameTokens(each.eosTokens, eosTokens) &&
      sameTokens(each.paddingTokens, paddingTokens),
  );
  if (graph === undefined) {
    graph = new TokenGraph({ automaton, vocabulary, eosTokens, paddingTokens });
    known.push(graph);
  }
  return graph;
}

function sameTokens(a: readonly TokenId[], b: readonly TokenId[]): boolean {
  return a.length === b.length && a.every((token, index) => token === b[index]);
}
