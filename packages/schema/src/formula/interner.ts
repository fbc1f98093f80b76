import { LimitExceededError } from "@espalier/grammar";

/** Numbers records by a content key: equal keys, the same record. */
export class Interner<Value extends object> {
  readonly #byKey = new Map<string, Value>();
  readonly #name: string;
  readonly #limit: number;

  constructor(name: string, limit: number) {
    this.#name = name;
    this.#limit = limit;
  }

  get size(): number {
    return this.#byKey.size;
  }

  /** The record of a key that was interned before. */
  known(key: string): Value | undefined {
    return this.#byKey.get(key);
  }

  intern(key: string, make: (id: number) => Value): Value {
    let value = this.#byKey.get(key);
    if (value === undefined) {
      if (this.#byKey.size >= this.#limit) {
        throw new LimitExceededError({
          message: `The schema needs more than ${this.#name} (${this.#limit}) formulas.`,
          limit: this.#name,
          allowed: this.#limit,
          hint: `Raise ${this.#name}, or simplify the combination of anyOf, oneOf, not and if.`,
        });
      }
      value = make(this.#byKey.size);
      this.#byKey.set(key, value);
    }
    return value;
  }
}
