import type { Result } from "../automaton/frame-machine.ts";

/** What the endings of several frames have in common that hand over the same result. */
export interface CommonEnding {
  readonly result: Result;
  /** The greatest number of tokens that one of them takes. */
  readonly most: number;
  /** A text after which the first of the frames has ended so. */
  readonly text: Uint8Array;
}

/** Endings by result. */
export class EndingSet {
  readonly #endings = new Map<Result, CommonEnding>();

  get size(): number {
    return this.#endings.size;
  }

  [Symbol.iterator](): IterableIterator<CommonEnding> {
    return this.#endings.values();
  }

  /** @param pathTo the bytes that lead to the frame that ends with `text`; asked for where the result is new */
  add(result: Result, tokens: number, text: Uint8Array, pathTo: () => Iterable<number>): void {
    const known = this.#endings.get(result);
    if (known === undefined) {
      this.#endings.set(result, { result, most: tokens, text: Uint8Array.from([...pathTo(), ...text]) });
    } else if (known.most < tokens) {
      this.#endings.set(result, { ...known, most: tokens });
    }
  }
}
