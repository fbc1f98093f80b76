import { ANYTHING, NOTHING, type ObjectFormula, type ValueId } from "./formula.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import type { Witnesses } from "./witnesses.ts";

/** More keys, members or items than one token can hold: of so many, some are left whichever a few were. */
export const MANY = 0x20000;

/** Objects that are looked into, one inside the other. */
const MAX_DEPTH = 3;

/** Whether sets plainly have {@link MANY} members; false says nothing. */
export class Abundance {
  readonly #values: ValueAlgebra;
  readonly #witnesses: Witnesses;
  readonly #objects = new Map<ValueId, boolean>();

  constructor(values: ValueAlgebra, witnesses: Witnesses) {
    this.#values = values;
    this.#witnesses = witnesses;
  }

  ofStrings(value: ValueId): boolean {
    return this.#values.arena.cardinality(this.#values.expand(value).string, MANY) >= MANY;
  }

  ofObjects(value: ValueId): boolean {
    let isMany = this.#objects.get(value);
    if (isMany === undefined) {
      isMany = this.#isManyObjects(this.#values.expand(value).object, MAX_DEPTH);
      this.#objects.set(value, isMany);
    }
    return isMany;
  }

  /** Objects that differ in one member with many values, where nothing is asked but of each member by itself. */
  #isManyObjects(formula: ObjectFormula, depth: number): boolean {
    if (formula.kind === "or") return formula.branches.some((branch) => this.#isManyObjects(branch, depth));
    const { clauses, exists, required, rules, words, minMembers, maxMembers } = formula;
    if (clauses.length + exists.length > 0 || minMembers > required.size || maxMembers <= required.size) return false;
    const { objects } = this.#values;
    if (![...required].every((word) => this.#witnesses.isSatisfiable(objects.selection(formula, word)))) return false;
    return rules.length === 0 || [...words.values()].some((value) => this.#isMany(value, depth));
  }

  #isMany(value: ValueId, depth: number): boolean {
    this.#values.arena.spend();
    if (value === NOTHING) return false;
    if (value === ANYTHING || this.ofStrings(value)) return true;
    return depth > 0 && this.#isManyObjects(this.#values.expand(value).object, depth - 1);
  }
}
