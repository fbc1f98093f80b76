import { EMPTY, type Term, type TermArena } from "@espalier/grammar";
import {
  ANYTHING,
  NOTHING,
  type KeyRule,
  type MemberExists,
  type ObjectConjunction,
  type ObjectDisjunction,
  type ObjectFormula,
  type ValueId,
} from "./formula.ts";
import { Interner } from "./interner.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** The atoms of a conjunction; what is left out says nothing. */
export interface ObjectAtoms {
  readonly words?: ReadonlyMap<string, ValueId>;
  readonly rules?: readonly KeyRule[];
  readonly required?: Iterable<string>;
  readonly exists?: readonly MemberExists[];
  readonly minMembers?: number;
  readonly maxMembers?: number;
  readonly clauses?: readonly ObjectDisjunction[];
}

type BaseAtoms = Pick<ObjectConjunction, "words" | "rules" | "exists" | "minMembers" | "maxMembers"> & {
  readonly required: readonly string[];
};

const encoder = new TextEncoder();

/** Sets of objects, closed under and, or and not; interned by content. */
export class ObjectAlgebra {
  readonly none: ObjectDisjunction;
  readonly all: ObjectConjunction;
  readonly #arena: TermArena;
  readonly #values: ValueAlgebra;
  readonly #interner: Interner<ObjectFormula>;
  readonly #supersets = new Map<Term, Term>();

  constructor(arena: TermArena, values: ValueAlgebra, maxFormulas: number) {
    this.#arena = arena;
    this.#values = values;
    this.#interner = new Interner("maxFormulas", maxFormulas);
    this.none = this.#disjunction([]);
    this.all = this.conjunction({}) as ObjectConjunction;
  }

  /** Whether all keys of `inner` are known to be among `outer`, without looking into them: the two sides of an atom are. */
  isWithin(inner: Term, outer: Term): boolean {
    return this.#supersets.get(inner) === outer;
  }

  get size(): number {
    return this.#interner.size;
  }

  /** The set described by `atoms`; `none` when they contradict each other on sight. */
  conjunction(atoms: ObjectAtoms): ObjectFormula {
    this.#spendFor(atoms);
    const words = new Map<string, ValueId>();
    const rules = uniqueRules(atoms.rules ?? []);
    for (const { keys, dual } of rules) if (dual !== undefined) this.#supersets.set(dual, keys);
    for (const [word, value] of atoms.words ?? []) words.set(word, value);
    const required = [...new Set(atoms.required ?? [])].sort();
    const exists: MemberExists[] = [];
    for (const atom of atoms.exists ?? []) {
      if (atom.value === NOTHING || (atom.keys === EMPTY && atom.dual === undefined)) return this.none;
      if (!hasAtom(exists, atom)) exists.push(atom);
      if (atom.dual !== undefined) this.#supersets.set(atom.keys, atom.dual);
    }
    // Where no other keys are allowed, "some member" is one of the named ones.
    const closed =
      exists.length > 0 && rules.some((rule) => rule.keys === this.#arena.anyText && rule.value === NOTHING);
    const minMembers = Math.max(atoms.minMembers ?? 0, required.length);
    const maxMembers = atoms.maxMembers ?? Infinity;
    if (minMembers > maxMembers) return this.none;
    const clauses: ObjectDisjunction[] = [];
    for (const clause of atoms.clauses ?? []) {
      if (clause.branches.length === 0) return this.none;
      if (!clauses.includes(clause)) clauses.push(clause);
    }
    if (closed) {
      const choices = exists.map((atom) => this.#someNamedMember(atom, words));
      return choices.reduce((all, choice) => this.and(all, choice), this.conjunction({ ...atoms, exists: [] }));
    }
    if (clauses.length > 0) {
      const base = { words, rules, required, exists, minMembers, maxMembers };
      const narrowed = this.#propagate(base, clauses);
      if (narrowed !== undefined) {
        return narrowed.reduce<ObjectFormula>(
          (all, clause) => this.and(all, clause),
          this.conjunction({ ...atoms, clauses: [] }),
        );
      }
    }
    clauses.sort((a, b) => a.id - b.id);
    const saidMinimum = minMembers > required.length ? minMembers : 0;
    for (const word of required) {
      if (this.selection({ words, rules }, word) === NOTHING) return this.none;
    }
    const key = [
      [...words].map(([word, value]) => `${JSON.stringify(word)}:${value}`).join(),
      rules.map(keyOf).join(),
      JSON.stringify(required),
      exists.map(keyOf).sort().join(),
      saidMinimum,
      maxMembers,
      clauses.map((clause) => clause.id).join(),
    ].join("|");
    const counts = saidMinimum > 0 || maxMembers < Infinity || clauses.some((clause) => clause.counts);
    return this.#interner.intern(key, (id) => ({
      kind: "and",
      id,
      words,
      rules,
      required: new Set(required),
      exists,
      minMembers: saidMinimum,
      maxMembers,
      clauses,
      counts,
    }));
  }

  /** Work grows with the atoms, and sixteen of them are about as much as one step elsewhere. */
  #spendFor(atoms: ObjectAtoms): void {
    const { words, rules = [], exists = [], clauses = [] } = atoms;
    this.#arena.spend(1 + ((words?.size ?? 0) >>> 4) + rules.length + exists.length + clauses.length);
  }

  /** What the value under `key` must be, as far as `words` and `rules` say. */
  selection(atoms: Pick<ObjectConjunction, "words" | "rules">, key: string): ValueId {
    const named = atoms.words.get(key);
    if (named !== undefined) return named;
    if (atoms.rules.length === 0) return ANYTHING;
    const bytes = encoder.encode(key);
    return this.ruleSelection(atoms.rules, (term) => this.#arena.accepts(term, bytes));
  }

  /** What the rules say together of a key that `matches` a rule's keys or not. */
  ruleSelection(rules: readonly KeyRule[], matches: (keys: Term) => boolean): ValueId {
    let value: ValueId = ANYTHING;
    for (const rule of rules) {
      if (matches(rule.keys)) value = this.#values.and(value, rule.value);
    }
    return value;
  }

  and(a: ObjectFormula, b: ObjectFormula): ObjectFormula {
    if (a === b || b === this.all) return a;
    if (a === this.all) return b;
    if (a === this.none || b === this.none) return this.none;
    if (a.kind === "or" && b.kind === "or") return this.conjunction({ clauses: [a, b] });
    if (a.kind === "or") return this.#withClause(b as ObjectConjunction, a);
    if (b.kind === "or") return this.#withClause(a, b);
    const words = new Map<string, ValueId>();
    for (const word of new Set([...a.words.keys(), ...b.words.keys()])) {
      words.set(word, this.#values.and(this.selection(a, word), this.selection(b, word)));
    }
    return this.conjunction({
      words,
      rules: [...a.rules, ...b.rules],
      required: [...a.required, ...b.required],
      exists: [...a.exists, ...b.exists],
      minMembers: Math.max(a.minMembers, b.minMembers),
      maxMembers: Math.min(a.maxMembers, b.maxMembers),
      clauses: [...a.clauses, ...b.clauses],
    });
  }

  or(formulas: readonly ObjectFormula[]): ObjectFormula {
    const branches: ObjectConjunction[] = [];
    const seen = new Set<ObjectConjunction>();
    for (const formula of formulas) {
      for (const branch of formula.kind === "or" ? formula.branches : [formula]) {
        if (branch === this.all) return this.all;
        this.#arena.spend();
        if (seen.has(branch)) continue;
        seen.add(branch);
        branches.push(branch);
      }
    }
    if (branches.length > 1) return this.#joinedByKey(branches);
    return branches.length === 1 ? branches[0] : this.#disjunction(branches);
  }

  /**
   * "`word` is absent, or is there with a value in v" says no more than "what is under `word` is in v". Negations are full of
   * such pairs (`not` of a schema with a required property), and each pair that is kept doubles the search for a witness.
   */
  #joinedByKey(branches: readonly ObjectConjunction[]): ObjectFormula {
    const absent = new Map<string, ObjectConjunction>();
    for (const branch of branches) {
      const word = onlyWord(branch);
      if (word !== undefined && branch.words.get(word) === NOTHING) absent.set(word, branch);
    }
    if (absent.size === 0) return this.#disjunction(branches);
    const kept = new Set(branches);
    for (const branch of branches) {
      const [word] = branch.required;
      if (word === undefined || branch.required.size !== 1 || !absent.has(word) || !saysOnly(branch, word)) continue;
      kept.delete(branch);
      kept.delete(absent.get(word)!);
      const joined = this.conjunction({ words: branch.words });
      if (joined === this.all) return this.all;
      kept.add(joined as ObjectConjunction);
    }
    const list = [...kept];
    return list.length === 1 ? list[0] : this.#disjunction(list);
  }

  not(formula: ObjectFormula): ObjectFormula {
    if (formula.kind === "or") {
      return formula.branches.reduce<ObjectFormula>((all, branch) => this.and(all, this.not(branch)), this.all);
    }
    const branches: ObjectFormula[] = [];
    const wordTerm = this.#arena.words([...formula.words.keys()].map((word) => encoder.encode(word)));
    for (const [word, value] of formula.words) {
      if (value !== ANYTHING) branches.push(this.#memberWith(word, this.#values.not(value)));
    }
    for (const rule of formula.rules) {
      const keys = this.#arena.difference(rule.dual ?? rule.keys, wordTerm);
      const dual = rule.dual === undefined ? undefined : this.#arena.difference(rule.keys, wordTerm);
      branches.push(this.conjunction({ exists: [{ keys, value: this.#values.not(rule.value), dual }] }));
    }
    for (const word of formula.required) branches.push(this.conjunction({ words: new Map([[word, NOTHING]]) }));
    for (const { keys, value, dual } of formula.exists) {
      const rule = { keys: dual ?? keys, value: this.#values.not(value), dual: dual === undefined ? undefined : keys };
      branches.push(this.conjunction({ rules: [rule] }));
    }
    if (formula.minMembers > 0) branches.push(this.conjunction({ maxMembers: formula.minMembers - 1 }));
    if (formula.maxMembers < Infinity) branches.push(this.conjunction({ minMembers: formula.maxMembers + 1 }));
    for (const clause of formula.clauses) branches.push(this.not(clause));
    return this.or(branches);
  }

  /** There is a member under `word`, and its value is in `value`. */
  #memberWith(word: string, value: ValueId): ObjectFormula {
    return this.conjunction({ required: [word], words: new Map([[word, value]]) });
  }

  /**
   * What the clauses still say beside the atoms of their conjunction: those that hold anyway are left out, and so are branches
   * that cannot hold. Undefined when nothing changes.
   */
  #propagate(base: BaseAtoms, clauses: readonly ObjectDisjunction[]): ObjectFormula[] | undefined {
    let changed = false;
    const narrowed: ObjectFormula[] = [];
    for (const clause of clauses) {
      this.#arena.spend(clause.branches.length * (1 + (base.words.size >>> 4)));
      if (clause.branches.some((branch) => this.#isEntailed(base, branch))) {
        changed = true;
        continue;
      }
      const possible = clause.branches.filter((branch) => !this.#contradicts(base, branch));
      changed ||= possible.length < clause.branches.length;
      narrowed.push(possible.length < clause.branches.length ? this.or(possible) : clause);
    }
    return changed ? narrowed : undefined;
  }

  #isEntailed(base: BaseAtoms, branch: ObjectConjunction): boolean {
    if (branch.clauses.length > 0 || branch.minMembers > base.minMembers || branch.maxMembers < base.maxMembers)
      return false;
    for (const word of branch.required) if (!base.required.includes(word)) return false;
    if (!branch.rules.every((rule) => hasAtom(base.rules, rule))) return false;
    if (!branch.exists.every((atom) => hasAtom(base.exists, atom))) return false;
    // The rules of either side speak of the words that only the other names.
    for (const word of new Set([...branch.words.keys(), ...base.words.keys()])) {
      if (!this.#values.includes(this.selection(branch, word), this.selection(base, word))) return false;
    }
    return true;
  }

  #contradicts(base: BaseAtoms, branch: ObjectConjunction): boolean {
    if (base.minMembers > branch.maxMembers || branch.minMembers > base.maxMembers) return true;
    for (const word of new Set([...base.required, ...branch.required])) {
      if (this.#values.areDisjoint(this.selection(base, word), this.selection(branch, word))) return true;
    }
    return false;
  }

  #someNamedMember(atom: MemberExists, words: ReadonlyMap<string, ValueId>): ObjectFormula {
    const branches: ObjectFormula[] = [];
    for (const [word, value] of words) {
      if (!this.#arena.acceptsText(atom.keys, word)) continue;
      if (this.#values.and(value, atom.value) !== NOTHING) branches.push(this.#memberWith(word, atom.value));
    }
    return this.or(branches);
  }

  #withClause(formula: ObjectConjunction, clause: ObjectDisjunction): ObjectFormula {
    return this.conjunction({ ...formula, clauses: [...formula.clauses, clause] });
  }

  #disjunction(branches: readonly ObjectConjunction[]): ObjectDisjunction {
    const key = `or|${branches
      .map((branch) => branch.id)
      .sort((a, b) => a - b)
      .join()}`;
    const counts = branches.some((branch) => branch.counts);
    return this.#interner.intern(key, (id) => ({ kind: "or", id, branches, counts })) as ObjectDisjunction;
  }
}

/** The word about whose value alone, without requiring it, the conjunction speaks. */
function onlyWord(formula: ObjectConjunction): string | undefined {
  const [word] = formula.words.keys();
  return word !== undefined && formula.required.size === 0 && saysOnly(formula, word) ? word : undefined;
}

/** True when every atom of the conjunction is about `word`. */
function saysOnly(formula: ObjectConjunction, word: string): boolean {
  for (const named of formula.words.keys()) if (named !== word) return false;
  return (
    formula.rules.length === 0 &&
    formula.exists.length === 0 &&
    formula.clauses.length === 0 &&
    formula.minMembers === 0 &&
    formula.maxMembers === Infinity
  );
}

function hasAtom(atoms: readonly KeyRule[], atom: KeyRule): boolean {
  return atoms.some((other) => other.keys === atom.keys && other.value === atom.value && other.dual === atom.dual);
}

function keyOf({ keys, value, dual }: KeyRule): string {
  return dual === undefined ? `${keys}:${value}` : `${keys}:${value}:${dual}`;
}

function uniqueRules(rules: readonly KeyRule[]): KeyRule[] {
  const byKey = new Map<string, KeyRule>();
  for (const rule of rules) {
    if (rule.value !== ANYTHING && rule.keys !== EMPTY) byKey.set(keyOf(rule), rule);
  }
  return [...byKey.values()].sort((a, b) => a.keys - b.keys || a.value - b.value || (a.dual ?? 0) - (b.dual ?? 0));
}
