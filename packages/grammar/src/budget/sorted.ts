import type { Steps } from "./steps.ts";

/** Entries sorted, or moved, in one step. */
const AT_A_TIME = 512;

/** A sorted copy, by steps (a merge sort); equal entries stay in order. Time: O(n log n). */
export function* sorted<Entry>(entries: readonly Entry[], compare: (a: Entry, b: Entry) => number): Steps<Entry[]> {
  let runs: Entry[][] = [];
  for (let from = 0; from < entries.length; from += AT_A_TIME) {
    runs.push(entries.slice(from, from + AT_A_TIME).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const longer: Entry[][] = [];
    for (let i = 0; i < runs.length; i += 2) {
      longer.push(i + 1 < runs.length ? yield* merged(runs[i], runs[i + 1], compare) : runs[i]);
    }
    runs = longer;
  }
  return runs[0] ?? [];
}

function* merged<Entry>(
  a: readonly Entry[],
  b: readonly Entry[],
  compare: (a: Entry, b: Entry) => number,
): Steps<Entry[]> {
  const both: Entry[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (both.length % AT_A_TIME === 0) yield;
    const isFirst = j === b.length || (i < a.length && compare(a[i], b[j]) <= 0);
    both.push(isFirst ? a[i++] : b[j++]);
  }
  return both;
}
