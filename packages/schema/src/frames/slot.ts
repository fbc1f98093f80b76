import type { ValueId } from "../formula/formula.ts";

/**
 * What is asked of one value: which of several sets it is in, given that it must be in one of the sets labelled `goal`.
 * Labels are indexes into `values`.
 */
export interface Slot {
  readonly id: number;
  readonly values: readonly ValueId[];
  /** Ascending labels. At least one of these sets must contain the value, and at least one can. */
  readonly goal: readonly number[];
}

/** Slots by content. */
export class Slots {
  readonly #slots = new Map<string, Slot>();
  /** Of one set that must hold. */
  readonly #single = new Map<ValueId, Slot>();

  /** What is asked is one set, and nothing else matters. */
  ofOne(value: ValueId): Slot {
    let slot = this.#single.get(value);
    if (slot === undefined) this.#single.set(value, (slot = this.of([], [value])));
    return slot;
  }

  /**
   * @param tracked the sets whose membership matters to the frame below
   * @param sufficient the sets of which one must hold
   */
  of(tracked: readonly ValueId[], sufficient: readonly ValueId[]): Slot {
    const values = [...new Set([...sufficient, ...tracked])].sort((a, b) => a - b);
    const goal = values.flatMap((value, label) => (sufficient.includes(value) ? [label] : []));
    const key = `${values.join()};${goal.join()}`;
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = { id: this.#slots.size, values, goal };
      this.#slots.set(key, slot);
    }
    return slot;
  }
}
