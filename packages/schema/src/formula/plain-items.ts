import { itemValue } from "./array-algebra.ts";
import type { PlannedItem } from "./array-plans.ts";
import type { ArrayConjunction, ArrayFormula, ValueId } from "./formula.ts";
import type { Member } from "./some-members.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import type { Witnesses } from "./witnesses.ts";

/** Items of arrays of which nothing is asked but what each item is, and that they differ: taken from the lists of members of their sets. */
export class PlainItems {
  readonly #values: ValueAlgebra;
  readonly #witnesses: Witnesses;

  constructor(values: ValueAlgebra, witnesses: Witnesses) {
    this.#values = values;
    this.#witnesses = witnesses;
  }

  /**
   * The shortest known items that complete an array of `formula` after items with the values `seen`, where nothing else is asked than that
   * they differ. Undefined where that is not said so easily, or takes no items.
   * @param others how many items were read beside those of `seen`: the costliest items that may still be the shortest ones left
   */
  texts(formula: ArrayFormula, seen: readonly ValueId[], others: number): readonly string[] | undefined {
    if (formula.kind === "or" || formula.minItems === 0 || !isPlainlyUnique(formula)) return undefined;
    const items = this.first(formula, seen, formula.minItems, others);
    return items === undefined || items === "none" ? undefined : items.map(({ text }) => text!);
  }

  /**
   * True when the rest of an array asks for nothing but items of one set that differ, and another item of any value leaves enough of those
   * that are not among `seen`.
   */
  leavesEnough(formula: ArrayFormula, seen: readonly ValueId[]): boolean {
    if (formula.kind === "or" || !isPlainlyUnique(formula) || formula.prefix.length > 0) return false;
    const { list, isAll } = this.#witnesses.someMembers(formula.rest, formula.minItems + seen.length + 1);
    if (!isAll) return false;
    const taken = new Set(seen);
    const left = list.reduce((count, member) => count + (taken.has(member.value) ? 0 : 1), 0);
    return left > formula.minItems;
  }

  /**
   * The first `count` different items of a formula that {@link isPlainlyUnique}: of what is known of each set, the first that is left. Undefined where
   * not enough is known; "none" where there are not as many.
   * @param spared how many of the first that are left are left to others; each time those that save most
   */
  first(
    formula: ArrayConjunction,
    seen: readonly ValueId[],
    count: number,
    spared = 0,
  ): PlannedItem[] | "none" | undefined {
    const { prefix, minItems, rest } = formula;
    const needed = minItems + seen.length + spared;
    const taken = new Set(seen);
    /** By set, how many of its members have been looked at. */
    const looked = new Map<ValueId, number>();
    const nextOf = (set: ValueId): Member | undefined => {
      const { list } = this.#witnesses.someMembers(set, needed);
      // What is not known may be any of the first ones.
      let toSkip = looked.has(set) ? 0 : spared;
      let at = looked.get(set) ?? 0;
      while (at < list.length && (taken.has(list[at].value) || toSkip-- > 0)) at++;
      looked.set(set, at + 1);
      return list[at];
    };
    const isHomogeneous =
      prefix.every((set) => set === prefix[0]) && (prefix.length >= minItems || rest === (prefix[0] ?? rest));
    const items: PlannedItem[] = [];
    for (const i of isHomogeneous ? Array.from({ length: count }, (_, at) => at) : this.#dearestFirst(formula, taken)) {
      this.#values.arena.spend();
      const set = itemValue(formula, i);
      const member = nextOf(set);
      if (member === undefined) {
        return isHomogeneous && spared === 0 && this.#witnesses.someMembers(set, needed).isAll ? "none" : undefined;
      }
      taken.add(member.value);
      items[i] = { value: set, text: member.text, count: 1 };
    }
    return items.slice(0, count);
  }

  /** The places of items, those first that lose most when another item takes the shortest value of their set. */
  #dearestFirst(formula: ArrayConjunction, taken: ReadonlySet<ValueId>): number[] {
    const regrets = new Map<ValueId, number>();
    const regretOf = (set: ValueId): number => {
      let regret = regrets.get(set);
      if (regret === undefined) {
        const { list } = this.#witnesses.someMembers(set, formula.minItems + taken.size);
        const [first, second] = list.filter((member) => !taken.has(member.value));
        regret = second === undefined ? Infinity : second.text.length - first.text.length;
        regrets.set(set, regret);
      }
      return regret;
    };
    return Array.from({ length: formula.minItems }, (_, i) => i).sort((a, b) => {
      const [first, second] = [regretOf(itemValue(formula, a)), regretOf(itemValue(formula, b))];
      return first === second ? 0 : second - first;
    });
  }
}

/** Whether nothing is asked of the items but what each of them is, and that they differ. */
export function isPlainlyUnique(formula: ArrayConjunction): boolean {
  const { clauses, exists, atLeastInside, atMostOutside, unique } = formula;
  return unique && clauses.length + exists.length + atLeastInside.length + atMostOutside.length === 0;
}
