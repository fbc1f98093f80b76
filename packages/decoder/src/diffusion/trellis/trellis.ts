import type { TokenGraph } from "./token-graph.ts";

/**
 * The edges between one layer and the next, as parallel arrays, ascending by `from`.
 *
 * A label that is not negative is a set of tokens (`TokenGraph.sets`): all that lead from the one state to the other. A negative one
 * is the single token `~label`.
 */
export interface TrellisLayer {
  readonly from: Int32Array;
  readonly to: Int32Array;
  readonly label: Int32Array;
}

/**
 * All that a canvas can become, as a layered graph: layer `i` holds the states in which its first `i` tokens may leave the automaton,
 * and a path from the first layer to the last is a canvas (one choice of a token for each edge on it). The automaton is
 * deterministic, so no canvas is on two paths. Every node is on some path: what leads nowhere has been removed.
 *
 * Its size is in states, not in tokens: tokens that lead from a state to the same state share an edge. It says nothing of
 * probabilities; see `mostProbable` and `SumProduct`.
 */
export interface Trellis {
  readonly graph: TokenGraph;
  /** States by layer, one layer more than the canvas has positions. The first layer is empty when no canvas is valid. */
  readonly nodes: readonly Int32Array[];
  readonly layers: readonly TrellisLayer[];
  /** True when every valid canvas is on it; false when tokens or states were left out. */
  readonly isExact: boolean;
}

export function isEmptyTrellis(trellis: Trellis): boolean {
  return trellis.nodes[0].length === 0;
}

/** The edges of all layers. */
export function countEdges(trellis: Trellis): number {
  return trellis.layers.reduce((total, layer) => total + layer.label.length, 0);
}
