import { isWithin } from "./byte-bits.ts";
import type { LexicalSet, LexicalSets } from "./lexical-sets.ts";
import type { Label } from "./terminal-table.ts";

/** What may stand where ignored terminals are looked at. */
export interface IgnoredContext {
  /** The terminals that may stand there. */
  readonly labels: readonly Label[];
  readonly ignored: Iterable<Label>;
  /** The expected terminals of which one at least must be able to follow. */
  readonly expected: readonly Label[];
  /** Whether the text may end here instead. */
  readonly mayEnd: boolean;
}

/** The ignored terminals that could not be left again, and what may begin without them. */
export interface Stuck {
  readonly stuck: readonly Label[];
  /** The terminals and the other ignored ones before their first byte. */
  readonly start: LexicalSet;
}

/** Leaves out ignored terminals that could not be left again. Once one is left out, others may win where it would have won. */
export function withoutStuck(sets: LexicalSets, context: IgnoredContext): Stuck {
  const stuck = new Set<Label>();
  for (;;) {
    const ignored = [...context.ignored].filter((label) => !stuck.has(label));
    const start = sets.resolved(context.labels, ignored);
    const more = ignoredWithoutEnd(sets, start, { ...context, ignored });
    if (more.length === 0) return { stuck: [...stuck], start };
    for (const label of more) stuck.add(label);
  }
}

/**
 * The ignored terminals that could not be left again: what follows them begins with bytes by which they go on, or which only
 * they themselves could be followed by. Such as a comment up to the end of its line, where no line may end.
 *
 * An ignored terminal leads back to where it began. So it can be left when it, or another one that is in progress beside it, ends
 * before a byte with which an expected terminal begins, or an ignored one that can be left.
 */
function ignoredWithoutEnd(sets: LexicalSets, start: LexicalSet, context: IgnoredContext): Label[] {
  const { mayEnd } = context;
  const ignored = [...context.ignored].filter((label) => sets.residual(start, label) !== 0);
  const expected = context.expected.filter((label) => sets.residual(start, label) !== 0);
  const { reached, before } = explore(sets, start, ignored);
  const leavable = new Set<Label>(expected);
  let stuck = ignored;
  for (let found = true; found && stuck.length > 0;) {
    const isGood = reached.map((set) => {
      if (!sets.labelsOf(sets.accepted(set)).some((label) => ignored.includes(label))) return false;
      const following = sets.following(set);
      return mayEnd || [...leavable].some((label) => !isWithin(sets.firstBytesIn(start, label), following));
    });
    const queue = [...isGood.keys()].filter((number) => isGood[number]);
    for (const number of queue) {
      for (const from of before[number]) {
        if (isGood[from]) continue;
        isGood[from] = true;
        queue.push(from);
      }
    }
    const rest = stuck.filter((label) => reached.some((set, i) => !isGood[i] && sets.residual(set, label) !== 0));
    found = rest.length < stuck.length;
    for (const label of stuck) if (!rest.includes(label)) leavable.add(label);
    stuck = rest;
  }
  return stuck;
}

/** The sets after one byte or more in which an ignored terminal is in progress, and for each those one byte before it. */
function explore(
  sets: LexicalSets,
  start: LexicalSet,
  ignored: readonly Label[],
): { readonly reached: readonly LexicalSet[]; readonly before: readonly number[][] } {
  const reached: LexicalSet[] = [];
  const before: number[][] = [];
  const numbers = new Map<LexicalSet, number>();
  const visit = (from: LexicalSet, number: number): void => {
    for (const set of sets.successors(from)) {
      if (!ignored.some((label) => sets.residual(set, label) !== 0)) continue;
      let to = numbers.get(set);
      if (to === undefined) {
        to = reached.push(set) - 1;
        numbers.set(set, to);
        before.push([]);
      }
      if (number >= 0) before[to].push(number);
    }
  };
  visit(start, -1);
  for (let number = 0; number < reached.length; number++) visit(reached[number], number);
  return { reached, before };
}
