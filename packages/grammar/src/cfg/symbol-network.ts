import type { ProductionSymbol } from "./productions.ts";

/** A state of a network: 0, 1, 2, …; 0 is the start. */
export type NetworkState = number;

export interface NetworkEdge {
  readonly symbol: ProductionSymbol;
  readonly to: NetworkState;
}

/**
 * What a nonterminal may consist of, as a finite automaton over symbols that each stand for a text that is not empty.
 *
 * A grammar whose productions are such automata is a recursive transition network.
 * @see Woods, "Transition network grammars for natural language analysis", Communications of the ACM 13(10), 1970
 */
export interface SymbolNetwork {
  /** By state; ascending by symbol. Two edges of one state with the same symbol stand for a choice. */
  readonly edges: readonly (readonly NetworkEdge[])[];
  /** By state: whether the nonterminal may be complete. */
  readonly isAccepting: readonly boolean[];
}

export function edgeCount({ edges }: SymbolNetwork): number {
  return edges.reduce((sum, { length }) => sum + length, 0);
}
