import type { Term } from "@espalier/grammar";
import type { ObjectConjunction, ObjectFormula } from "../formula/formula.ts";
import type { NameSet } from "./name-sets.ts";
import type { Aim, NamedWords } from "./object-state.ts";
import type { OtherRegion } from "./other-keys.ts";

/** What has been found out about the members that may come next: shared by states that differ in nothing that matters to those. */
export interface Outlook<Member> {
  /** By "w" and the word, "o" and another key, or "?" and the index of its region for another key that is not known. */
  readonly members: Map<string, Member | undefined>;
  /** The keys that may come next without being words, used ones included, and by region; undefined until it is asked for. */
  unnamed: UnnamedKeys | undefined;
}

export interface UnnamedKeys {
  readonly other: Term;
  readonly regions: readonly OtherRegion[];
}

/** Which members a formula looks for. */
interface Needs {
  readonly required: ReadonlySet<string>;
  /** True when it counts members, or looks for some under keys that are not a single word. */
  readonly other: boolean;
}

/** The outlooks of objects being read, by content. */
export class Outlooks<Member> {
  readonly #shared = new Map<string, Outlook<Member>>();
  readonly #needs = new Map<ObjectFormula, Needs>();

  /** The outlook of one state. */
  alone(): Outlook<Member> {
    return { members: new Map<string, Member | undefined>(), unnamed: undefined };
  }

  /**
   * The outlook where members may come in any order. Whatever is said of them is a matter of the formulas, as long as none of them looks
   * for a member yet to come or counts members. Of the words that are used, only those matter then that something requires.
   */
  of({ id, formulas, simple }: Aim, words: NamedWords, used: NameSet): Outlook<Member> {
    if (this.looksForOthers(formulas)) return this.alone();
    const met = new Set<string>();
    if (simple === undefined) {
      for (const formula of formulas) {
        for (const word of this.#needsOf(formula).required) if (used.has(word)) met.add(word);
      }
    }
    const key = `${id},${words.id}${met.size === 0 ? "" : JSON.stringify([...met].sort())}`;
    let outlook = this.#shared.get(key);
    if (outlook === undefined) this.#shared.set(key, (outlook = this.alone()));
    return outlook;
  }

  /** Whether one of them counts members, or looks for some under keys that are not a single word. */
  looksForOthers(formulas: readonly ObjectFormula[]): boolean {
    return formulas.some((formula) => this.#needsOf(formula).other);
  }

  #needsOf(formula: ObjectFormula): Needs {
    let needs = this.#needs.get(formula);
    if (needs === undefined) {
      const required = new Set<string>(formula.kind === "and" ? formula.required : []);
      let other = formula.counts || (formula.kind === "and" && formula.exists.length > 0);
      for (const part of formula.kind === "or" ? formula.branches : formula.clauses) {
        const inner = this.#needsOf(part);
        other ||= inner.other;
        for (const word of inner.required) required.add(word);
      }
      this.#needs.set(formula, (needs = { required, other }));
    }
    return needs;
  }
}

/** True when any member leaves the formula as it is: what is required stays so until it is there. */
export function isSimple(formula: ObjectFormula): formula is ObjectConjunction {
  return formula.kind === "and" && formula.clauses.length === 0 && formula.exists.length === 0 && !formula.counts;
}
