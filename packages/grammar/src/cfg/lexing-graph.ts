import type { WorkBudget } from "../budget/work-budget.ts";
import type { LexicalSet, LexicalSets } from "./lexical-sets.ts";
import type { ParseTables } from "./parse-tables.ts";
import type { TerminalOrder } from "./terminal-order.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

export interface LexingParts {
  readonly tables: ParseTables;
  readonly sets: LexicalSets;
  readonly terminals: TerminalTable;
  readonly order: TerminalOrder;
  readonly budget: WorkBudget;
}

/** What may still be looked at: sets of terminals in progress, and steps of single terminals for that. */
export interface LexingLimits {
  sets: number;
  steps: number;
}

/** The sets of terminals in progress that some terminals lead to. */
export interface Graph {
  readonly sets: LexicalSet[];
  /** By number in `sets`: the numbers of the sets that lead there. */
  readonly before: number[][];
  /** By terminal: the numbers of the sets in which it is in progress. */
  readonly inProgress: Map<Label, number[]>;
}

/** All sets after any bytes; undefined where there are more than `limits` allows, which is used up. */
export function explore(
  sets: LexicalSets,
  start: LexicalSet,
  limits: LexingLimits,
  budget: WorkBudget,
): Graph | undefined {
  const numbers = new Map<LexicalSet, number>([[start, 0]]);
  const graph: Graph = { sets: [start], before: [[]], inProgress: new Map() };
  for (let from = 0; from < graph.sets.length; from++) {
    limits.sets--;
    const labels = sets.labelsInProgress(graph.sets[from]);
    limits.steps -= 256 * labels.length;
    if (limits.sets < 0 || limits.steps < 0) return undefined;
    budget.spend(256);
    for (const label of labels) {
      const numbersOf = graph.inProgress.get(label);
      if (numbersOf === undefined) graph.inProgress.set(label, [from]);
      else numbersOf.push(from);
    }
    for (const set of sets.successors(graph.sets[from])) {
      let to = numbers.get(set);
      if (to === undefined) {
        to = graph.sets.push(set) - 1;
        numbers.set(set, to);
        graph.before.push([]);
      }
      graph.before[to].push(from);
    }
  }
  return graph;
}
