import { itemValue } from "./array-algebra.ts";
import { NOTHING, type ArrayConjunction, type ArrayFormula, type ValueId } from "./formula.ts";
import {
  asked,
  satisfied,
  settledOption,
  sufficientSets,
  type Acceptance,
  type StepOption,
} from "./sufficient-sets.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** The items read so far of an array that must have no two, or some two, equal items. */
export interface SeenItems {
  /** The set of those values. */
  readonly anyOfThem: ValueId;
}

/** How array formulas change as items are read. */
export class ArraySteps {
  readonly #values: ValueAlgebra;
  readonly #movedOf = new Map<ArrayConjunction, ArrayFormula>();

  constructor(values: ValueAlgebra) {
    this.#values = values;
  }

  /** Every set whose membership may matter to what follows the next item. */
  track(formula: ArrayFormula, seen: SeenItems, into: Set<ValueId>): void {
    if (formula.kind === "or") {
      for (const branch of formula.branches) this.track(branch, seen, into);
      return;
    }
    for (const value of asked(this.#selection(formula, seen))) into.add(value);
    for (const atom of formula.atLeastInside) into.add(atom.value);
    for (const atom of formula.atMostOutside) into.add(atom.value);
    for (const atom of formula.exists) if (atom.from === 0) into.add(atom.value);
    if (formula.repeated && seen.anyOfThem !== NOTHING) into.add(seen.anyOfThem);
    for (const clause of formula.clauses) this.track(clause, seen, into);
  }

  /**
   * The minimal sets of values of which one must hold, so that another item leaves the formula possible.
   * @param accepts whether the item can be in all of `values` and the rest of the array in `rest`
   */
  sufficient(
    formula: ArrayFormula,
    seen: SeenItems,
    accepts: (values: readonly ValueId[], rest: ArrayFormula) => Acceptance,
  ): (readonly ValueId[])[] {
    if (formula.kind === "or") return formula.branches.flatMap((branch) => this.sufficient(branch, seen, accepts));
    const option = this.#option(formula, seen);
    if (option === undefined) return [];
    const { arena, arrays } = this.#values;
    return sufficientSets<ArrayFormula>(
      option,
      arrays.none,
      (a, b) => arrays.and(a, b),
      accepts,
      () => arena.spend(),
    );
  }

  /** A conjunction as what every way for the next item has in common, with a choice for each atom and clause. */
  #option(formula: ArrayConjunction, seen: SeenItems): StepOption<ArrayFormula> | undefined {
    if (formula.maxItems === 0) return undefined;
    const selection = this.#selection(formula, seen);
    if (selection === NOTHING) return undefined;
    return { values: asked(selection), rest: this.#moved(formula), choices: () => this.#choices(formula, seen) };
  }

  #choices(formula: ArrayConjunction, seen: SeenItems): (readonly StepOption<ArrayFormula>[])[] {
    const { arrays } = this.#values;
    const lists: (readonly StepOption<ArrayFormula>[])[] = [];
    for (const atom of formula.atLeastInside) {
      const fewer = [{ value: atom.value, count: atom.count - 1 }];
      lists.push([
        { values: asked(atom.value), rest: arrays.conjunction({ atLeastInside: fewer }) },
        { values: [], rest: arrays.conjunction({ atLeastInside: [atom] }) },
      ]);
    }
    for (const atom of formula.atMostOutside) {
      const inside = { values: [atom.value], rest: arrays.conjunction({ atMostOutside: [atom] }) };
      const fewer = [{ value: atom.value, count: atom.count - 1 }];
      lists.push(
        atom.count === 0 ? [inside] : [inside, { values: [], rest: arrays.conjunction({ atMostOutside: fewer }) }],
      );
    }
    for (const atom of formula.exists) {
      const later = { from: Math.max(0, atom.from - 1), to: atom.to - 1, value: atom.value };
      const options = [{ values: [] as readonly ValueId[], rest: arrays.conjunction({ exists: [later] }) }];
      if (atom.from === 0) options.push({ values: asked(atom.value), rest: arrays.all });
      lists.push(options);
    }
    if (formula.repeated) {
      const options = [{ values: [] as readonly ValueId[], rest: arrays.conjunction({ repeated: true }) }];
      if (seen.anyOfThem !== NOTHING) options.push({ values: [seen.anyOfThem], rest: arrays.all });
      lists.push(options);
    }
    for (const clause of formula.clauses) {
      lists.push(clause.branches.flatMap((branch) => this.#branch(branch, seen) ?? []));
    }
    return lists;
  }

  /** The option of a branch. Of many clauses that say that the array is not another one, the ways that ask nothing of this item come first. */
  #branch(branch: ArrayConjunction, seen: SeenItems): StepOption<ArrayFormula> | undefined {
    const option = this.#option(branch, seen);
    if (option === undefined || branch.clauses.length > 0) return option;
    const { arrays } = this.#values;
    return settledOption(option, arrays.none, (a, b) => arrays.and(a, b));
  }

  /** The formula after an item that is in exactly the sets for which `holds` says so. */
  after(formula: ArrayFormula, seen: SeenItems, holds: (value: ValueId) => boolean): ArrayFormula {
    const { arrays } = this.#values;
    if (formula.kind === "or") return arrays.or(formula.branches.map((branch) => this.after(branch, seen, holds)));
    if (formula.maxItems === 0 || !satisfied(this.#selection(formula, seen), holds)) return arrays.none;
    const rest = this.#restAfter(formula, seen, holds);
    if (rest === arrays.none) return rest;
    return formula.clauses.reduce<ArrayFormula>(
      (all, clause) => arrays.and(all, this.after(clause, seen, holds)),
      rest,
    );
  }

  /** {@link after} without the clauses. */
  #restAfter(formula: ArrayConjunction, seen: SeenItems, holds: (value: ValueId) => boolean): ArrayFormula {
    const { arrays } = this.#values;
    if (!looksAtItems(formula)) return this.#moved(formula);
    const atMostOutside = formula.atMostOutside.map((atom) =>
      satisfied(atom.value, holds) ? atom : { value: atom.value, count: atom.count - 1 },
    );
    if (atMostOutside.some((atom) => atom.count < 0)) return arrays.none;
    const exists = [];
    for (const atom of formula.exists) {
      if (atom.from === 0 && satisfied(atom.value, holds)) continue;
      exists.push({ from: Math.max(0, atom.from - 1), to: atom.to - 1, value: atom.value });
    }
    return arrays.conjunction({
      ...shifted(formula),
      atLeastInside: formula.atLeastInside.map((atom) =>
        satisfied(atom.value, holds) ? { value: atom.value, count: atom.count - 1 } : atom,
      ),
      atMostOutside,
      exists,
      repeated: formula.repeated && !(seen.anyOfThem !== NOTHING && holds(seen.anyOfThem)),
    });
  }

  /** What an item leaves of the atoms that do not look at its value. Remembered: mostly they are all, and stay as they are. */
  #moved(formula: ArrayConjunction): ArrayFormula {
    let moved = this.#movedOf.get(formula);
    if (moved === undefined) this.#movedOf.set(formula, (moved = this.#values.arrays.conjunction(shifted(formula))));
    return moved;
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
}

/** Whether there are atoms to which it matters what an item is, besides being allowed. */
function looksAtItems({ atLeastInside, atMostOutside, exists, repeated }: ArrayConjunction): boolean {
  return atLeastInside.length > 0 || atMostOutside.length > 0 || exists.length > 0 || repeated;
}

/** The atoms that an item moves along without looking at its value. */
function shifted(
  formula: ArrayConjunction,
): Pick<ArrayConjunction, "prefix" | "rest" | "minItems" | "maxItems" | "unique"> {
  return {
    prefix: formula.prefix.slice(1),
    rest: formula.rest,
    minItems: Math.max(0, formula.minItems - 1),
    maxItems: formula.maxItems - 1,
    unique: formula.unique,
  };
}
