import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { WorkBudget } from "../budget/work-budget.ts";
import type { Label } from "./terminal-table.ts";

/** The number of a nonterminal: 0, 1, 2, … */
export type Nonterminal = number;

/** A symbol of a production: a nonterminal, or the complement (`~label`, negative) of a terminal's label. */
export type ProductionSymbol = number;

export function symbolOfLabel(label: Label): ProductionSymbol {
  return ~label;
}

/** Productions while they are being collected. */
export class Productions {
  /** By nonterminal: its name; names of rules as written, others derived from them. */
  readonly names: string[] = [];
  /** By nonterminal: its alternatives. */
  readonly alternatives: ProductionSymbol[][][] = [];
  readonly #maxSymbols: number;
  readonly #budget: WorkBudget;
  #symbolCount = 0;

  constructor(maxSymbols: number, budget: WorkBudget) {
    this.#maxSymbols = maxSymbols;
    this.#budget = budget;
  }

  addNonterminal(name: string): Nonterminal {
    this.names.push(name);
    this.#spend(1);
    return this.alternatives.push([]) - 1;
  }

  add(left: Nonterminal, symbols: ProductionSymbol[]): void {
    this.#spend(symbols.length + 1);
    this.alternatives[left].push(symbols);
  }

  #spend(symbols: number): void {
    this.#budget.spend(symbols);
    this.#symbolCount += symbols;
    if (this.#symbolCount > this.#maxSymbols) {
      throw new LimitExceededError({
        message: `The grammar needs more than maxSymbols (${this.#maxSymbols}) symbols in its productions.`,
        limit: "maxSymbols",
        allowed: this.#maxSymbols,
        hint: "Repetitions with large counts of something recursive are written out; lower the counts.",
      });
    }
  }
}
