import { itemValue } from "./array-algebra.ts";
import {
  ANYTHING,
  NOTHING,
  type ArrayConjunction,
  type ArrayFormula,
  type ValueId,
} from "./formula.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** One way for an item to go: if it is in all of `values`, the rest of the array must be in `rest`. */
export interface ItemOption {
  readonly values: readonly ValueId[];
  readonly rest: ArrayFormula;
}

/** The items read so far of an array that must have no two, or some two, equal items. */
export interface SeenItems {
  /** The set of those values. */
  readonly anyOfThem: ValueId;
}

/** How array formulas change as items are read. */
export class ArraySteps {
  readonly #values: ValueAlgebra;

  constructor(values: ValueAlgebra) {
    this.#values = values;
  }

  /** The ways for the next item to go; exact as a disjunction. */
  options(formula: ArrayFormula, seen: SeenItems): ItemOption[] {
    if (formula.kind === "or") return formula.branches.flatMap((branch) => this.options(branch, seen));
    const { arrays } = this.#values;
    if (formula.maxItems === 0) return [];
    const selection = this.#selection(formula, seen);
    if (selection === NOTHING) return [];
    const values = selection === ANYTHING ? [] : [selection];
    let options: ItemOption[] = [{ values, rest: arrays.conjunction(shifted(formula)) }];
    for (const atom of formula.atLeastInside) {
      options = this.#combine(options, [
        { values: [atom.value], rest: arrays.conjunction({ atLeastInside: [{ value: atom.value, count: atom.count - 1 }] }) },
        { values: [], rest: arrays.conjunction({ atLeastInside: [atom] }) },
      ]);
    }
    for (const atom of formula.atMostOutside) {
      const choices: ItemOption[] = [{ values: [atom.value], rest: arrays.conjunction({ atMostOutside: [atom] }) }];
      if (atom.count > 0) {
        const rest = arrays.conjunction({ atMostOutside: [{ value: atom.value, count: atom.count - 1 }] });
        choices.push({ values: [], rest });
      }
      options = this.#combine(options, choices);
    }
    for (const atom of formula.exists) {
      const later = { from: Math.max(0, atom.from - 1), to: atom.to - 1, value: atom.value };
      const choices: ItemOption[] = [{ values: [], rest: arrays.conjunction({ exists: [later] }) }];
      if (atom.from === 0) choices.push({ values: atom.value === ANYTHING ? [] : [atom.value], rest: arrays.all });
      options = this.#combine(options, choices);
    }
    if (formula.repeated) {
      const choices: ItemOption[] = [{ values: [], rest: arrays.conjunction({ repeated: true }) }];
      if (seen.anyOfThem !== NOTHING) choices.push({ values: [seen.anyOfThem], rest: arrays.all });
      options = this.#combine(options, choices);
    }
    for (const clause of formula.clauses) options = this.#combine(options, this.options(clause, seen));
    return options;
  }

  /** The formula after an item that is in exactly the sets for which `holds` says so. */
  after(formula: ArrayFormula, seen: SeenItems, holds: (value: ValueId) => boolean): ArrayFormula {
    const { arrays } = this.#values;
    if (formula.kind === "or") return arrays.or(formula.branches.map((branch) => this.after(branch, seen, holds)));
    if (formula.maxItems === 0 || !satisfied(this.#selection(formula, seen), holds)) return arrays.none;
    const atMostOutside = formula.atMostOutside.map((atom) =>
      satisfied(atom.value, holds) ? atom : { value: atom.value, count: atom.count - 1 },
    );
    if (atMostOutside.some((atom) => atom.count < 0)) return arrays.none;
    const exists = [];
    for (const atom of formula.exists) {
      if (atom.from === 0 && satisfied(atom.value, holds)) continue;
      exists.push({ from: Math.max(0, atom.from - 1), to: atom.to - 1, value: atom.value });
    }
    const rest = arrays.conjunction({
      ...shifted(formula),
      atLeastInside: formula.atLeastInside.map((atom) =>
        satisfied(atom.value, holds) ? { value: atom.value, count: atom.count - 1 } : atom,
      ),
      atMostOutside,
      exists,
      repeated: formula.repeated && !(seen.anyOfThem !== NOTHING && holds(seen.anyOfThem)),
    });
    return formula.clauses.reduce<ArrayFormula>(
      (all, clause) => arrays.and(all, this.after(clause, seen, holds)),
      rest,
    );
  }

  /** Whether the array may end here. */
  holdsAtEnd(formula: ArrayFormula): boolean {
    if (formula.kind === "or") return formula.branches.some((branch) => this.holdsAtEnd(branch));
    return (
      formula.minItems === 0 &&
      formula.exists.length === 0 &&
      formula.atLeastInside.length === 0 &&
      !formula.repeated &&
      formula.clauses.every((clause) => this.holdsAtEnd(clause))
    );
  }

  #selection(formula: ArrayConjunction, seen: SeenItems): ValueId {
    const value = itemValue(formula, 0);
    return formula.unique ? this.#values.and(value, this.#values.not(seen.anyOfThem)) : value;
  }

  #combine(left: readonly ItemOption[], right: readonly ItemOption[]): ItemOption[] {
    const { arrays } = this.#values;
    const combined = new Map<string, ItemOption>();
    for (const a of left) {
      for (const b of right) {
        this.#values.arena.spend();
        const rest = arrays.and(a.rest, b.rest);
        if (rest === arrays.none) continue;
        const values = [...new Set([...a.values, ...b.values])].sort((x, y) => x - y);
        combined.set(`${values.join()};${rest.id}`, { values, rest });
      }
    }
    return [...combined.values()];
  }
}

/** The atoms that an item moves along without looking at its value. */
function shifted(formula: ArrayConjunction): Pick<ArrayConjunction, "prefix" | "rest" | "minItems" | "maxItems" | "unique"> {
  return {
    prefix: formula.prefix.slice(1),
    rest: formula.rest,
    minItems: Math.max(0, formula.minItems - 1),
    maxItems: formula.maxItems - 1,
    unique: formula.unique,
  };
}

function satisfied(value: ValueId, holds: (value: ValueId) => boolean): boolean {
  return value === ANYTHING || (value !== NOTHING && holds(value));
}
