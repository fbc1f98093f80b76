import type { WorkBudget } from "../budget/work-budget.ts";
import { newByteBits, type ByteBits } from "./byte-bits.ts";
import { type Doubts, Followers } from "./followers.ts";
import { bytesAfterEnds } from "./guest-ends.ts";
import { labelContexts } from "./label-contexts.ts";
import type { LexicalSets } from "./lexical-sets.ts";
import type { ParseTables } from "./parse-tables.ts";
import { BEGINNING } from "./preceding-labels.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

export interface GuestCheckParts {
  readonly tables: ParseTables;
  readonly sets: LexicalSets;
  readonly terminals: TerminalTable;
  /** Terminals that may stand between any others. */
  readonly ignored: ReadonlySet<Label>;
  readonly budget: WorkBudget;
}

const EVERY_BYTE: ByteBits = newByteBits().map(() => 0xffff_ffff);
const NO_DOUBTS: Doubts = new Map();

/**
 * Whether automata inside a grammar can always be left: an automaton takes the longest match, so wherever one may stand, something
 * must be able to follow, or the text to end, that does not begin with a byte by which the automaton would go on at an end.
 *
 * Conservative: an answer of false says that it is not known.
 */
export function guestsCanBeLeft({ tables, sets, terminals, ignored, budget }: GuestCheckParts): boolean {
  const guests: Label[] = [];
  for (let label = 0; label < terminals.count; label++) if (terminals.at(label).guest !== undefined) guests.push(label);
  if (guests.length === 0) return true;
  const { firstOf } = labelContexts(tables, terminals.count, budget);
  const followers = new Followers({ tables, sets, ignored, budget }, firstOf, NO_DOUBTS);
  const anywhere = new Set<Label>([BEGINNING, ...Array.from({ length: terminals.count }, (_, label) => label)]);
  return guests.every((label) => {
    const going = bytesAfterEnds(terminals.at(label).guest!, budget) ?? EVERY_BYTE;
    for (const [item, symbol] of tables.symbols.entries()) {
      if (symbol === ~label && !followers.goesOn({ item, after: anywhere }, going)) return false;
    }
    return true;
  });
}
