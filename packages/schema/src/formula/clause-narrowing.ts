import type { TermArena } from "@espalier/grammar";
import {
  ANYTHING,
  type KeyRule,
  type ObjectConjunction,
  type ObjectDisjunction,
  type ObjectFormula,
} from "./formula.ts";
import type { ObjectAlgebra } from "./object-algebra.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** What clauses still say beside the atoms of the conjunction that they stand in. */
export class ClauseNarrowing {
  readonly #arena: TermArena;
  readonly #values: ValueAlgebra;
  readonly #algebra: ObjectAlgebra;
  /** By the numbers of atoms and clause. */
  readonly #narrowings = new Map<number, ObjectFormula>();

  constructor(arena: TermArena, values: ValueAlgebra, algebra: ObjectAlgebra) {
    this.#arena = arena;
    this.#values = values;
    this.#algebra = algebra;
  }

  get remembered(): number {
    return this.#narrowings.size;
  }

  /**
   * What a clause still says beside the atoms of `base`: everything where it holds anyway, else the branches that can hold.
   * Remembered, since the same clauses stand beside the same atoms in all that follows from one schema.
   */
  of(base: ObjectConjunction, clause: ObjectDisjunction): ObjectFormula {
    const key = base.id * 0x4000000 + clause.id;
    let narrowed = this.#narrowings.get(key);
    if (narrowed === undefined) this.#narrowings.set(key, (narrowed = this.#narrow(base, clause)));
    return narrowed;
  }

  #narrow(base: ObjectConjunction, clause: ObjectDisjunction): ObjectFormula {
    this.#arena.spend(clause.branches.length * (1 + (base.words.size >>> 4)));
    const possible: ObjectFormula[] = [];
    let changed = false;
    for (const branch of clause.branches) {
      if (this.#isEntailed(base, branch)) return this.#algebra.all;
      const within = this.#contradicts(base, branch) ? this.#algebra.none : this.#within(base, branch);
      changed ||= within !== branch;
      if (within === this.#algebra.none) continue;
      if (within !== branch && within.kind === "and" && this.#isEntailed(base, within)) return this.#algebra.all;
      possible.push(within);
    }
    return changed ? this.#algebra.or(possible) : clause;
  }

  /**
   * A branch with what its own clauses still say beside its atoms and those of `base`: mostly, one branch of each is left. Only of clauses
   * that hold no others: chains of conditions would be gone through to their ends for each of their beginnings.
   */
  #within(base: ObjectConjunction, branch: ObjectConjunction): ObjectFormula {
    if (base === this.#algebra.all || !branch.clauses.some(isFlat)) return branch;
    const atoms = this.#algebra.conjunction({ ...branch, clauses: [] });
    const both = this.#algebra.and(base, atoms);
    if (both === this.#algebra.none) return this.#algebra.none;
    const context = both.kind === "and" ? this.#algebra.conjunction({ ...both, clauses: [] }) : both;
    if (context.kind === "or") return branch;
    const narrowed = branch.clauses.map((clause) => (isFlat(clause) ? this.of(context, clause) : clause));
    if (narrowed.every((clause, i) => clause === branch.clauses[i])) return branch;
    return narrowed.reduce<ObjectFormula>((all, clause) => this.#algebra.and(all, clause), atoms);
  }

  #isEntailed(base: ObjectConjunction, branch: ObjectConjunction): boolean {
    if (branch.clauses.length > 0 || branch.maxMembers < base.maxMembers) return false;
    if (branch.minMembers > Math.max(base.minMembers, base.required.size)) return false;
    for (const word of branch.required) if (!base.required.has(word)) return false;
    if (!branch.rules.every((rule) => hasAtom(base.rules, rule))) return false;
    if (!branch.exists.every((atom) => hasAtom(base.exists, atom))) return false;
    for (const [word, value] of branch.words) {
      if (!this.#values.includes(value, this.#algebra.selection(base, word))) return false;
    }
    if (branch.rules.length === 0) return true;
    // The rules of the branch speak of the words that only the base names.
    for (const [word, value] of base.words) {
      if (!branch.words.has(word) && !this.#values.includes(this.#algebra.selection(branch, word), value)) return false;
    }
    return true;
  }

  #contradicts(base: ObjectConjunction, branch: ObjectConjunction): boolean {
    if (Math.max(base.minMembers, base.required.size) > branch.maxMembers) return true;
    if (Math.max(branch.minMembers, branch.required.size) > base.maxMembers) return true;
    const differ = (word: string): boolean => {
      const value = this.#algebra.selection(branch, word);
      return value !== ANYTHING && this.#values.areDisjoint(this.#algebra.selection(base, word), value);
    };
    for (const word of base.required) if (differ(word)) return true;
    for (const word of branch.required) {
      if (
        !base.required.has(word) &&
        this.#values.areDisjoint(this.#algebra.selection(base, word), this.#algebra.selection(branch, word))
      )
        return true;
    }
    return false;
  }
}

function isFlat(clause: ObjectDisjunction): boolean {
  return clause.branches.every((branch) => branch.clauses.length === 0);
}

function hasAtom(atoms: readonly KeyRule[], atom: KeyRule): boolean {
  return atoms.some((other) => other.keys === atom.keys && other.value === atom.value && other.dual === atom.dual);
}
