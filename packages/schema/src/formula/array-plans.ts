import { itemValue } from "./array-algebra.ts";
import type { ConstantValues } from "./constant-values.ts";
import { NOTHING, type ArrayConjunction, type ArrayDisjunction, type ArrayFormula, type ValueId } from "./formula.ts";
import type { Membership } from "./membership.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import { INEXACT_NUMBER, type Witnesses } from "./witnesses.ts";

/** An item that a witness adds: the set its value is taken from, and the value's text where it matters which. */
export interface PlannedItem {
  readonly value: ValueId;
  readonly text: string | undefined;
}

/** Finds items that complete arrays. */
export class ArrayPlans {
  readonly #values: ValueAlgebra;
  readonly #constants: ConstantValues;
  readonly #membership: Membership;
  readonly #witnesses: Witnesses;

  constructor(values: ValueAlgebra, constants: ConstantValues, membership: Membership, witnesses: Witnesses) {
    this.#values = values;
    this.#constants = constants;
    this.#membership = membership;
    this.#witnesses = witnesses;
  }

  /** Texts for the items of a plan. */
  texts(items: readonly PlannedItem[]): string[] {
    return items.map((item) => item.text ?? this.#witnesses.shortest(item.value)!);
  }

  /** Items that complete an array of `formula` after items with the values `seen`; undefined when none do. */
  plan(formula: ArrayFormula, seen: ValueId): PlannedItem[] | undefined {
    if (formula.kind === "or") return shortestPlan(formula.branches.map((branch) => this.plan(branch, seen)));
    this.#values.arena.spend();
    const { arrays } = this.#values;
    if (formula.clauses.length === 0) return this.#placeItems(formula, seen);
    const base = arrays.conjunction({ ...formula, clauses: [] });
    return base.kind === "or" ? undefined : this.#placeWithClauses(base, formula.clauses, seen);
  }

  /** As plans for objects do: clauses are tried on a witness first. */
  #placeWithClauses(
    base: ArrayConjunction,
    clauses: readonly ArrayDisjunction[],
    seen: ValueId,
  ): PlannedItem[] | undefined {
    const { arrays } = this.#values;
    const plan = this.#placeItems(base, seen);
    if (plan === undefined || clauses.length === 0) return plan;
    const texts = this.texts(plan);
    const exact = !texts.some((text) => INEXACT_NUMBER.test(text));
    const witness = exact ? texts.map((text) => JSON.parse(text) as unknown) : [];
    // Whether an item repeats one that was read before is not seen from the witness: such clauses are always taken apart.
    const unmet = clauses.find(
      (clause) => !exact || clause.remembers || !this.#membership.containsArray(clause, witness),
    );
    if (unmet === undefined) return plan;
    const others = clauses.filter((clause) => clause !== unmet);
    for (const branch of unmet.branches.toSorted((a, b) => a.minItems - b.minItems)) {
      const merged = arrays.and(
        base,
        branch.clauses.length === 0 ? branch : arrays.conjunction({ ...branch, clauses: [] }),
      );
      if (merged.kind === "or") continue;
      const found = this.#placeWithClauses(merged, [...others, ...branch.clauses], seen);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #placeItems(formula: ArrayConjunction, seen: ValueId): PlannedItem[] | undefined {
    const values = this.#values;
    const items: ValueId[] = [];
    const itemAt = (index: number): ValueId => {
      const value = itemValue(formula, index);
      return formula.unique ? values.and(value, values.not(seen)) : value;
    };
    const grow = (length: number): boolean => {
      while (items.length < length) {
        values.arena.spend();
        if (items.length >= formula.maxItems) return false;
        const value = itemAt(items.length);
        if (!this.#witnesses.isSatisfiable(value)) return false;
        items.push(value);
      }
      return true;
    };
    if (!grow(formula.minItems)) return undefined;
    const demands: { from: number; to: number; value: ValueId; count: number }[] = [
      ...formula.exists.map((atom) => ({ ...atom, count: 1 })),
      ...formula.atLeastInside.map((atom) => ({ from: 0, to: Infinity, ...atom })),
    ];
    for (const { from, to, value, count } of demands) {
      let left = count;
      for (let i = 0; left > 0 && i < Math.min(to, formula.maxItems); i++) {
        const fresh = i >= items.length;
        if (fresh && !grow(i + 1)) return undefined;
        if (i < from) continue;
        const both = values.and(items[i], value);
        if (this.#witnesses.isSatisfiable(both)) {
          items[i] = both;
          left--;
        } else if (fresh && i >= formula.prefix.length) {
          break; // every later position is like this one
        }
      }
      if (left > 0) return undefined;
    }
    for (const { value, count } of formula.atMostOutside) {
      let left = count;
      for (let i = 0; i < items.length; i++) {
        const both = values.and(items[i], value);
        if (this.#witnesses.isSatisfiable(both)) items[i] = both;
        else if (--left < 0) return undefined;
      }
    }
    if (formula.repeated) return this.#placeRepeated(formula, seen, items, grow);
    return formula.unique ? this.#placeDistinct(items) : items.map((value) => ({ value, text: undefined }));
  }

  #placeRepeated(
    formula: ArrayConjunction,
    seen: ValueId,
    items: ValueId[],
    grow: (length: number) => boolean,
  ): PlannedItem[] | undefined {
    const plan = (): PlannedItem[] => items.map((value) => ({ value, text: undefined }));
    const limit = Math.min(formula.maxItems, Math.max(items.length, formula.prefix.length) + 2);
    for (let i = 0; i < limit; i++) {
      if (!grow(i + 1)) return undefined;
      const old = this.#values.and(items[i], seen);
      if (this.#witnesses.isSatisfiable(old)) {
        items[i] = old;
        return plan();
      }
      for (let j = 0; j < i; j++) {
        const text = this.#witnesses.shortest(this.#values.and(items[i], items[j]));
        if (text === undefined) continue;
        return items.map((value, k) => ({ value, text: k === i || k === j ? text : undefined }));
      }
    }
    return undefined;
  }

  /** Picks different values for the items, the most constrained first. */
  #placeDistinct(items: readonly ValueId[]): PlannedItem[] | undefined {
    const order = items.map((_, i) => i).sort((a, b) => this.#freedom(items[a]) - this.#freedom(items[b]));
    const texts: string[] = [];
    let taken: ValueId = NOTHING;
    for (const i of order) {
      const text = this.#witnesses.shortest(this.#values.and(items[i], this.#values.not(taken)));
      if (text === undefined) return undefined;
      texts[i] = text;
      taken = this.#values.or(taken, this.#constants.ofText(text));
    }
    return items.map((value, i) => ({ value, text: texts[i] }));
  }

  /** A rough count of the values of a set, to order choices by. */
  #freedom(value: ValueId): number {
    const formula = this.#values.expand(value);
    let count = 0;
    for (let bits = formula.literals; bits !== 0; bits &= bits - 1) count++;
    count += this.#values.numbers.cardinality(formula.number, 64);
    count += this.#values.arena.cardinality(formula.string, 64);
    if (formula.array !== this.#values.arrays.none) count += 64;
    if (formula.object !== this.#values.objects.none) count += 64;
    return count;
  }
}

function shortestPlan(plans: readonly (PlannedItem[] | undefined)[]): PlannedItem[] | undefined {
  let best: PlannedItem[] | undefined;
  for (const plan of plans) {
    if (plan !== undefined && (best === undefined || plan.length < best.length)) best = plan;
  }
  return best;
}
