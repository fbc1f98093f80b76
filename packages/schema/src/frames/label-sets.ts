import type { Result } from "@espalier/grammar";

/** Numbers sets of labels: what an ended value tells the frame below is which of its formulas hold. */
export class LabelSets {
  readonly #ids = new Map<string, Result>();
  readonly #sets: (readonly number[])[] = [];

  /** @param labels ascending */
  intern(labels: readonly number[]): Result {
    const key = labels.join();
    let id = this.#ids.get(key);
    if (id === undefined) {
      id = this.#sets.length;
      this.#sets.push(labels);
      this.#ids.set(key, id);
    }
    return id;
  }

  labelsOf(result: Result): readonly number[] {
    return this.#sets[result];
  }
}
