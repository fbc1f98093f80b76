import { DEAD, type State, type WorkBudget } from "@espalier/grammar";
import { OPEN } from "../canvas/canvas-tokens.ts";
import { IntList } from "./int-list.ts";
import { StateIndex } from "./state-index.ts";
import type { TokenGraph } from "./token-graph.ts";
import type { Trellis, TrellisLayer } from "./trellis.ts";
import { trimTrellis } from "./trim-trellis.ts";

export interface ExactTrellisOptions {
  /** Tokens that may follow the canvas: the last state must have a known way to the end of at most this length. @defaultValue 0 */
  readonly tokensAfter?: number | undefined;
  /** A state that the canvas may end in whatever it costs, because a way on from it is known. @defaultValue none */
  readonly alsoFinal?: State | undefined;
  /** States that a layer may have. @defaultValue 1024 */
  readonly maxStates?: number | undefined;
  /** What each edge takes one step of. */
  readonly budget: WorkBudget;
}

export const DEFAULT_MAX_STATES = 1024;

/**
 * The trellis of a canvas with every valid completion on it; `undefined` when a layer would have more than `maxStates` states,
 * or the exploration adds too many to the automaton.
 *
 * @param canvas tokens, and {@link OPEN} where any token may stand
 * Complexity: O(positions × edges), where a state has as many edges as it has successor states, not tokens.
 */
export function exactTrellis(graph: TokenGraph, canvas: Int32Array, options: ExactTrellisOptions): Trellis | undefined {
  const { tokensAfter = 0, alsoFinal, maxStates = DEFAULT_MAX_STATES, budget } = options;
  const isTooMuch = graph.explorationLimit();
  const index = new StateIndex();
  const nodes: Int32Array[] = [Int32Array.of(graph.start)];
  const layers: TrellisLayer[] = [];
  const from = new IntList();
  const to = new IntList();
  const label = new IntList();
  for (let position = 0; position < canvas.length; position++) {
    const token = canvas[position];
    index.begin();
    for (const list of [from, to, label]) list.clear();
    const states = nodes[position];
    for (let node = 0; node < states.length; node++) {
      if (token === OPEN) {
        const { targets, sets } = graph.edges(states[node]);
        budget.spend(targets.length + 1);
        for (let edge = 0; edge < targets.length; edge++) {
          from.push(node);
          to.push(index.nodeOf(targets[edge]));
          label.push(sets[edge]);
        }
      } else {
        budget.spend();
        const target = graph.after(states[node], token);
        if (target === DEAD) continue;
        from.push(node);
        to.push(index.nodeOf(target));
        label.push(~token);
      }
      if (index.states.length > maxStates || isTooMuch()) return undefined;
    }
    layers.push({ from: from.toArray(), to: to.toArray(), label: label.toArray() });
    nodes.push(index.states.toArray());
  }
  const isEnd = (state: State): boolean => state === alsoFinal || canEnd(graph, state, tokensAfter);
  const trimmed = trimTrellis(nodes, layers, isEnd);
  return { graph, ...trimmed, isExact: true };
}

/** Whether a canvas may end in `state` when `tokensAfter` tokens can follow. @internal */
export function canEnd(graph: TokenGraph, state: State, tokensAfter: number): boolean {
  return graph.isFinal(state) || (tokensAfter > 0 && graph.cost(state) <= tokensAfter);
}
