import type { Term } from "@espalier/grammar";
import {
  ANYTHING,
  NOTHING,
  type MemberExists,
  type ObjectConjunction,
  type ObjectDisjunction,
  type ObjectFormula,
  type ValueId,
} from "./formula.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** A key, known exactly or as one of a region of keys that no rule tells apart. */
export interface KeyView {
  /** The key when it is one that formulas may name; undefined within a region of other keys. */
  readonly word: string | undefined;
  matches(keys: Term): boolean;
}

/** One way for a member to go: if its value is in all of `values`, the rest of the object must be in `rest`. */
export interface MemberOption {
  readonly values: readonly ValueId[];
  readonly rest: ObjectFormula;
}

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

  /**
   * The ways for a member under `key` to go. Their disjunction is exact; whether the value or the rest can be met is for the
   * caller to ask.
   */
  options(formula: ObjectFormula, key: KeyView): MemberOption[] {
    if (formula.kind === "or") return formula.branches.flatMap((branch) => this.options(branch, key));
    const { objects } = this.#values;
    const selection = this.selection(formula, key);
    if (selection === NOTHING) return [];
    const touchedExists = formula.exists.filter((atom) => concerns(atom, key));
    const touchedClauses = formula.clauses.filter((clause) => this.#concernsAny(clause, key));
    const values = selection === ANYTHING ? [] : [selection];
    if (touchedExists.length === 0 && touchedClauses.length === 0) return [{ values, rest: formula }];
    let options: MemberOption[] = [
      {
        values,
        rest: objects.conjunction({
          ...formula,
          exists: formula.exists.filter((atom) => !touchedExists.includes(atom)),
          clauses: formula.clauses.filter((clause) => !touchedClauses.includes(clause)),
        }),
      },
    ];
    for (const atom of touchedExists) {
      const choices: MemberOption[] = [
        { values: atom.value === ANYTHING ? [] : [atom.value], rest: objects.all },
        { values: [], rest: objects.conjunction({ exists: [atom] }) },
      ];
      options = this.#combine(options, choices);
    }
    for (const clause of touchedClauses) options = this.#combine(options, this.options(clause, key));
    return options;
  }

  /** The formula after a member under `key` whose value is in exactly the sets for which `holds` says so. */
  after(formula: ObjectFormula, key: KeyView, holds: (value: ValueId) => boolean): ObjectFormula {
    const { objects } = this.#values;
    if (formula.kind === "or") return objects.or(formula.branches.map((branch) => this.after(branch, key, holds)));
    const selection = this.selection(formula, key);
    if (!satisfied(selection, holds)) return objects.none;
    const exists = formula.exists.filter((atom) => !(concerns(atom, key) && satisfied(atom.value, holds)));
    const changed: ObjectFormula[] = [];
    const untouched = formula.clauses.filter((clause) => {
      if (!this.#concernsAny(clause, key)) return true;
      changed.push(this.after(clause, key, holds));
      return false;
    });
    if (exists.length === formula.exists.length && changed.length === 0) return formula;
    const kept = objects.conjunction({ ...formula, exists, clauses: untouched });
    return changed.reduce<ObjectFormula>((all, clause) => objects.and(all, clause), kept);
  }

  /** The formula once it is known that none of `words` will be a key any more. */
  withoutWords(formula: ObjectFormula, words: readonly string[]): ObjectFormula {
    const { objects } = this.#values;
    if (words.length === 0) return formula;
    if (formula.kind === "or") return objects.or(formula.branches.map((branch) => this.withoutWords(branch, words)));
    for (const word of words) if (formula.required.has(word)) return objects.none;
    if (formula.exists.some((atom) => atom.word !== undefined && words.includes(atom.word))) return objects.none;
    if (formula.clauses.length === 0) return formula;
    const clauses = formula.clauses.map((clause) => this.withoutWords(clause, words));
    if (clauses.every((clause, i) => clause === formula.clauses[i])) return formula;
    const kept = objects.conjunction({ ...formula, clauses: [] });
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
    return clause.branches.some(
      (branch) =>
        this.selection(branch, key) !== ANYTHING ||
        branch.exists.some((atom) => concerns(atom, key)) ||
        branch.clauses.some((inner) => this.#concernsAny(inner, key)),
    );
  }

  #combine(left: readonly MemberOption[], right: readonly MemberOption[]): MemberOption[] {
    const { objects } = this.#values;
    const combined = new Map<string, MemberOption>();
    for (const a of left) {
      for (const b of right) {
        this.#values.arena.spend();
        const rest = objects.and(a.rest, b.rest);
        if (rest === objects.none) continue;
        const values = [...new Set([...a.values, ...b.values])].sort((x, y) => x - y);
        combined.set(`${values.join()};${rest.id}`, { values, rest });
      }
    }
    return [...combined.values()];
  }
}

function concerns(atom: MemberExists, key: KeyView): boolean {
  return atom.word === undefined ? key.matches(atom.keys) : atom.word === key.word;
}

function satisfied(value: ValueId, holds: (value: ValueId) => boolean): boolean {
  return value === ANYTHING || (value !== NOTHING && holds(value));
}
