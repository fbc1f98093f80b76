import { isWithin } from "./byte-bits.ts";
import type { LexicalSet } from "./lexical-sets.ts";
import { explore, type Graph, type LexingLimits, type LexingParts } from "./lexing-graph.ts";
import type { Label } from "./terminal-table.ts";

/**
 * Whether every terminal can always end before something that is ignored, and whatever is ignored can always be left again, even if all
 * terminals were expected everywhere. So it is in most languages that ignore white space, and then no place has to be looked at by
 * itself: where fewer terminals are in progress, fewer go on, and one that wins among all wins among some.
 *
 * False where that is not so, or not known. One walk through the sets of all terminals: O(sets × bytes).
 */
export function canEndEverywhere(parts: LexingParts, limits: LexingLimits): boolean {
  const { tables, sets, terminals, order, budget } = parts;
  const { ignored } = order;
  const expected = new Set<Label>();
  for (const symbol of tables.symbols) if (symbol < 0) expected.add(~symbol);
  for (const label of expected) if (!terminals.isProductive(label)) expected.delete(label);
  const labels = [...new Set([...expected, ...ignored])].sort((a, b) => a - b);
  if (ignored.size === 0 || labels.some((label) => terminals.at(label).guest !== undefined)) return false;
  const graph = explore(sets, sets.unresolved(labels), limits, budget);
  if (graph === undefined) return false;
  const winners = graph.sets.map((set) => order.winner(sets.labelsOf(sets.accepted(set))));

  const leavable = (set: LexicalSet, left: ReadonlySet<Label>): boolean => {
    const following = sets.following(set);
    const isOpen = (label: Label): boolean => !isWithin(sets.firstBytes(label), following);
    return [...left].some(isOpen) || [...expected].every(isOpen);
  };
  // What is ignored may be followed by something ignored that can be left, which is known of more and more.
  const left = new Set<Label>();
  for (let found = true; found && left.size < ignored.size;) {
    found = false;
    const ends = winners.flatMap((winner, number) =>
      ignored.has(winner) && leavable(graph.sets[number], left) ? [number] : [],
    );
    const reached = reachedBackwards(graph, ends, ignored);
    for (const label of ignored) {
      if (left.has(label) || !graph.inProgress.get(label)!.every((number) => reached.has(number))) continue;
      left.add(label);
      found = true;
    }
    budget.spend(graph.sets.length);
  }
  if (left.size < ignored.size) return false;

  const goesOn = graph.sets.map((set) => {
    const following = sets.following(set);
    return [...ignored].some((label) => !isWithin(sets.firstBytes(label), following));
  });
  return [...expected].every((label) => {
    const inProgress = graph.inProgress.get(label)!;
    const ends = inProgress.filter((number) => winners[number] === label && goesOn[number]);
    budget.spend(inProgress.length);
    const reached = reachedBackwards(graph, ends, new Set([label]));
    return inProgress.every((number) => reached.has(number));
  });
}

/** The sets from which one of `ends` is reached while one of some terminals is in progress. */
function reachedBackwards(graph: Graph, ends: readonly number[], labels: ReadonlySet<Label>): ReadonlySet<number> {
  const inProgress = new Set<number>();
  for (const label of labels) for (const number of graph.inProgress.get(label) ?? []) inProgress.add(number);
  const reached = new Set(ends);
  for (const number of reached) {
    for (const from of graph.before[number]) if (inProgress.has(from)) reached.add(from);
  }
  return reached;
}
