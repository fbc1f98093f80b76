import { EMPTY, type Term } from "@espalier/grammar";
import {
  ANYTHING,
  NOTHING,
  type MemberExists,
  type ObjectConjunction,
  type ObjectDisjunction,
  type ObjectFormula,
  type ValueId,
} from "./formula.ts";
import { asked, satisfied, sufficientSets, type Acceptance, type StepOption } from "./sufficient-sets.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** A key, known exactly or as one of a region of keys that no rule tells apart. */
export interface KeyView {
  /** The key when it is one that formulas may name; undefined within a region of other keys. */
  readonly word: string | undefined;
  matches(keys: Term): boolean;
}

const encoder = new TextEncoder();

/** How object formulas change as members are read. */
export class ObjectSteps {
  readonly #values: ValueAlgebra;

  constructor(values: ValueAlgebra) {
    this.#values = values;
  }

  /** What a conjunction says of the value under `key`. */
  selection(formula: ObjectConjunction, key: KeyView): ValueId {
    const named = key.word === undefined ? undefined : formula.words.get(key.word);
    if (named !== undefined) return named;
    return this.#values.objects.ruleSelection(formula.rules, (keys) => key.matches(keys));
  }

  /** Every set whose membership may matter to what follows a member under `key`. */
  track(formula: ObjectFormula, key: KeyView, into: Set<ValueId>): void {
    if (formula.kind === "or") {
      for (const branch of formula.branches) this.track(branch, key, into);
      return;
    }
    for (const value of asked(this.selection(formula, key))) into.add(value);
    for (const atom of formula.exists) if (concerns(atom, key)) into.add(atom.value);
    for (const clause of formula.clauses) this.track(clause, key, into);
  }

  /**
   * The minimal sets of values of which one must hold, so that a member under `key` leaves the formula possible.
   * @param accepts whether the value can be in all of `values` and the rest of the object in `rest`
   */
  sufficient(
    formula: ObjectFormula,
    key: KeyView,
    accepts: (values: readonly ValueId[], rest: ObjectFormula) => Acceptance,
  ): (readonly ValueId[])[] {
    if (formula.kind === "or") return formula.branches.flatMap((branch) => this.sufficient(branch, key, accepts));
    const option = this.#option(formula, key);
    if (option === undefined) return [];
    const { arena, objects } = this.#values;
    return sufficientSets<ObjectFormula>(
      option,
      objects.none,
      (a, b) => objects.and(a, b),
      accepts,
      () => arena.spend(),
    );
  }

  /** A conjunction as what every way has in common, with a choice for each atom and clause that `key` touches. */
  #option(formula: ObjectConjunction, key: KeyView): StepOption<ObjectFormula> | undefined {
    const { objects } = this.#values;
    const selection = this.selection(formula, key);
    if (selection === NOTHING) return undefined;
    const exists = formula.exists.filter((atom) => concerns(atom, key));
    const clauses = formula.clauses.filter((clause) => this.#concernsAny(clause, key));
    const values = asked(selection);
    if (exists.length === 0 && clauses.length === 0) return { values, rest: formula };
    const rest = objects.conjunction({
      ...formula,
      exists: formula.exists.filter((atom) => !exists.includes(atom)),
      clauses: formula.clauses.filter((clause) => !clauses.includes(clause)),
    });
    const choices = (): StepOption<ObjectFormula>[][] => [
      ...exists.map((atom) => [
        { values: asked(atom.value), rest: objects.all },
        { values: [], rest: objects.conjunction({ exists: [this.#elsewhere(atom, key)] }) },
      ]),
      ...clauses.map((clause) => this.#clauseOptions(clause, key)),
    ];
    return { values, rest, choices };
  }

  #clauseOptions(clause: ObjectDisjunction, key: KeyView): StepOption<ObjectFormula>[] {
    const { objects } = this.#values;
    const untouched = clause.branches.filter((branch) => !this.#concerns(branch, key));
    const options: StepOption<ObjectFormula>[] =
      untouched.length === 0 ? [] : [{ values: [], rest: objects.or(untouched) }];
    for (const branch of clause.branches) {
      if (untouched.includes(branch)) continue;
      const option = this.#option(branch, key);
      if (option !== undefined) options.push(option);
    }
    return options;
  }

  /** The formula after a member under `key` whose value is in exactly the sets for which `holds` says so. */
  after(formula: ObjectFormula, key: KeyView, holds: (value: ValueId) => boolean): ObjectFormula {
    const { objects } = this.#values;
    if (formula.kind === "or") return objects.or(formula.branches.map((branch) => this.after(branch, key, holds)));
    const selection = this.selection(formula, key);
    if (!satisfied(selection, holds)) return objects.none;
    const exists = formula.exists.flatMap((atom) => {
      if (!concerns(atom, key)) return [atom];
      return satisfied(atom.value, holds) ? [] : [this.#elsewhere(atom, key)];
    });
    const changed: ObjectFormula[] = [];
    const untouched = formula.clauses.filter((clause) => {
      if (!this.#concernsAny(clause, key)) return true;
      changed.push(this.after(clause, key, holds));
      return false;
    });
    const isSame = exists.length === formula.exists.length && exists.every((atom, i) => atom === formula.exists[i]);
    if (isSame && changed.length === 0) return formula;
    const kept = objects.conjunction({ ...formula, exists, clauses: untouched });
    return changed.reduce<ObjectFormula>((all, clause) => objects.and(all, clause), kept);
  }

  /** What is left of an atom that a member under `key` did not meet: the key is used up. */
  #elsewhere(atom: MemberExists, key: KeyView): MemberExists {
    return key.word === undefined ? atom : this.#without(atom, [key.word]);
  }

  /** An atom for keys other than some words. */
  #without(atom: MemberExists, words: readonly string[]): MemberExists {
    const keys = this.keysWithout(atom.keys, words);
    if (keys === atom.keys) return atom;
    const dual =
      atom.dual === undefined ? undefined : this.#values.arena.difference(atom.dual, this.#among(atom.keys, words));
    return { ...atom, keys, dual };
  }

  /** The set of keys that {@link withoutWords} makes of that of an atom. */
  keysWithout(keys: Term, words: readonly string[]): Term {
    const among = this.#among(keys, words);
    return among === EMPTY ? keys : this.#values.arena.difference(keys, among);
  }

  #among(keys: Term, words: readonly string[]): Term {
    const { arena } = this.#values;
    const among = words.filter((word) => arena.accepts(keys, encoder.encode(word)));
    return among.length === 0 ? EMPTY : arena.words(among);
  }

  /** The formula once it is known that none of `words` will be a key any more. */
  withoutWords(formula: ObjectFormula, words: readonly string[]): ObjectFormula {
    const { objects } = this.#values;
    if (words.length === 0) return formula;
    if (formula.kind === "or") return objects.or(formula.branches.map((branch) => this.withoutWords(branch, words)));
    for (const word of words) if (formula.required.has(word)) return objects.none;
    if (formula.clauses.length === 0 && formula.exists.length === 0) return formula;
    const exists = formula.exists.map((atom) => this.#without(atom, words));
    const clauses = formula.clauses.map((clause) => this.withoutWords(clause, words));
    const isSame =
      exists.every((atom, i) => atom === formula.exists[i]) &&
      clauses.every((clause, i) => clause === formula.clauses[i]);
    if (isSame) return formula;
    const kept = objects.conjunction({ ...formula, exists, clauses: [] });
    return clauses.reduce<ObjectFormula>((all, clause) => objects.and(all, clause), kept);
  }

  /** Whether the object may end here: `has` tells which keys it has, `memberCount` how many. */
  holdsAtEnd(formula: ObjectFormula, has: (word: string) => boolean, memberCount: number): boolean {
    if (formula.kind === "or") return formula.branches.some((branch) => this.holdsAtEnd(branch, has, memberCount));
    if (formula.exists.length > 0) return false;
    if (memberCount < formula.minMembers || memberCount > formula.maxMembers) return false;
    for (const word of formula.required) if (!has(word)) return false;
    return formula.clauses.every((clause) => this.holdsAtEnd(clause, has, memberCount));
  }

  #concernsAny(clause: ObjectDisjunction, key: KeyView): boolean {
    return clause.branches.some((branch) => this.#concerns(branch, key));
  }

  #concerns(branch: ObjectConjunction, key: KeyView): boolean {
    return (
      this.selection(branch, key) !== ANYTHING ||
      branch.exists.some((atom) => concerns(atom, key)) ||
      branch.clauses.some((inner) => this.#concernsAny(inner, key))
    );
  }
}

function concerns(atom: MemberExists, key: KeyView): boolean {
  return key.matches(atom.keys);
}
