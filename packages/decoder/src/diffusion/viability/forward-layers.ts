import { DEAD, type State, type WorkBudget } from "@espalier/grammar";
import { OPEN } from "../canvas/canvas-tokens.ts";
import { StateIndex } from "../trellis/state-index.ts";
import type { TokenGraph } from "../trellis/token-graph.ts";

/**
 * The states in which the first tokens of a canvas may leave the automaton, layer by layer: a canvas is viable when one of the last
 * layer is final. A token that is committed changes the layers behind it, and only as far as they differ.
 * @internal
 */
export class ForwardLayers {
  readonly #graph: TokenGraph;
  readonly #maxStates: number;
  readonly #index = new StateIndex();
  readonly #layers: Int32Array[];
  #isTooMuch: () => boolean = () => false;

  constructor(graph: TokenGraph, maxStates: number) {
    this.#graph = graph;
    this.#maxStates = maxStates;
    this.#layers = [Int32Array.of(graph.start)];
  }

  /** The layer behind the first `position` tokens. */
  at(position: number): Int32Array {
    return this.#layers[position];
  }

  /**
   * Works out the layers behind `from`. Returns `undefined` when one of them has more than `maxStates` states or there
   * is too much to explore (the layers mean
   * nothing then), else the first position whose token fits no state, or the length of the canvas when there is none.
   */
  update(canvas: Int32Array, from: number, budget: WorkBudget): number | undefined {
    this.#isTooMuch = this.#graph.explorationLimit();
    for (let position = from; position < canvas.length; position++) {
      const next = this.#next(position, canvas[position], budget);
      if (next === undefined) return undefined;
      const known = this.#layers[position + 1];
      // Behind an equal layer everything stays as it is, if it was worked out for the same tokens: only `from` differs.
      if (known !== undefined && position > from && this.#equals(known)) return canvas.length;
      this.#layers[position + 1] = next;
      if (next.length === 0) {
        this.#layers.length = position + 2;
        return position;
      }
    }
    return canvas.length;
  }

  /** A copy that can be changed by itself. */
  fork(): ForwardLayers {
    const copy = new ForwardLayers(this.#graph, this.#maxStates);
    this.#layers.forEach((layer, position) => (copy.#layers[position] = layer));
    return copy;
  }

  /** A canvas that leads to `last`, one of the last layer: tokens for all open positions. */
  backtrack(canvas: Int32Array, last: State): Int32Array {
    const tokens = canvas.slice();
    let target = last;
    for (let position = canvas.length - 1; position >= 0; position--) {
      const step = this.#before(position, canvas[position], target);
      tokens[position] = step.token;
      target = step.state;
    }
    return tokens;
  }

  #next(position: number, token: number, budget: WorkBudget): Int32Array | undefined {
    this.#index.begin();
    const { states } = this.#index;
    for (const state of this.#layers[position]) {
      if (token === OPEN) {
        const { targets } = this.#graph.edges(state);
        budget.spend(targets.length + 1);
        for (const target of targets) this.#index.nodeOf(target);
      } else {
        budget.spend();
        const target = this.#graph.after(state, token);
        if (target !== DEAD) this.#index.nodeOf(target);
      }
      if (states.length > this.#maxStates || this.#isTooMuch()) return undefined;
    }
    return states.toArray();
  }

  /** Whether `known` has the states of the layer that was made last. */
  #equals(known: Int32Array): boolean {
    const { states } = this.#index;
    const { length } = states;
    if (known.length !== length) return false;
    for (const state of known) if (this.#index.nodeOf(state) >= length) return false;
    return true;
  }

  #before(position: number, token: number, target: State): { state: State; token: number } {
    for (const state of this.#layers[position]) {
      if (token === OPEN) {
        const { targets, sets } = this.#graph.edges(state);
        const edge = targets.indexOf(target);
        if (edge >= 0) return { state, token: this.#graph.sets.tokens(sets[edge])[0] };
      } else if (this.#graph.after(state, token) === target) {
        return { state, token };
      }
    }
    throw new Error(`Broken invariant: no state before ${target} at position ${position}.`);
  }
}
