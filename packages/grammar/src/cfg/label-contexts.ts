import type { WorkBudget } from "../budget/work-budget.ts";
import { COMPLETE, END_SYMBOL, type Item, type ParseTables } from "./parse-tables.ts";
import type { Label } from "./terminal-table.ts";

/** Which terminals may stand beside each other. */
export interface LabelContexts {
  /** The terminals that a text may begin with. */
  readonly first: readonly Label[];
  /** By label: the terminals that may follow it. */
  readonly follow: readonly (readonly Label[])[];
  /** The terminals with which the texts of what follows the dot may begin, unless that is stepped over. */
  readonly firstOf: (item: Item) => ReadonlySet<Label>;
}

/** FIRST and FOLLOW over terminals. */
export function labelContexts(tables: ParseTables, labelCount: number, budget: WorkBudget): LabelContexts {
  const count = tables.productions.names.length;
  const first = Array.from({ length: count }, () => new Set<Label>());
  untilStable(() => {
    let changed = false;
    for (let left = 0; left < count; left++) {
      for (const label of tables.leftLabels[left]) changed = add(first[left], [label], budget) || changed;
      for (const other of tables.leftNonterminals[left]) changed = add(first[left], first[other], budget) || changed;
    }
    return changed;
  });
  const firstOf = (item: Item): Set<Label> => {
    const labels = new Set<Label>();
    for (const next of tables.solid[item]) {
      const symbol = tables.symbols[next];
      if (symbol !== END_SYMBOL) add(labels, symbol < 0 ? [~symbol] : first[symbol], budget);
    }
    return labels;
  };
  const follow = Array.from({ length: count }, () => new Set<Label>());
  const followOfLabel = Array.from({ length: labelCount }, () => new Set<Label>());
  untilStable(() => {
    let changed = false;
    for (let item = 0; item < tables.itemCount; item++) {
      const symbol = tables.symbols[item];
      if (symbol === COMPLETE || symbol === END_SYMBOL) continue;
      const labels = symbol < 0 ? followOfLabel[~symbol] : follow[symbol];
      changed = add(labels, firstOf(item + 1), budget) || changed;
      const left = tables.lefts[item];
      if (left >= 0 && tables.completes[item + 1] === 1) changed = add(labels, follow[left], budget) || changed;
    }
    return changed;
  });
  return { first: ascending(firstOf(tables.startItem)), follow: followOfLabel.map(ascending), firstOf };
}

function ascending(labels: ReadonlySet<Label>): Label[] {
  return [...labels].sort((a, b) => a - b);
}

function untilStable(round: () => boolean): void {
  while (round());
}

function add(labels: Set<Label>, others: Iterable<Label>, budget: WorkBudget): boolean {
  const before = labels.size;
  for (const label of others) labels.add(label);
  budget.spend(1 + (labels.size >>> 3));
  return labels.size > before;
}
