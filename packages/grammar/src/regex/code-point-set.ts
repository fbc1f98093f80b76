import { type CodePointRanges, normalizeRanges } from "./utf8-terms.ts";

/** The largest code point. */
export const MAX_CODE_POINT = 0x10_ffff;

/** A set of code points: sorted, disjoint, non-adjacent inclusive ranges. Immutable. */
export class CodePointSet {
  static readonly empty: CodePointSet = new CodePointSet([]);
  readonly ranges: CodePointRanges;

  private constructor(ranges: CodePointRanges) {
    this.ranges = ranges;
  }

  static of(ranges: CodePointRanges): CodePointSet {
    return new CodePointSet(normalizeRanges(ranges));
  }

  static union(sets: readonly CodePointSet[]): CodePointSet {
    return sets.length === 1 ? sets[0] : CodePointSet.of(sets.flatMap((set) => set.ranges));
  }

  get isEmpty(): boolean {
    return this.ranges.length === 0;
  }

  has(codePoint: number): boolean {
    let low = 0;
    let high = this.ranges.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.ranges[middle][1] < codePoint) low = middle + 1;
      else high = middle;
    }
    return low < this.ranges.length && this.ranges[low][0] <= codePoint;
  }

  /** All code points up to `max` that are not members. */
  complement(max: number = MAX_CODE_POINT): CodePointSet {
    const ranges: [number, number][] = [];
    let from = 0;
    for (const [low, high] of this.ranges) {
      if (low > max) break;
      if (low > from) ranges.push([from, low - 1]);
      from = high + 1;
    }
    if (from <= max) ranges.push([from, max]);
    return new CodePointSet(ranges);
  }

  intersect(other: CodePointSet): CodePointSet {
    const ranges: [number, number][] = [];
    let i = 0;
    let j = 0;
    while (i < this.ranges.length && j < other.ranges.length) {
      const low = Math.max(this.ranges[i][0], other.ranges[j][0]);
      const high = Math.min(this.ranges[i][1], other.ranges[j][1]);
      if (low <= high) ranges.push([low, high]);
      if (this.ranges[i][1] < other.ranges[j][1]) i++;
      else j++;
    }
    return new CodePointSet(ranges);
  }

  subtract(other: CodePointSet): CodePointSet {
    return this.intersect(other.complement());
  }
}
