import type { WorkBudget } from "../budget/work-budget.ts";
import type { ParseTables } from "./parse-tables.ts";
import type { Nonterminal, ProductionSymbol } from "./productions.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

/** Kinds of terminals, as bits. */
type Kinds = number;

/** More kinds are not told apart. */
const MAX_KINDS = 30;
/** Symbols that are looked at, once for each kind and round. */
const MAX_STEPS = 2_000_000;

/**
 * Whether what a parser still needs can always be had although some terminals may not come right after some others: after every symbol of every
 * production, whatever terminal it ended in, the rest of the production derives a text without such neighbours. Another round of a left
 * recursion is never needed.
 *
 * A least fixed point over nonterminals and kinds of terminals, those with the same impossible successors: O(productions × kinds²). False also where there
 * are too many.
 * @param impossible by terminal: those that may not come right after it
 */
export function canAvoid(
  impossible: ReadonlyMap<Label, ReadonlySet<Label>>,
  tables: ParseTables,
  terminals: TerminalTable,
  budget: WorkBudget,
): boolean {
  if (impossible.size === 0) return true;
  const rows: ReadonlySet<Label>[] = [new Set()];
  const kindOf = kindsOf(impossible, terminals.count, rows);
  return rows.length <= MAX_KINDS && new Neighbours(tables, terminals, kindOf, rows, budget).isEnough();
}

function kindsOf(
  impossible: ReadonlyMap<Label, ReadonlySet<Label>>,
  count: number,
  rows: ReadonlySet<Label>[],
): Int32Array {
  const byContent = new Map<string, number>([["", 0]]);
  return Int32Array.from({ length: count }, (_, label) => {
    const row = impossible.get(label) ?? rows[0];
    const key = [...row].sort((a, b) => a - b).join();
    let kind = byContent.get(key);
    if (kind === undefined) byContent.set(key, (kind = rows.push(row) - 1));
    return kind;
  });
}

class Neighbours {
  readonly #tables: ParseTables;
  readonly #kindOf: Int32Array;
  /** By kind: what may not come next. */
  readonly #rows: readonly ReadonlySet<Label>[];
  readonly #budget: WorkBudget;
  /** By nonterminal: alternatives that derive texts. */
  readonly #alternatives: readonly (readonly ProductionSymbol[])[][];
  /** By nonterminal, and by kind of the terminal before: the kinds of terminals that may be the last one once it is derived. */
  readonly #after: Int32Array;
  /** By nonterminal: the kinds of terminals in which a text of it may end. */
  readonly #last: Int32Array;
  #steps = 0;

  constructor(
    tables: ParseTables,
    terminals: TerminalTable,
    kindOf: Int32Array,
    rows: readonly ReadonlySet<Label>[],
    budget: WorkBudget,
  ) {
    this.#tables = tables;
    this.#kindOf = kindOf;
    this.#rows = rows;
    this.#budget = budget;
    const { facts, isUsed, productions } = tables;
    const derives = (symbol: ProductionSymbol): boolean =>
      symbol < 0 ? terminals.isProductive(~symbol) : facts.costs[symbol] < Infinity;
    this.#alternatives = productions.alternatives.map((alternatives, left) =>
      isUsed[left] === 0 ? [] : alternatives.filter((symbols) => symbols.every(derives)),
    );
    this.#after = new Int32Array(this.#alternatives.length * rows.length);
    this.#last = new Int32Array(this.#alternatives.length);
    for (let changed = true; changed && this.#steps <= MAX_STEPS;) changed = this.#round();
  }

  /** Whether the rest of every production can be derived after each of its symbols. */
  isEnough(): boolean {
    const { startItem, symbols } = this.#tables;
    return (
      this.#steps <= MAX_STEPS &&
      this.#through([symbols[startItem]], 0, 1) !== 0 &&
      this.#alternatives.every((alternatives, left) =>
        alternatives.every((alternative) =>
          alternative.every((symbol, i) => {
            if (i === 0 && symbol === left) return true;
            for (let kinds = this.#lastOf(symbol); kinds !== 0; kinds &= kinds - 1) {
              if (this.#through(alternative, i + 1, kinds & -kinds) === 0) return false;
            }
            return true;
          }),
        ),
      )
    );
  }

  /** True when something was added. */
  #round(): boolean {
    let changed = false;
    const add = (to: Int32Array, at: number, kinds: Kinds): void => {
      changed ||= (kinds & ~to[at]) !== 0;
      to[at] |= kinds;
    };
    this.#alternatives.forEach((alternatives, left: Nonterminal) => {
      this.#budget.spend();
      for (const alternative of alternatives) {
        for (let kind = 0; kind < this.#rows.length; kind++) {
          add(this.#after, left * this.#rows.length + kind, this.#through(alternative, 0, 1 << kind));
        }
        for (let i = alternative.length - 1; i >= 0; i--) {
          add(this.#last, left, this.#lastOf(alternative[i]));
          if (alternative[i] < 0 || this.#tables.facts.isNullable[alternative[i]] === 0) break;
        }
      }
    });
    return changed;
  }

  #lastOf(symbol: ProductionSymbol): Kinds {
    return symbol < 0 ? 1 << this.#kindOf[~symbol] : this.#last[symbol];
  }

  /** The kinds of terminals that may be the last one after some symbols; 0 where these cannot be derived. */
  #through(symbols: readonly ProductionSymbol[], from: number, before: Kinds): Kinds {
    let kinds = before;
    for (let i = from; i < symbols.length && kinds !== 0; i++) {
      this.#steps++;
      const symbol = symbols[i];
      let after = 0;
      for (let rest = kinds; rest !== 0; rest &= rest - 1) {
        const kind = 31 - Math.clz32(rest & -rest);
        if (symbol >= 0) after |= this.#after[symbol * this.#rows.length + kind];
        else if (!this.#rows[kind].has(~symbol)) after |= 1 << this.#kindOf[~symbol];
      }
      kinds = after;
    }
    return kinds;
  }
}
