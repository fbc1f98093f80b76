import { itemValue } from "./array-algebra.ts";
import type { ConstantValues } from "./constant-values.ts";
import { distinctTexts } from "./distinct-texts.ts";
import {
  ANYTHING,
  NOTHING,
  type ArrayConjunction,
  type ArrayDisjunction,
  type ArrayFormula,
  type ValueId,
} from "./formula.ts";
import type { Membership } from "./membership.ts";
import { isPlainlyUnique, PlainItems } from "./plain-items.ts";
import { assertPlannable, isTooLong, MAX_ALIKE } from "./planned-members.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import { INEXACT_NUMBER, type Witnesses } from "./witnesses.ts";

/** Items that a witness adds, alike but for the values they are given when all must differ. */
export interface PlannedItem {
  /** The set their values are taken from. */
  readonly value: ValueId;
  /** The text of the value, where it matters which. */
  readonly text: string | undefined;
  /** How many there are in a row. */
  readonly count: number;
}

/** Some `count` items with their index in [from, to) are in `value`. */
interface Demand {
  readonly from: number;
  readonly to: number;
  readonly value: ValueId;
  readonly count: number;
}

/** Finds items that complete arrays. */
export class ArrayPlans {
  readonly #values: ValueAlgebra;
  readonly #constants: ConstantValues;
  readonly #membership: Membership;
  readonly #witnesses: Witnesses;
  readonly plain: PlainItems;

  constructor(values: ValueAlgebra, constants: ConstantValues, membership: Membership, witnesses: Witnesses) {
    this.#values = values;
    this.#constants = constants;
    this.#membership = membership;
    this.#witnesses = witnesses;
    this.plain = new PlainItems(values, witnesses);
  }

  /** The text of each group of items of a plan. */
  texts(items: readonly PlannedItem[]): string[] {
    return items.map((item) => item.text ?? this.#witnesses.shortest(item.value)!);
  }

  /** The array that a plan makes; undefined when it is too long to be written down. */
  arrayText(items: readonly PlannedItem[]): string | undefined {
    const texts = this.texts(items);
    if (isTooLong(items.reduce((length, { count }, i) => length + count * (texts[i].length + 1), 0))) return undefined;
    return `[${items.map(({ count }, i) => `${`${texts[i]},`.repeat(count - 1)}${texts[i]}`).join()}]`;
  }

  /**
   * Whether items can complete an array of `formula` after items with the values `seen`, all different.
   * Cheaper than {@link plan} where items must differ and there are plainly enough values.
   */
  canFinish(formula: ArrayFormula, seen: readonly ValueId[]): boolean {
    return this.isPlentiful(formula, seen.length) || this.plan(formula, seen) !== undefined;
  }

  /** {@link plan}, and no more of it than the first item where that is all that can be said cheaply. */
  beginning(formula: ArrayFormula, seen: readonly ValueId[]): PlannedItem[] | undefined {
    if (formula.kind === "or" || formula.minItems === 0 || !this.isPlentiful(formula, seen.length)) {
      return this.plan(formula, seen);
    }
    const known = this.plain.first(formula, seen, 1);
    if (known !== undefined && known !== "none") return [{ ...known[0], count: formula.minItems }];
    const value = this.#values.and(itemValue(formula, 0), this.#values.not(this.#values.any(seen)));
    return [{ value, text: undefined, count: formula.minItems }];
  }

  /** Items that complete an array of `formula` after items with the values `seen`; undefined when none do. */
  plan(formula: ArrayFormula, seen: readonly ValueId[]): PlannedItem[] | undefined {
    return this.#plan(formula, seen, false);
  }

  /**
   * The values of a set after one of which an array of `formula` can be completed by an item that is equal to it. To be asked where no items
   * complete it otherwise.
   */
  repeatable(formula: ArrayFormula, value: ValueId): ValueId {
    const values = this.#values;
    const found: ValueId[] = [];
    for (let left = value; this.#witnesses.isSatisfiable(left);) {
      const repeating = this.#plan(formula, [left], true)?.find(({ text }) => text !== undefined);
      if (repeating === undefined) break;
      // What one of its values does, all of them do.
      found.push(values.and(left, repeating.value));
      left = values.and(left, values.not(repeating.value));
    }
    return values.any(found);
  }

  /**
   * @param apart whether items must do for all values of their sets, and not for their texts alone, and one be equal to one of `seen`, where two
   * cannot be equal
   */
  #plan(formula: ArrayFormula, seen: readonly ValueId[], apart: boolean): PlannedItem[] | undefined {
    if (formula.kind === "or") return shortestPlan(formula.branches.map((branch) => this.#plan(branch, seen, apart)));
    this.#values.arena.spend();
    const { arrays } = this.#values;
    const base = arrays.conjunction({ ...formula, clauses: [] });
    return base.kind === "or" ? undefined : this.#placeWithClauses(base, formula.clauses, seen, apart);
  }

  /** As plans for objects do: clauses are tried on a witness first. */
  #placeWithClauses(
    base: ArrayConjunction,
    clauses: readonly ArrayDisjunction[],
    seen: readonly ValueId[],
    apart: boolean,
  ): PlannedItem[] | undefined {
    const { arrays } = this.#values;
    const plan = this.#placeItems(base, seen);
    if (plan === undefined) return undefined;
    if (clauses.length === 0) return apart && !base.repeated ? undefined : plan;
    const unmet = apart ? clauses[0] : this.#unmetBy(plan, clauses);
    if (unmet === undefined) return plan;
    const others = clauses.filter((clause) => clause !== unmet);
    for (const branch of unmet.branches.toSorted((a, b) => a.minItems - b.minItems)) {
      const merged = arrays.and(
        base,
        branch.clauses.length === 0 ? branch : arrays.conjunction({ ...branch, clauses: [] }),
      );
      if (merged.kind === "or") continue;
      const found = this.#placeWithClauses(merged, [...others, ...branch.clauses], seen, apart);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** A clause that the texts of a plan do not meet, or of which that is not seen from them. */
  #unmetBy(plan: readonly PlannedItem[], clauses: readonly ArrayDisjunction[]): ArrayDisjunction | undefined {
    assertPlannable("items", itemCount(plan));
    const texts = this.texts(plan);
    if (texts.some((text) => INEXACT_NUMBER.test(text))) return clauses[0];
    const witness = plan.flatMap(({ count }, i) =>
      Array.from({ length: count }, () => JSON.parse(texts[i]) as unknown),
    );
    // Whether an item repeats one that was read before is not seen from the witness.
    return clauses.find((clause) => clause.remembers || !this.#membership.containsArray(clause, witness));
  }

  #placeItems(formula: ArrayConjunction, seen: readonly ValueId[]): PlannedItem[] | undefined {
    if (isPlainlyUnique(formula) && formula.minItems > 0) {
      assertPlannable("different items", formula.minItems);
      const items = this.plain.first(formula, seen, formula.minItems);
      if (items === "none") return undefined;
      if (items !== undefined) return items;
    }
    if (!formula.repeated) return this.#placeAtLeast(formula, seen, formula.minItems);
    // Two more items than those that something is asked of are enough to repeat something.
    const { prefix, minItems, maxItems, exists, atLeastInside } = formula;
    const demanded = exists.length + atLeastInside.reduce((sum, { count }) => sum + count, 0);
    const least = Math.max(minItems, prefix.length, ...exists.map(({ from }) => from));
    const longest = Math.min(maxItems, least + demanded + 2);
    for (let length = minItems; length <= longest; length++) {
      const plan = this.#placeAtLeast(formula, seen, length);
      if (plan !== undefined) return plan;
    }
    return undefined;
  }

  /** Items for all atoms of a formula, at least `least` of them. Goes back where a choice leaves no room for a later one. */
  #placeAtLeast(formula: ArrayConjunction, seen: readonly ValueId[], least: number): PlannedItem[] | undefined {
    const values = this.#values;
    const seenSet = values.any(seen);
    const itemAt = (index: number): ValueId => {
      const value = itemValue(formula, index);
      return formula.unique ? values.and(value, values.not(seenSet)) : value;
    };
    const items: ValueId[] = [];
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
    // Items after the prefix are alike. As long as nothing is asked of one more than of another they are counted, not listed.
    const listed = formula.unique ? least : Math.min(least, formula.prefix.length);
    if (formula.unique) {
      assertPlannable("different items", least);
      if (!this.#mayDiffer(itemAt(formula.prefix.length), least - formula.prefix.length)) return undefined;
    }
    if (!grow(listed)) return undefined;
    assertPlannable("items", least, MAX_ALIKE);
    if (listed < least && !this.#witnesses.isSatisfiable(itemAt(listed))) return undefined;
    const finish = (): PlannedItem[] | undefined =>
      this.#finish(formula, seenSet, items, Math.max(0, least - items.length));
    const demands: Demand[] = [
      ...formula.exists.map((atom) => ({ ...atom, count: 1 })),
      ...formula.atLeastInside.map((atom) => ({ from: 0, to: Infinity, ...atom })),
    ];
    assertPlannable("items of a kind", Math.max(0, ...demands.map((demand) => demand.count)));

    const place = (index: number, left: number, start: number): PlannedItem[] | undefined => {
      const demand = demands[index];
      if (demand === undefined) return finish();
      if (left === 0) return place(index + 1, demands[index + 1]?.count ?? 0, demands[index + 1]?.from ?? 0);
      const { length } = items;
      const tried = new Set<ValueId>();
      for (let i = start; i < Math.min(demand.to, formula.maxItems); i++) {
        const fresh = i >= items.length;
        if (fresh && !grow(i + 1)) break;
        const before = items[i];
        const alike = i >= formula.prefix.length && demands.every((other, k) => k <= index || isAlikeFrom(other, i));
        // What one of several items that are alike cannot do, the others cannot.
        if (alike && tried.has(before)) {
          if (fresh) break;
          continue;
        }
        const both = values.and(before, demand.value);
        if (this.#witnesses.isSatisfiable(both)) {
          items[i] = both;
          const found = place(index, left - 1, i + 1);
          if (found !== undefined) return found;
          items[i] = before;
          if (alike) tried.add(before);
        }
        if (fresh && alike) break; // every later position is like this one
      }
      items.length = length;
      return undefined;
    };
    return place(0, demands[0]?.count ?? 0, demands[0]?.from ?? 0);
  }

  /**
   * Items that, of those chosen so far and `more` like those after the prefix, are outside of few enough sets, and differ or repeat as
   * they must.
   */
  #finish(
    formula: ArrayConjunction,
    seen: ValueId,
    items: readonly ValueId[],
    more: number,
  ): PlannedItem[] | undefined {
    const values = this.#values;
    const atoms = formula.atMostOutside;
    const inside = values.all(atoms.map((atom) => atom.value));
    let run = values.and(formula.rest, inside);
    let listed = items;
    let left = more;
    if (left > 0 && !this.#witnesses.isSatisfiable(run)) {
      // Each of them is outside of something.
      if (left > atoms.reduce((sum, atom) => sum + atom.count, 0)) return undefined;
      assertPlannable("items of several kinds", left);
      listed = [...items, ...Array.from({ length: left }, () => formula.rest)];
      left = 0;
      run = NOTHING;
    }
    if (left === 1 && formula.repeated) {
      // It may be the one that is equal to another, and that may be outside.
      listed = [...listed, formula.rest];
      left = 0;
    }
    const chosen: ValueId[] = [];
    const outside = atoms.map(() => 0);
    const complete = (): PlannedItem[] | undefined => {
      if (formula.repeated && left < 2) return this.#repeating(chosen, seen);
      const texts = formula.unique
        ? distinctTexts(chosen, values, this.#constants, this.#membership, this.#witnesses)
        : chosen.map(() => undefined);
      if (texts === undefined) return undefined;
      const plan: PlannedItem[] = chosen.map((value, i) => ({ value, text: texts[i], count: 1 }));
      if (left > 0) plan.push({ value: run, text: undefined, count: left });
      return plan;
    };
    const choose = (item: number, atom: number, value: ValueId): PlannedItem[] | undefined => {
      if (item === listed.length) return complete();
      if (atom === atoms.length) {
        chosen.push(value);
        const found = choose(item + 1, 0, listed[item + 1] ?? ANYTHING);
        if (found === undefined) chosen.pop();
        return found;
      }
      values.arena.spend();
      const both = values.and(value, atoms[atom].value);
      if (this.#witnesses.isSatisfiable(both)) {
        const found = choose(item, atom + 1, both);
        if (found !== undefined) return found;
      }
      if (outside[atom] === atoms[atom].count) return undefined;
      outside[atom]++;
      const found = choose(item, atom + 1, value);
      if (found === undefined) outside[atom]--;
      return found;
    };
    if (atoms.length > 0) return choose(0, 0, listed[0] ?? ANYTHING);
    chosen.push(...listed);
    return complete();
  }

  /** Texts for items of which two, or one and one of `seen`, must be equal. */
  #repeating(items: readonly ValueId[], seen: ValueId): PlannedItem[] | undefined {
    for (let i = 0; i < items.length; i++) {
      const old = this.#witnesses.shortest(this.#values.and(items[i], seen));
      if (old !== undefined) return items.map((value, k) => ({ value, text: k === i ? old : undefined, count: 1 }));
      for (let j = 0; j < i; j++) {
        this.#values.arena.spend();
        const text = this.#witnesses.shortest(this.#values.and(items[i], items[j]));
        if (text === undefined) continue;
        return items.map((value, k) => ({ value, text: k === i || k === j ? text : undefined, count: 1 }));
      }
    }
    return undefined;
  }

  /** False when a set plainly has fewer than `count` values. */
  #mayDiffer(value: ValueId, count: number): boolean {
    if (count <= 1) return true;
    return this.#hasStructures(value) || this.#scalarCount(value, count) >= count;
  }

  #hasStructures(value: ValueId): boolean {
    const { arrays, objects } = this.#values;
    const { array, object } = this.#values.expand(value);
    return array !== arrays.none || object !== objects.none;
  }

  /** True when the rest of an array, after `seenCount` items, asks for nothing but items that differ, and there are values for more. */
  isPlentiful(formula: ArrayFormula, seenCount: number): boolean {
    if (formula.kind === "or") return false;
    const { minItems, prefix } = formula;
    if (!isPlainlyUnique(formula)) return false;
    if (minItems === 0) return true;
    const needed = minItems + seenCount + 1;
    const sets = prefix.length < minItems ? [...prefix, formula.rest] : prefix.slice(0, minItems);
    return sets.every(
      (value) =>
        value === ANYTHING ||
        this.#scalarCount(value, needed) >= needed ||
        (this.#hasStructures(value) && this.#witnesses.someMembers(value, needed).list.length >= needed),
    );
  }

  /** How many values of a set are neither arrays nor objects; `limit` when there are at least as many. */
  #scalarCount(value: ValueId, limit: number): number {
    const formula = this.#values.expand(value);
    let count = 0;
    for (let bits = formula.literals; bits !== 0; bits &= bits - 1) count++;
    if (count < limit) count += this.#values.numbers.cardinality(formula.number, limit);
    if (count < limit) count += this.#values.arena.cardinality(formula.string, limit);
    return Math.min(count, limit);
  }
}

/** Whether a demand is the same for the item at `index` and all later ones. */
function isAlikeFrom({ from, to }: Demand, index: number): boolean {
  return from <= index && (to === Infinity || to <= index);
}

function itemCount(plan: readonly PlannedItem[]): number {
  return plan.reduce((sum, { count }) => sum + count, 0);
}

function shortestPlan(plans: readonly (PlannedItem[] | undefined)[]): PlannedItem[] | undefined {
  let best: PlannedItem[] | undefined;
  for (const plan of plans) {
    if (plan !== undefined && (best === undefined || itemCount(plan) < itemCount(best))) best = plan;
  }
  return best;
}
