import type { GrammarFrame } from "./grammar-frame.ts";
import type { LexicalSets } from "./lexical-sets.ts";
import type { ParseRows } from "./parse-rows.ts";
import type { TerminalTable } from "./terminal-table.ts";

export interface DescribeParts {
  readonly terminals: TerminalTable;
  readonly rows: ParseRows;
  readonly sets: LexicalSets;
}

/** A frame in words, for logs and tests. */
export function describeFrame(content: GrammarFrame, { terminals, rows, sets }: DescribeParts): string {
  switch (content.kind) {
    case "opening":
    case "lexical":
    case "living":
      return sets.describe(content.set);
    case "mixed":
      return content.parts
        .map(({ set, row }) => `${sets.describe(set)} ${rows.describe(row)}`)
        .concat(content.fresh === 0 ? [] : [rows.describe(content.fresh)])
        .join(" or ");
    case "guarded":
      return content.threads
        .map(({ set, row, guards }) => {
          const unless = guards.map((guard) => sets.describe(guard)).join(", ");
          const doing = set === 0 ? rows.describe(row) : `${sets.describe(set)} ${rows.describe(row)}`;
          return guards.length === 0 ? doing : `${doing} unless ${unless} ends`;
        })
        .join(" or ");
    case "guest":
      return content.guest.machine.describe(content.frame);
    case "inner":
      return `${terminals.at(content.label).guest!.machine.describe(content.frame)} ${rows.describe(content.row)}`;
    default:
      return rows.describe(content.row);
  }
}
