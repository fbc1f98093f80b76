import {
  ANYTHING,
  NOTHING,
  type ArrayConjunction,
  type ArrayDisjunction,
  type ArrayFormula,
  type ItemCount,
  type ItemExists,
  type ValueId,
} from "./formula.ts";
import { Interner } from "./interner.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** The atoms of a conjunction; what is left out says nothing. */
export type ArrayAtoms = Partial<Omit<ArrayConjunction, "kind" | "id" | "remembers">>;

/** Sets of arrays, closed under and, or and not; interned by content. */
export class ArrayAlgebra {
  readonly none: ArrayDisjunction;
  readonly all: ArrayConjunction;
  readonly #values: ValueAlgebra;
  readonly #interner: Interner<ArrayFormula>;

  constructor(values: ValueAlgebra, maxFormulas: number) {
    this.#values = values;
    this.#interner = new Interner("maxFormulas", maxFormulas);
    this.none = this.#disjunction([]);
    this.all = this.conjunction({}) as ArrayConjunction;
  }

  get size(): number {
    return this.#interner.size;
  }

  /** The set described by `atoms`; `none` when they contradict each other on sight. */
  conjunction(atoms: ArrayAtoms): ArrayFormula {
    const { exists: existing = [], clauses: given = [] } = atoms;
    this.#values.arena.spend(1 + ((atoms.prefix?.length ?? 0) >>> 4) + existing.length + given.length);
    const rest = atoms.rest ?? ANYTHING;
    let prefix = [...(atoms.prefix ?? [])];
    let maxItems = atoms.maxItems ?? Infinity;
    if (rest === NOTHING) maxItems = Math.min(maxItems, prefix.length);
    const firstImpossible = prefix.indexOf(NOTHING);
    if (firstImpossible >= 0) maxItems = Math.min(maxItems, firstImpossible);
    if (prefix.length > maxItems) prefix = prefix.slice(0, maxItems);
    while (prefix.length > 0 && prefix.at(-1) === rest && maxItems !== prefix.length) prefix.pop();
    const atLeastInside = mergedCounts(atoms.atLeastInside ?? [], Math.max).filter((atom) => atom.count > 0);
    const atMostOutside = mergedCounts(atoms.atMostOutside ?? [], Math.min).filter((atom) => atom.value !== ANYTHING);
    if (atLeastInside.some((atom) => atom.value === NOTHING)) return this.none;
    const exists: ItemExists[] = [];
    for (const atom of atoms.exists ?? []) {
      if (atom.value === NOTHING || atom.to <= atom.from) return this.none;
      if (!exists.some((other) => other.from === atom.from && other.to === atom.to && other.value === atom.value)) {
        exists.push(atom);
      }
    }
    const minItems = atoms.minItems ?? 0;
    if (minItems > maxItems) return this.none;
    const clauses: ArrayDisjunction[] = [];
    for (const clause of atoms.clauses ?? []) {
      if (clause.branches.length === 0) return this.none;
      if (!clauses.includes(clause)) clauses.push(clause);
    }
    clauses.sort((a, b) => a.id - b.id);
    const unique = atoms.unique ?? false;
    const repeated = atoms.repeated ?? false;
    if (unique && repeated) return this.none;
    const key = [
      prefix.join(),
      rest,
      minItems,
      maxItems,
      counts(atLeastInside),
      counts(atMostOutside),
      exists
        .map((atom) => `${atom.from}-${atom.to}:${atom.value}`)
        .sort()
        .join(),
      unique,
      repeated,
      clauses.map((clause) => clause.id).join(),
    ].join("|");
    const remembers = unique || repeated || clauses.some((clause) => clause.remembers);
    return this.#interner.intern(key, (id) => ({
      kind: "and",
      id,
      prefix,
      rest,
      minItems,
      maxItems,
      atLeastInside,
      atMostOutside,
      exists,
      unique,
      repeated,
      clauses,
      remembers,
    }));
  }

  and(a: ArrayFormula, b: ArrayFormula): ArrayFormula {
    if (a === b || b === this.all) return a;
    if (a === this.all) return b;
    if (a === this.none || b === this.none) return this.none;
    if (a.kind === "or" && b.kind === "or") return this.conjunction({ clauses: [a, b] });
    if (a.kind === "or") return this.#withClause(b as ArrayConjunction, a);
    if (b.kind === "or") return this.#withClause(a, b);
    const prefix: ValueId[] = [];
    for (let i = 0; i < Math.max(a.prefix.length, b.prefix.length); i++) {
      prefix.push(this.#values.and(itemValue(a, i), itemValue(b, i)));
    }
    return this.conjunction({
      prefix,
      rest: this.#values.and(a.rest, b.rest),
      minItems: Math.max(a.minItems, b.minItems),
      maxItems: Math.min(a.maxItems, b.maxItems),
      atLeastInside: [...a.atLeastInside, ...b.atLeastInside],
      atMostOutside: [...a.atMostOutside, ...b.atMostOutside],
      exists: [...a.exists, ...b.exists],
      unique: a.unique || b.unique,
      repeated: a.repeated || b.repeated,
      clauses: [...a.clauses, ...b.clauses],
    });
  }

  or(formulas: readonly ArrayFormula[]): ArrayFormula {
    const branches: ArrayConjunction[] = [];
    const seen = new Set<ArrayConjunction>();
    for (const formula of formulas) {
      for (const branch of formula.kind === "or" ? formula.branches : [formula]) {
        if (branch === this.all) return this.all;
        this.#values.arena.spend();
        if (seen.has(branch)) continue;
        seen.add(branch);
        branches.push(branch);
      }
    }
    return branches.length === 1 ? branches[0] : this.#disjunction(branches);
  }

  not(formula: ArrayFormula): ArrayFormula {
    if (formula.kind === "or") {
      return formula.branches.reduce<ArrayFormula>((all, branch) => this.and(all, this.not(branch)), this.all);
    }
    const branches: ArrayFormula[] = [];
    formula.prefix.forEach((value, i) => {
      if (value !== ANYTHING) branches.push(this.conjunction({ exists: [this.#outside(i, i + 1, value)] }));
    });
    if (formula.rest !== ANYTHING) {
      branches.push(this.conjunction({ exists: [this.#outside(formula.prefix.length, Infinity, formula.rest)] }));
    }
    if (formula.minItems > 0) branches.push(this.conjunction({ maxItems: formula.minItems - 1 }));
    if (formula.maxItems < Infinity) branches.push(this.conjunction({ minItems: formula.maxItems + 1 }));
    for (const { value, count } of formula.atLeastInside) {
      branches.push(this.conjunction({ atMostOutside: [{ value: this.#values.not(value), count: count - 1 }] }));
    }
    for (const { value, count } of formula.atMostOutside) {
      branches.push(this.conjunction({ atLeastInside: [{ value: this.#values.not(value), count: count + 1 }] }));
    }
    for (const { from, to, value } of formula.exists)
      branches.push(this.#noneInside(from, to, this.#values.not(value)));
    if (formula.unique) branches.push(this.conjunction({ repeated: true }));
    if (formula.repeated) branches.push(this.conjunction({ unique: true }));
    for (const clause of formula.clauses) branches.push(this.not(clause));
    return this.or(branches);
  }

  #outside(from: number, to: number, value: ValueId): ItemExists {
    return { from, to, value: this.#values.not(value) };
  }

  /** Every item with its index in [from, to) is in `value`. */
  #noneInside(from: number, to: number, value: ValueId): ArrayFormula {
    const prefix: ValueId[] = Array.from({ length: from }, () => ANYTHING);
    if (to === Infinity) return this.conjunction({ prefix, rest: value });
    for (let i = from; i < to; i++) prefix.push(value);
    return this.conjunction({ prefix });
  }

  #withClause(formula: ArrayConjunction, clause: ArrayDisjunction): ArrayFormula {
    return this.conjunction({ ...formula, clauses: [...formula.clauses, clause] });
  }

  #disjunction(branches: readonly ArrayConjunction[]): ArrayDisjunction {
    const ids = Float64Array.from(branches, (branch) => branch.id).sort();
    const key = `or|${ids.join()}`;
    const remembers = branches.some((branch) => branch.remembers);
    return this.#interner.intern(key, (id) => ({ kind: "or", id, branches, remembers })) as ArrayDisjunction;
  }
}

/** What the item at `index` must be, as far as prefix and rest say. */
export function itemValue(formula: ArrayConjunction, index: number): ValueId {
  return index < formula.prefix.length ? formula.prefix[index] : formula.rest;
}

function mergedCounts(atoms: readonly ItemCount[], pick: (a: number, b: number) => number): ItemCount[] {
  const byValue = new Map<ValueId, number>();
  for (const { value, count } of atoms) {
    const known = byValue.get(value);
    byValue.set(value, known === undefined ? count : pick(known, count));
  }
  return [...byValue].map(([value, count]) => ({ value, count })).sort((a, b) => a.value - b.value);
}

function counts(atoms: readonly ItemCount[]): string {
  return atoms.map((atom) => `${atom.value}:${atom.count}`).join();
}
