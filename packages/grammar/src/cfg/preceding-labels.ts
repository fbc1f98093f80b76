import type { WorkBudget } from "../budget/work-budget.ts";
import { COMPLETE, type Item, type ParseTables } from "./parse-tables.ts";
import type { Label } from "./terminal-table.ts";

/** Stands for the beginning of the text among terminals that may come right before a place. */
export const BEGINNING: Label = -1;

/** What may be read of a production before one of its places. */
export interface Prefix {
  /** The terminals that may be read last. */
  readonly labels: ReadonlySet<Label>;
  readonly mayBeEmpty: boolean;
}

/** The terminals that may come right before the places of productions, as far as the productions themselves tell. */
export class PrecedingLabels {
  readonly #tables: ParseTables;
  readonly #budget: WorkBudget;
  /** By nonterminal: the terminals that may come last in it. */
  readonly #last: readonly ReadonlySet<Label>[];
  readonly #prefixes: (Prefix | undefined)[] = [];

  constructor(tables: ParseTables, budget: WorkBudget) {
    this.#tables = tables;
    this.#budget = budget;
    const last = tables.productions.names.map(() => new Set<Label>());
    this.#last = last;
    for (let changed = true; changed;) {
      changed = false;
      for (const [item, symbol] of tables.symbols.entries()) {
        const left = tables.lefts[item];
        if (symbol !== COMPLETE || left < 0) continue;
        const before = last[left].size;
        for (const label of this.#lastBefore(item).labels) last[left].add(label);
        changed ||= last[left].size > before;
      }
    }
  }

  /** What may be read of a production before `item`. */
  before(item: Item): Prefix {
    return (this.#prefixes[item] ??= this.#lastBefore(item));
  }

  #lastBefore(item: Item): Prefix {
    const { symbols, costs } = this.#tables;
    const labels = new Set<Label>();
    for (let at = item; at > 0 && symbols[at - 1] !== COMPLETE; at--) {
      const symbol = symbols[at - 1];
      this.#budget.spend();
      if (symbol < 0) labels.add(~symbol);
      else for (const label of this.#last[symbol] ?? []) labels.add(label);
      if (costs[at - 1] > costs[at]) return { labels, mayBeEmpty: false };
    }
    return { labels, mayBeEmpty: true };
  }
}
