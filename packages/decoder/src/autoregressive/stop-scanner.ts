/**
 * Finds the first of several texts in a stream of bytes, and holds back what may yet turn out to be the beginning of one.
 * Knuth, Morris and Pratt's automaton for each text: constant work per byte and text, whatever the stream.
 */
export class StopScanner {
  readonly #stops: readonly Uint8Array[];
  readonly #failures: readonly Int32Array[];
  /** How many bytes of each stop the stream ends with. */
  readonly #matched: Int32Array;
  /** Bytes that may belong to a stop, at most the longest stop's length - 1 between calls. */
  #held: number[] = [];

  /** @param stops non-empty texts */
  constructor(stops: readonly string[]) {
    const encoder = new TextEncoder();
    this.#stops = stops.map((stop) => encoder.encode(stop));
    this.#failures = this.#stops.map(failureTable);
    this.#matched = new Int32Array(stops.length);
  }

  /**
   * Takes the next bytes.
   * @returns those that are certainly no part of a stop text, and whether one was found (after which the scanner is spent)
   */
  push(bytes: Uint8Array): { readonly clear: Uint8Array; readonly isFound: boolean } {
    if (this.#stops.length === 0) return { clear: bytes, isFound: false };
    for (const byte of bytes) {
      this.#held.push(byte);
      const found = this.#step(byte);
      if (found > 0) {
        const clear = Uint8Array.from(this.#held.slice(0, this.#held.length - found));
        this.#held = [];
        return { clear, isFound: true };
      }
    }
    const kept = this.#matched.reduce((most, length) => Math.max(most, length), 0);
    return {
      clear: Uint8Array.from(this.#held.splice(0, this.#held.length - kept)),
      isFound: false,
    };
  }

  /** What was held back, at the end of the stream. */
  flush(): Uint8Array {
    return Uint8Array.from(this.#held.splice(0));
  }

  /** Moves all automata; returns the length of the longest stop that ends here, or 0. */
  #step(byte: number): number {
    let found = 0;
    for (let index = 0; index < this.#stops.length; index++) {
      const stop = this.#stops[index];
      let matched = this.#matched[index];
      while (matched > 0 && stop[matched] !== byte) matched = this.#failures[index][matched - 1];
      if (stop[matched] === byte) matched++;
      this.#matched[index] = matched;
      if (matched === stop.length && matched > found) found = matched;
    }
    return found;
  }
}

/** For each prefix, the length of its longest proper border. */
function failureTable(stop: Uint8Array): Int32Array {
  const table = new Int32Array(stop.length);
  let border = 0;
  for (let index = 1; index < stop.length; index++) {
    while (border > 0 && stop[index] !== stop[border]) border = table[border - 1];
    if (stop[index] === stop[border]) border++;
    table[index] = border;
  }
  return table;
}
