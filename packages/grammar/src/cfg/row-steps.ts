import type { LabelSet, LexicalSet, LexicalSets } from "./lexical-sets.ts";
import type { ParseRows, Row } from "./parse-rows.ts";
import type { TerminalOrder } from "./terminal-order.ts";
import type { Label } from "./terminal-table.ts";

/** What rows do where terminals begin and end, those that are ignored among them. */
export class RowSteps {
  readonly #rows: ParseRows;
  readonly #sets: LexicalSets;
  readonly #order: TerminalOrder | undefined;
  /** Of {@link startAfter}, by row, then by what ended. */
  readonly #known: (Map<LabelSet, LexicalSet> | undefined)[] = [];

  constructor(rows: ParseRows, sets: LexicalSets, order: TerminalOrder | undefined) {
    this.#rows = rows;
    this.#sets = sets;
    this.#order = order;
  }

  /** The terminals that may begin. */
  startOf(row: Row): LexicalSet {
    return this.#sets.start(this.#rows.labels(row), this.#rows.isAccepting(row));
  }

  /** The row after terminals that ended here; what is ignored leaves its row as it was. */
  after(ends: readonly (readonly [Row, Label])[]): Row {
    const ignored = this.#order?.ignored;
    if (ignored === undefined || !ends.some(([, label]) => ignored.has(label))) return this.#rows.afterAll(ends);
    const rows = ends.flatMap(([row, label]) => {
      const after = this.#rows.labels(row).includes(label) ? [this.#rows.after(row, label)] : [];
      return ignored.has(label) ? [row, ...after] : after;
    });
    return this.#rows.union(rows);
  }

  afterLabels(row: Row, labels: LabelSet): Row {
    return this.after(this.#sets.labelsOf(labels).map((label) => [row, label] as const));
  }

  /** What {@link startAfter} has found before; undefined where it has not been asked. */
  knownAfter(row: Row, ended: LabelSet): LexicalSet | undefined {
    return this.#known[row]?.get(ended);
  }

  /** The terminals that may begin after others ended, found without the row that they begin in; 0 where that is not known. */
  startAfter(row: Row, ended: LabelSet): LexicalSet {
    const labels = this.#sets.labelsOf(ended);
    let start = 0;
    if (labels.length === 1 && this.#order?.ignored.has(labels[0]) !== true) {
      const expected = this.#rows.expectedAfter(row, labels[0]);
      start = this.#sets.start(expected.labels, expected.isAccepting);
    }
    (this.#known[row] ??= new Map<LabelSet, LexicalSet>()).set(ended, start);
    return start;
  }
}
