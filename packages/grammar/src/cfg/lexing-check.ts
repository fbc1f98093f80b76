import type { WorkBudget } from "../budget/work-budget.ts";
import type { LexicalSets } from "./lexical-sets.ts";
import type { ParseTables } from "./parse-tables.ts";
import type { TerminalOrder } from "./terminal-order.ts";
import type { TerminalTable } from "./terminal-table.ts";

export interface LexingParts {
  readonly tables: ParseTables;
  readonly sets: LexicalSets;
  readonly terminals: TerminalTable;
  readonly order: TerminalOrder;
  readonly budget: WorkBudget;
}

export function checkLexing(_parts: LexingParts): void {}
