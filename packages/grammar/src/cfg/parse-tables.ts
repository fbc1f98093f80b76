import type { WorkBudget } from "../budget/work-budget.ts";
import { addBytes, newByteBits, type ByteBits } from "./byte-bits.ts";
import type { NonterminalFacts } from "./nonterminal-facts.ts";
import type { Nonterminal, Productions, ProductionSymbol } from "./productions.ts";
import type { Label } from "./terminal-table.ts";

/** A production with a dot somewhere: the number of the symbol after the dot, in all productions written one after the other. */
export type Item = number;

/** Stands after the start symbol: nothing but the end of the text follows. Larger than any nonterminal. */
export const END_SYMBOL = 0x7fff_ffff;
/** Stands where a production is complete. */
export const COMPLETE = 0x7fff_fffe;

/**
 * A reduced grammar as flat tables. Only nonterminals that derive a text, and are reached, take part.
 *
 * Symbols that derive the empty text may be stepped over: `solid[item]` lists the items reached from `item` that way whose next
 * symbol derives more than the empty text, and `completes[item]` says whether the end of the production is among them
 * (Aycock & Horspool, "Practical Earley parsing", 2002).
 */
export class ParseTables {
  readonly productions: Productions;
  readonly facts: NonterminalFacts;
  /** By item: the symbol after the dot. */
  readonly symbols: Int32Array;
  /** By item: the nonterminal that the production is of. */
  readonly lefts: Int32Array;
  readonly solid: readonly (readonly Item[])[];
  readonly completes: Uint8Array;
  /** By item: bytes of a shortest text of what follows the dot. */
  readonly costs: Float64Array;
  /** By nonterminal: the items with it as the first solid symbol after the dot, at the beginning of a production. */
  readonly leftUses: readonly (readonly Item[])[];
  readonly leftUsesOfLabel: readonly (readonly Item[])[];
  /** By nonterminal: what may come first in it. */
  readonly leftNonterminals: readonly (readonly Nonterminal[])[];
  readonly leftLabels: readonly (readonly Label[])[];
  /** The item before the start symbol. */
  readonly startItem: Item;
  /** By nonterminal: whether it derives a text and is reached from the start. */
  readonly isUsed: Uint8Array;
  /** By nonterminal: the first item of its shortest alternative. */
  readonly bestItem: Int32Array;
  readonly #labelCosts: readonly number[];

  constructor(
    productions: Productions,
    start: Nonterminal,
    facts: NonterminalFacts,
    labelCosts: readonly number[],
    isSolidLabel: (label: Label) => boolean,
    budget: WorkBudget,
  ) {
    this.productions = productions;
    this.facts = facts;
    this.#labelCosts = labelCosts;
    const count = productions.names.length;
    this.isUsed = usedFrom(productions, start, (symbol) => this.#cost(symbol) < Infinity);
    const symbols: number[] = [];
    const lefts: number[] = [];
    const begins: Item[] = [];
    this.bestItem = new Int32Array(count).fill(-1);
    for (let left = 0; left < count; left++) {
      if (this.isUsed[left] === 0) continue;
      for (const [index, alternative] of productions.alternatives[left].entries()) {
        budget.spend(alternative.length + 1);
        if (facts.bestAlternative[left] === index) this.bestItem[left] = symbols.length;
        if (!alternative.every((symbol) => this.#cost(symbol) < Infinity)) continue;
        begins.push(symbols.length);
        for (const symbol of [...alternative, COMPLETE]) {
          symbols.push(symbol);
          lefts.push(left);
        }
      }
    }
    this.startItem = symbols.length;
    symbols.push(start, END_SYMBOL, COMPLETE);
    lefts.push(-1, -1, -1);
    this.symbols = Int32Array.from(symbols);
    this.lefts = Int32Array.from(lefts);
    const solid: Item[][] = [];
    this.completes = new Uint8Array(symbols.length);
    this.costs = new Float64Array(symbols.length);
    for (let item = symbols.length - 1; item >= 0; item--) {
      const symbol = symbols[item];
      if (symbol === COMPLETE) {
        this.completes[item] = 1;
        solid[item] = [];
        continue;
      }
      const isSolid = symbol === END_SYMBOL || (symbol < 0 ? isSolidLabel(~symbol) : facts.isSolid[symbol] === 1);
      const isNullable = this.#cost(symbol) === 0 && symbol !== END_SYMBOL;
      budget.spend(isNullable ? solid[item + 1].length + 1 : 1);
      solid[item] = [...(isSolid ? [item] : []), ...(isNullable ? solid[item + 1] : [])];
      this.completes[item] = isNullable ? this.completes[item + 1] : 0;
      this.costs[item] = this.costs[item + 1] + this.#cost(symbol);
    }
    this.solid = solid;
    const leftUses: Item[][] = Array.from({ length: count }, () => []);
    const leftUsesOfLabel: Item[][] = labelCosts.map(() => []);
    for (const begin of begins) {
      for (const item of solid[begin])
        (symbols[item] < 0 ? leftUsesOfLabel[~symbols[item]] : leftUses[symbols[item]]).push(item);
    }
    this.leftUses = leftUses;
    this.leftUsesOfLabel = leftUsesOfLabel;
    const leftNonterminals = Array.from({ length: count }, () => new Set<Nonterminal>());
    const leftLabels = Array.from({ length: count }, () => new Set<Label>());
    for (const begin of begins) {
      for (const item of solid[begin]) {
        if (symbols[item] < 0) leftLabels[lefts[begin]].add(~symbols[item]);
        else leftNonterminals[lefts[begin]].add(symbols[item]);
      }
    }
    this.leftNonterminals = leftNonterminals.map((set) => [...set]);
    this.leftLabels = leftLabels.map((set) => [...set]);
  }

  get itemCount(): number {
    return this.symbols.length;
  }

  /** By label: the bytes that may follow it, and whether the text may end there is left out. */
  followBytes(firstBytes: (label: Label) => ByteBits, budget: WorkBudget): ByteBits[] {
    const count = this.productions.names.length;
    const first = Array.from({ length: count }, newByteBits);
    const firstOf = (symbol: ProductionSymbol): ByteBits => (symbol < 0 ? firstBytes(~symbol) : first[symbol]);
    this.#untilStable(budget, () => {
      let changed = false;
      for (let left = 0; left < count; left++) {
        budget.spend(this.leftLabels[left].length + this.leftNonterminals[left].length);
        for (const label of this.leftLabels[left]) changed = addBytes(first[left], firstBytes(label)) || changed;
        for (const other of this.leftNonterminals[left]) changed = addBytes(first[left], first[other]) || changed;
      }
      return changed;
    });
    const follow = Array.from({ length: count }, newByteBits);
    const followOfLabel = this.#labelCosts.map(newByteBits);
    this.#untilStable(budget, () => {
      let changed = false;
      for (let item = 0; item < this.itemCount; item++) {
        const symbol = this.symbols[item];
        if (symbol === COMPLETE || symbol === END_SYMBOL) continue;
        const bytes = symbol < 0 ? followOfLabel[~symbol] : follow[symbol];
        budget.spend(this.solid[item + 1].length + 1);
        for (const next of this.solid[item + 1]) {
          if (this.symbols[next] !== END_SYMBOL) changed = addBytes(bytes, firstOf(this.symbols[next])) || changed;
        }
        if (this.completes[item + 1] === 1 && this.lefts[item] >= 0) {
          changed = addBytes(bytes, follow[this.lefts[item]]) || changed;
        }
      }
      return changed;
    });
    return followOfLabel;
  }

  #untilStable(budget: WorkBudget, round: () => boolean): void {
    do budget.spend();
    while (round());
  }

  #cost(symbol: ProductionSymbol): number {
    if (symbol === END_SYMBOL) return 0;
    return symbol < 0 ? this.#labelCosts[~symbol] : this.facts.costs[symbol];
  }
}

/** 1 for each nonterminal that is reached from `start` by productions all of whose symbols derive a text. */
function usedFrom(
  productions: Productions,
  start: Nonterminal,
  isProductive: (symbol: ProductionSymbol) => boolean,
): Uint8Array {
  const isUsed = new Uint8Array(productions.names.length);
  const queue = [start];
  isUsed[start] = 1;
  for (const left of queue) {
    for (const symbols of productions.alternatives[left]) {
      if (!symbols.every(isProductive)) continue;
      for (const symbol of symbols) {
        if (symbol < 0 || isUsed[symbol] === 1) continue;
        isUsed[symbol] = 1;
        queue.push(symbol);
      }
    }
  }
  return isUsed;
}
