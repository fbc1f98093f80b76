import { DEAD, type State } from "@espalier/grammar";
import { IntList } from "./int-list.ts";

/** States of one layer as 0, 1, 2, … in the order of their first mention. One instance serves layer after layer. @internal */
export class StateIndex {
  #layer = new Int32Array(1024);
  #node = new Int32Array(1024);
  #current = 0;
  readonly states: IntList = new IntList();

  begin(): void {
    this.#current++;
    this.states.clear();
  }

  /** The node of `state`, which must not be DEAD. */
  nodeOf(state: State): number {
    // TAIL is -1 and takes the place of DEAD, which is never asked for.
    const slot = state < DEAD ? DEAD : state;
    if (slot >= this.#layer.length) this.#grow(slot);
    if (this.#layer[slot] === this.#current) return this.#node[slot];
    this.#layer[slot] = this.#current;
    return (this.#node[slot] = this.states.push(state));
  }

  #grow(slot: number): void {
    const length = Math.max(slot + 1, this.#layer.length * 2);
    const layer = new Int32Array(length);
    layer.set(this.#layer);
    const node = new Int32Array(length);
    node.set(this.#node);
    this.#layer = layer;
    this.#node = node;
  }
}
