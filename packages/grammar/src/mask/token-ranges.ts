/** Longer lists of bounds are kept as typed arrays, which have a price of their own. */
const LONG = 64;
/** More than a list of tokens has. */
const POSITIONS = 2 ** 26;

/** A set of positions in a list of tokens, as ranges [from, to) that are apart: compact where tokens are in depth-first order. */
export class TokenRanges {
  /** Starts and ends in turn. */
  bounds: number[] | Int32Array = [];
  #sorted = true;

  /** Bytes held. */
  get bytes(): number {
    return this.bounds.length * (this.bounds instanceof Int32Array ? 4 : 8) + 64;
  }

  /** Makes what is kept small. Nothing can be added afterwards. */
  compact(): void {
    this.bounds = this.bounds.length > LONG ? Int32Array.from(this.bounds) : this.bounds.slice();
  }

  add(from: number, to: number): void {
    if (from === to) return;
    const bounds = this.bounds as number[];
    const last = bounds.length - 1;
    if (last > 0 && bounds[last] === from) {
      bounds[last] = to;
      return;
    }
    if (last > 0 && from < bounds[last]) this.#sorted = false;
    bounds.push(from, to);
  }

  addAll(other: TokenRanges): void {
    for (let i = 0; i < other.bounds.length; i += 2) this.add(other.bounds[i], other.bounds[i + 1]);
  }

  /** How many positions there are. */
  get count(): number {
    let count = 0;
    for (let i = 0; i < this.bounds.length; i += 2) count += this.bounds[i + 1] - this.bounds[i];
    return count;
  }

  /** Starts and ends in turn, ascending. */
  sorted(): readonly number[] | Int32Array {
    this.#normalise();
    return this.bounds;
  }

  /** Sorts and joins the ranges. */
  #normalise(): void {
    if (this.#sorted) return;
    // Both ends of a range in one number: typed arrays of numbers are sorted quickly.
    const ranges = new Float64Array(this.bounds.length >>> 1);
    for (let i = 0; i < ranges.length; i++) ranges[i] = this.bounds[2 * i] * POSITIONS + this.bounds[2 * i + 1];
    ranges.sort();
    const bounds: number[] = [];
    for (const range of ranges) {
      const from = Math.floor(range / POSITIONS);
      const to = range - from * POSITIONS;
      const last = bounds.length - 1;
      if (last > 0 && from <= bounds[last]) bounds[last] = Math.max(to, bounds[last]);
      else bounds.push(from, to);
    }
    this.bounds = bounds;
    this.#sorted = true;
  }

  /** The positions from one to before another. */
  between(from: number, to: number): TokenRanges {
    this.#normalise();
    const { bounds } = this;
    const result = new TokenRanges();
    let low = 0;
    let high = bounds.length >>> 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (bounds[2 * middle + 1] <= from) low = middle + 1;
      else high = middle;
    }
    for (let i = 2 * low; i < bounds.length && bounds[i] < to; i += 2) {
      result.add(Math.max(from, bounds[i]), Math.min(to, bounds[i + 1]));
    }
    return result;
  }

  /**
   * A copy without the positions of some ranges.
   * @param removed starts and ends in turn, sorted and apart
   */
  without(removed: Int32Array): TokenRanges {
    this.#normalise();
    const result = new TokenRanges();
    let next = 0;
    for (let i = 0; i < this.bounds.length; i += 2) {
      let from = this.bounds[i];
      const to = this.bounds[i + 1];
      while (next < removed.length && removed[next + 1] <= from) next += 2;
      for (let j = next; j < removed.length && removed[j] < to; j += 2) {
        result.add(from, Math.max(from, removed[j]));
        from = Math.max(from, removed[j + 1]);
      }
      if (from < to) result.add(from, to);
    }
    return result;
  }
}
