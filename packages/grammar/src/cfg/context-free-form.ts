import type { TermArena } from "../regex/term-arena.ts";
import type { Nonterminal, ProductionSymbol } from "./productions.ts";
import type { Label, Terminal } from "./terminal-table.ts";

/**
 * The grammar itself, for those who do not read texts from left to right: productions over regular terminals and other
 * automata.
 */
export interface ContextFreeForm {
  readonly arena: TermArena;
  readonly start: Nonterminal;
  /** By nonterminal: its alternatives; a negative symbol is the complement of a terminal's label. */
  readonly alternatives: readonly (readonly (readonly ProductionSymbol[])[])[];
  readonly terminal: (label: Label) => Terminal;
  /** Terminals that may stand between any others. */
  readonly ignored: ReadonlySet<Label>;
  /** Whether texts are cut into terminals first, which leaves out some of the texts that the productions derive. */
  readonly isLexed: boolean;
}
