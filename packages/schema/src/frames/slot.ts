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
    if (slot === undefined) this.#single.set(value, (slot = this.#ofContent([value], [0])));
    return slot;
  }

  /**
   * @param tracked the sets whose membership matters to the frame below
   * @param sufficient the sets of which one must hold
   */
  of(tracked: readonly ValueId[], sufficient: readonly ValueId[]): Slot {
    if (tracked.length === 0 && sufficient.length === 1) return this.ofOne(sufficient[0]);
    const values = [...new Set([...sufficient, ...tracked])].sort((a, b) => a - b);
    return this.#ofContent(
      values,
      values.flatMap((value, label) => (sufficient.includes(value) ? [label] : [])),
    );
  }

  #ofContent(values: readonly ValueId[], goal: readonly number[]): Slot {
    const key = `${values.join()};${goal.join()}`;
    let slot = this.#slots.get(key);
    if (slot === undefined) {
      slot = { id: this.#slots.size, values, goal };
      this.#slots.set(key, slot);
    }
    return slot;
  }
}
