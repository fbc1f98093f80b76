import type { TermBuilder } from "./term-builder.ts";
import { EMPTY, EPSILON, type Term } from "./term.ts";

/** Inclusive ranges of code points. */
export type CodePointRanges = readonly (readonly [number, number])[];

/** The largest code point of one, two, three and four encoded bytes, and what their lead byte starts from. */
const LENGTHS: readonly (readonly [first: number, last: number, lead: number])[] = [
  [0x80, 0x7ff, 0xc0],
  [0x800, 0xffff, 0xe0],
  [0x1_0000, 0x10_ffff, 0xf0],
];

/**
 * The UTF-8 encodings of some code points. Surrogates are left out: text does not contain them.
 * With `surrogates` they are encoded as if they were characters.
 * The term is the minimal deterministic trie of the encodings. Time: O(ranges + blocks of 64 code points cut by a range).
 */
export function codePointTerm(builder: TermBuilder, ranges: CodePointRanges, surrogates = false): Term {
  const scalars = surrogates ? normalizeRanges(ranges) : withoutSurrogates(normalizeRanges(ranges));
  const edges: Term[] = [];
  for (const [low, high] of clip(scalars, 0, 0x7f)) edges.push(builder.byteRange(low, high), EPSILON);
  for (const [index, [first, last, lead]] of LENGTHS.entries()) {
    const shift = 6 * (index + 1);
    const inside = clip(scalars, first, last);
    if (inside.length === 0) continue;
    for (let block = inside[0][0] >>> shift; block <= inside[inside.length - 1][1] >>> shift; block++) {
      edges.push(builder.byteRange(lead + block, lead + block), continuation(builder, inside, block << shift, shift));
    }
  }
  return builder.branch(edges, false);
}

/** The continuation bytes, `shift / 6` of them, of those ranges that fall into the block at `base`. */
function continuation(builder: TermBuilder, ranges: CodePointRanges, base: number, shift: number): Term {
  const inside = clip(ranges, base, base + 2 ** shift - 1);
  if (inside.length === 0) return EMPTY;
  const below = shift - 6;
  const edges: Term[] = [];
  let done = -1;
  for (const [low, high] of inside) {
    // A block that the range before has a part of is done already, with all ranges.
    let block = Math.max((low - base) >>> below, done + 1);
    const lastBlock = (high - base) >>> below;
    while (block <= lastBlock) {
      const start = base + block * 2 ** below;
      // Blocks that the range covers whole share one target.
      let end = block;
      while (end < lastBlock && low <= start && base + (end + 2) * 2 ** below - 1 <= high) end++;
      edges.push(
        builder.byteRange(0x80 + block, 0x80 + end),
        below === 0 ? EPSILON : continuation(builder, inside, start, below),
      );
      done = end;
      block = end + 1;
    }
  }
  return builder.branch(edges, false);
}

/** Sorted, disjoint, non-adjacent ranges with the same members. */
export function normalizeRanges(ranges: CodePointRanges): [number, number][] {
  const sorted = ranges.filter(([low, high]) => low <= high).sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [low, high] of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && low <= last[1] + 1) last[1] = Math.max(last[1], high);
    else merged.push([low, high]);
  }
  return merged;
}

function withoutSurrogates(ranges: CodePointRanges): CodePointRanges {
  return [...clip(ranges, 0, 0xd7ff), ...clip(ranges, 0xe000, 0x10_ffff)];
}

/** The part of sorted ranges between two bounds. */
function clip(ranges: CodePointRanges, low: number, high: number): CodePointRanges {
  const clipped: (readonly [number, number])[] = [];
  for (const range of ranges) {
    if (range[0] > high) break;
    if (range[1] >= low) clipped.push([Math.max(range[0], low), Math.min(range[1], high)]);
  }
  return clipped;
}
