import { allSteps, EMPTY, part, type Steps, type Term, type TermArena } from "@espalier/grammar";
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
import { ClauseNarrowing } from "./clause-narrowing.ts";
import { Interner } from "./interner.ts";
import { ObjectParts } from "./object-parts.ts";
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

interface BaseAtoms extends Pick<
  ObjectConjunction,
  "words" | "rules" | "required" | "exists" | "minMembers" | "maxMembers"
> {
  readonly key: string;
}

/** Words of which no more than these are gone through in one step. */
const WORDS_AT_A_TIME = 256;

const NO_WORDS: ReadonlyMap<string, ValueId> = new Map();

const encoder = new TextEncoder();

/** Sets of objects, closed under and, or and not; interned by content. */
export class ObjectAlgebra {
  readonly none: ObjectDisjunction;
  readonly all: ObjectConjunction;
  readonly #arena: TermArena;
  readonly #values: ValueAlgebra;
  readonly #parts: ObjectParts;
  readonly #interner: Interner<ObjectFormula>;
  /** By the atoms and clauses that were asked for. */
  readonly #conjunctions = new Map<string, ObjectFormula>();
  /** By the numbers of both operands. */
  readonly #pairs = new Map<number, ObjectFormula>();
  readonly #negations = new Map<ObjectFormula, ObjectFormula>();
  readonly #narrowing: ClauseNarrowing;
  readonly #supersets = new Map<Term, Term>();

  constructor(arena: TermArena, values: ValueAlgebra, maxFormulas: number) {
    this.#arena = arena;
    this.#values = values;
    this.#parts = new ObjectParts(arena);
    this.#interner = new Interner("maxFormulas", maxFormulas);
    this.#narrowing = new ClauseNarrowing(arena, values, this);
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

  /** Answers that are kept beside the formulas. */
  get remembered(): number {
    return this.#conjunctions.size + this.#pairs.size + this.#narrowing.remembered + this.#negations.size;
  }

  /** The set described by `atoms`; `none` when they contradict each other on sight. */
  conjunction(atoms: ObjectAtoms): ObjectFormula {
    this.#spendFor(atoms);
    for (const { keys, dual } of atoms.rules ?? []) if (dual !== undefined) this.#supersets.set(dual, keys);
    for (const { keys, dual } of atoms.exists ?? []) if (dual !== undefined) this.#supersets.set(keys, dual);
    const parts = this.#partsOf(atoms);
    if (parts === undefined) return this.none;
    const given = clausesOf(atoms);
    if (given === undefined) return this.none;
    // Where no other keys are allowed, "some member" is one of the named ones.
    if (parts.exists.length > 0 && this.#isClosed(parts.rules)) {
      const choices = parts.exists.map((atom) => this.#someNamedMember(atom, parts.words));
      return choices.reduce((all, choice) => this.and(all, choice), this.conjunction({ ...atoms, exists: [] }));
    }
    const base = this.#base(parts);
    if (given.length === 0 || base.kind === "or") return base;
    const key = `${base.id}&${given.map((clause) => clause.id).join()}`;
    const known = this.#conjunctions.get(key);
    if (known !== undefined) return known;
    const clauses: ObjectDisjunction[] = [];
    let rest: ObjectFormula = this.all;
    for (const clause of given) {
      const narrowed = this.#narrowing.of(base, clause);
      if (narrowed === clause) clauses.push(clause);
      else rest = this.and(rest, narrowed);
    }
    const result =
      rest === this.all ? this.#withClauses(base, clauses) : this.and(this.conjunction({ ...base, clauses }), rest);
    this.#conjunctions.set(key, result);
    return result;
  }

  /** The atoms but for the clauses, each list interned; undefined when they contradict each other on sight. */
  #partsOf(atoms: ObjectAtoms): BaseAtoms | undefined {
    const exists = this.#parts.exists(atoms.exists ?? []);
    if (exists === undefined) return undefined;
    const words = this.#parts.words(atoms.words ?? NO_WORDS);
    const rules = this.#parts.rules(atoms.rules ?? []);
    const required = this.#parts.required(atoms.required ?? []);
    const maxMembers = atoms.maxMembers ?? Infinity;
    if (Math.max(atoms.minMembers ?? 0, required.content.size) > maxMembers) return undefined;
    const said = atoms.minMembers ?? 0;
    const minMembers = said > required.content.size ? said : 0;
    return {
      key: `${words.id},${rules.id},${required.id},${exists.id},${minMembers},${maxMembers}`,
      words: words.content,
      rules: rules.content,
      required: required.content,
      exists: exists.content,
      minMembers,
      maxMembers,
    };
  }

  /** The conjunction of atoms without clauses. */
  #base({ key, ...atoms }: BaseAtoms): ObjectFormula {
    const known = this.#interner.known(key);
    if (known !== undefined) return known;
    if (this.#arena.run(`possible ${key}`, () => this.#hasImpossible(atoms))) return this.none;
    const counts = atoms.minMembers > 0 || atoms.maxMembers < Infinity;
    return this.#interner.intern(key, (id) => ({ kind: "and", id, ...atoms, clauses: [], counts }));
  }

  /** Whether nothing can be under a required key. */
  *#hasImpossible(atoms: Pick<ObjectConjunction, "words" | "rules" | "required">): Steps<boolean> {
    let seen = 0;
    for (const word of atoms.required) {
      if (++seen % WORDS_AT_A_TIME === 0) yield;
      if (this.selection(atoms, word) === NOTHING) return true;
    }
    return false;
  }

  /** @param clauses such as say something beside the atoms of `base` */
  #withClauses(base: ObjectConjunction, clauses: readonly ObjectDisjunction[]): ObjectFormula {
    if (clauses.length === 0) return base;
    const sorted = clauses.toSorted((a, b) => a.id - b.id);
    const key = `and|${base.id}|${sorted.map((clause) => clause.id).join()}`;
    const counts = base.counts || sorted.some((clause) => clause.counts);
    return this.#interner.intern(key, (id) => ({ ...base, id, clauses: sorted, counts }));
  }

  #isClosed(rules: readonly KeyRule[]): boolean {
    return rules.some((rule) => rule.keys === this.#arena.anyText && rule.value === NOTHING);
  }

  /** Work grows with the atoms, and four words are about as much as one step elsewhere. */
  #spendFor(atoms: ObjectAtoms): void {
    const { words, rules = [], exists = [], clauses = [] } = atoms;
    this.#arena.spend(1 + ((words?.size ?? 0) >>> 2) + rules.length + exists.length + clauses.length);
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
    const key = a.id * 0x4000000 + b.id;
    let both = this.#pairs.get(key);
    if (both === undefined) this.#pairs.set(key, (both = this.#and(a, b)));
    return both;
  }

  #and(a: ObjectFormula, b: ObjectFormula): ObjectFormula {
    if (a.kind === "or" && b.kind === "or") return this.conjunction({ clauses: [a, b] });
    if (a.kind === "or") return this.#withClause(b as ObjectConjunction, a);
    if (b.kind === "or") return this.#withClause(a, b);
    const isLarge = a.words.size + b.words.size + a.required.size + b.required.size > WORDS_AT_A_TIME;
    if (isLarge) return this.#arena.run(`objects ${a.id} and ${b.id}`, () => this.#conjunctionOfBoth(a, b));
    return allSteps(this.#conjunctionOfBoth(a, b));
  }

  *#conjunctionOfBoth(a: ObjectConjunction, b: ObjectConjunction): Steps<ObjectFormula> {
    const words = yield* this.#wordsOfBoth(a, b);
    const required = requiredByBoth(a.required, b.required);
    return yield* part(() =>
      this.conjunction({
        words,
        rules: concatenated(a.rules, b.rules),
        required,
        exists: concatenated(a.exists, b.exists),
        minMembers: Math.max(a.minMembers, b.minMembers),
        maxMembers: Math.min(a.maxMembers, b.maxMembers),
        clauses: concatenated(a.clauses, b.clauses),
      }),
    );
  }

  *#wordsOfBoth(a: ObjectConjunction, b: ObjectConjunction): Steps<ReadonlyMap<string, ValueId>> {
    if (b.words.size === 0 && b.rules.length === 0) return a.words;
    if (a.words.size === 0 && a.rules.length === 0) return b.words;
    const words = new Map<string, ValueId>();
    for (const [word, value] of a.words) {
      words.set(word, yield* part(() => this.#values.and(value, this.selection(b, word))));
    }
    for (const [word, value] of b.words) {
      if (a.words.has(word)) continue;
      words.set(word, yield* part(() => this.#values.and(this.selection(a, word), value)));
    }
    return words;
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
    let negation = this.#negations.get(formula);
    if (negation === undefined) this.#negations.set(formula, (negation = this.#not(formula)));
    return negation;
  }

  #not(formula: ObjectFormula): ObjectFormula {
    if (formula.kind === "or") {
      return formula.branches.reduce<ObjectFormula>((all, branch) => this.and(all, this.not(branch)), this.all);
    }
    const branches: ObjectFormula[] = [];
    for (const [word, value] of formula.words) {
      if (value !== ANYTHING) branches.push(this.#memberWith(word, this.#values.not(value)));
    }
    const named =
      formula.rules.length === 0
        ? EMPTY
        : this.#arena.words([...formula.words.keys()].map((word) => encoder.encode(word)));
    for (const rule of formula.rules) {
      const keys = this.#arena.difference(rule.dual ?? rule.keys, named);
      const dual = rule.dual === undefined ? undefined : this.#arena.difference(rule.keys, named);
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
    const ids = Float64Array.from(branches, (branch) => branch.id).sort();
    const key = `or|${ids.join()}`;
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

/** Both lists; one of them itself where the other is empty. */
function concatenated<T>(a: readonly T[], b: readonly T[]): readonly T[] {
  if (b.length === 0) return a;
  return a.length === 0 ? b : [...a, ...b];
}

/** Both sets; one of them itself where it has all of the other. */
function requiredByBoth(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  const [larger, smaller] = a.size < b.size ? [b, a] : [a, b];
  for (const word of smaller) if (!larger.has(word)) return new Set([...a, ...b]);
  return larger;
}

/** The clauses of atoms, each once; undefined when one of them cannot hold. */
function clausesOf({ clauses = [] }: ObjectAtoms): readonly ObjectDisjunction[] | undefined {
  const unique = new Set<ObjectDisjunction>();
  for (const clause of clauses) {
    if (clause.branches.length === 0) return undefined;
    unique.add(clause);
  }
  return [...unique];
}
