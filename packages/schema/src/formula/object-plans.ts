import { allSteps, EMPTY, part, type Steps, type Term } from "@espalier/grammar";
import {
  ANYTHING,
  NOTHING,
  type ObjectConjunction,
  type ObjectDisjunction,
  type ObjectFormula,
  type ValueId,
} from "./formula.ts";
import type { Membership } from "./membership.ts";
import { assertPlannable } from "./planned-members.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import { INEXACT_NUMBER, type Witnesses } from "./witnesses.ts";

/** A member that a witness adds: its key, and the set its value is taken from. */
export interface PlannedMember {
  readonly key: string;
  readonly value: ValueId;
}

/** Where an object stands: what of it is past. The empty object that has everything before it is {@link FRESH_OBJECT}. */
export interface ObjectProgress {
  /** True when `word` can still become a key. */
  isOpen(word: string): boolean;
  /** True when `word` is a key already. */
  has(word: string): boolean;
  /** Keys other than the named ones that were used. */
  readonly otherKeys: readonly string[];
  readonly memberCount: number;
  /** Sorts keys that are still open; undefined when any order will do. */
  readonly order: ((a: string, b: string) => number) | undefined;
}

export const FRESH_OBJECT: ObjectProgress = {
  isOpen: () => true,
  has: () => false,
  otherKeys: [],
  memberCount: 0,
  order: undefined,
};

/** Of longer lists each part is a step. */
const ATOMS_AT_A_TIME = 64;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Unused keys that the rules do not tell apart, with a shortest one and what the rules say of it. */
interface KeyRegion {
  readonly keys: Term;
  readonly key: string;
  readonly value: ValueId;
}

/** Used keys of at most this length are taken out of languages before one looks for others in them. */
const MAX_SHORT_KEY = 4;

/** Keys looked at, apart from long ones that are used, until one is found that is open. */
const MAX_ATTEMPTS = 64;

/** Finds members that complete objects. */
export class ObjectPlans {
  readonly #values: ValueAlgebra;
  readonly #membership: Membership;
  readonly #witnesses: Witnesses;
  readonly #requiredArePossible = new Map<number, boolean>();

  constructor(values: ValueAlgebra, membership: Membership, witnesses: Witnesses) {
    this.#values = values;
    this.#membership = membership;
    this.#witnesses = witnesses;
  }

  /** Whether some object that is in `formula` can follow from `progress`. */
  canFinish(formula: ObjectFormula, progress: ObjectProgress): boolean {
    if (formula.kind === "or") return formula.branches.some((branch) => this.canFinish(branch, progress));
    if (
      formula.clauses.length > 0 ||
      formula.exists.length > 0 ||
      formula.minMembers > 0 ||
      formula.maxMembers < Infinity
    ) {
      return this.beginning(formula, progress) !== undefined;
    }
    // Only required keys matter, and each by itself: those that are still open must have possible values.
    let possible = this.#requiredArePossible.get(formula.id);
    if (possible === undefined) {
      const { answer, isFinal } = this.#witnesses.asking(() =>
        [...formula.required].every((word) => this.#witnesses.isSatisfiable(this.#selection(formula, word))),
      );
      possible = answer;
      if (possible || isFinal) this.#requiredArePossible.set(formula.id, possible);
    }
    if (possible) return [...formula.required].every((word) => progress.isOpen(word) || progress.has(word));
    return [...formula.required].every(
      (word) =>
        progress.has(word) || (progress.isOpen(word) && this.#witnesses.isSatisfiable(this.#selection(formula, word))),
    );
  }

  /** Members that complete an object of `formula` from `progress`; undefined when none do. */
  plan(formula: ObjectFormula, progress: ObjectProgress): PlannedMember[] | undefined {
    if (formula.kind === "or") {
      const isLarge = formula.branches.length > ATOMS_AT_A_TIME && progress === FRESH_OBJECT;
      if (isLarge) return this.#witnesses.run(`plan ${formula.id}`, () => this.#bestPlan(formula, progress));
      return allSteps(this.#bestPlan(formula, progress));
    }
    if (formula.clauses.length === 0) return this.#planMembers(formula, progress);
    const base = this.#values.objects.conjunction({ ...formula, clauses: [] });
    return base.kind === "or" ? undefined : this.#planWithClauses(base, formula.clauses, progress);
  }

  *#bestPlan(formula: ObjectDisjunction, progress: ObjectProgress): Steps<PlannedMember[] | undefined> {
    let best: PlannedMember[] | undefined;
    let bestLength = Infinity;
    for (const branch of formula.branches) {
      const plan = yield* part(() => this.plan(branch, progress));
      if (plan === undefined) continue;
      const length = yield* part(() => this.#planLength(plan));
      if (best !== undefined && length >= bestLength) continue;
      best = plan;
      bestLength = length;
    }
    return best;
  }

  /** {@link plan}, but that of many members under keys to be invented it names one. */
  beginning(formula: ObjectFormula, progress: ObjectProgress): PlannedMember[] | undefined {
    if (formula.kind === "or" || formula.clauses.length > 0) return this.plan(formula, progress);
    return this.#planMembers(formula, progress, "beginning");
  }

  /**
   * Plans without the clauses, tries them on the witness, and takes only those apart that it does not meet: branches that ask
   * for the fewest further members first, back only where no branch works. The first plan found is taken; trying all
   * combinations for the shortest would be exponential.
   * @param base a conjunction without clauses
   */
  #planWithClauses(
    base: ObjectConjunction,
    clauses: readonly ObjectDisjunction[],
    progress: ObjectProgress,
  ): PlannedMember[] | undefined {
    const { objects } = this.#values;
    const plan = this.#planMembers(base, progress);
    if (plan === undefined || clauses.length === 0) return plan;
    const witness = this.#membersOf(plan);
    const unmet =
      witness === undefined
        ? clauses[0]
        : clauses.find(
            (clause) =>
              !this.#membership.containsObject(clause, witness, (word) => progress.has(word), progress.memberCount),
          );
    if (unmet === undefined) return plan;
    const others = clauses.filter((clause) => clause !== unmet);
    const demand = (branch: ObjectConjunction): number => {
      let count = branch.exists.length + branch.clauses.length;
      for (const word of branch.required) if (!base.required.has(word) && !progress.has(word)) count++;
      return count;
    };
    for (const branch of unmet.branches.toSorted((a, b) => demand(a) - demand(b))) {
      const merged = objects.and(
        base,
        branch.clauses.length === 0 ? branch : objects.conjunction({ ...branch, clauses: [] }),
      );
      if (merged.kind === "or") continue;
      // "Some member" of an object that admits named ones only has become a clause of its own.
      const bare = merged.clauses.length === 0 ? merged : objects.conjunction({ ...merged, clauses: [] });
      if (bare.kind === "or") continue;
      const found = this.#planWithClauses(bare, [...others, ...merged.clauses, ...branch.clauses], progress);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The concrete members of a plan; undefined when a number in them is not exact as a double. */
  #membersOf(plan: readonly PlannedMember[]): Map<string, unknown> | undefined {
    const members = new Map<string, unknown>();
    for (const { key, value } of plan) {
      const text = this.#witnesses.shortest(value)!;
      if (INEXACT_NUMBER.test(text)) return undefined;
      members.set(key, JSON.parse(text));
    }
    return members;
  }

  /** {@link plan} for a conjunction without clauses. */
  #planMembers(
    formula: ObjectConjunction,
    progress: ObjectProgress,
    extent: "whole" | "beginning" = "whole",
  ): PlannedMember[] | undefined {
    this.#values.arena.spend();
    const members = this.#requiredMembers(formula, progress);
    if (members === undefined) return undefined;
    if (!this.#placeExists(formula, progress, members, 0)) return undefined;
    const missing = formula.minMembers - progress.memberCount - members.size;
    if (missing > 0 && !this.#addMembers(formula, progress, members, missing, extent)) return undefined;
    if (Math.max(formula.minMembers, progress.memberCount + members.size) > formula.maxMembers) return undefined;
    const plan = [...members].map(([key, value]) => ({ key, value }));
    if (progress.order !== undefined) plan.sort((a, b) => progress.order!(a.key, b.key));
    return plan;
  }

  /** The members that are required and not there yet; undefined when one of them cannot be. */
  #requiredMembers(formula: ObjectConjunction, progress: ObjectProgress): Map<string, ValueId> | undefined {
    if (formula.required.size > ATOMS_AT_A_TIME && progress === FRESH_OBJECT) {
      const work = `required by ${formula.id}`;
      return this.#witnesses.run(work, () => this.#requiredMembersInSteps(formula, progress));
    }
    return allSteps(this.#requiredMembersInSteps(formula, progress));
  }

  *#requiredMembersInSteps(
    formula: ObjectConjunction,
    progress: ObjectProgress,
  ): Steps<Map<string, ValueId> | undefined> {
    const members = new Map<string, ValueId>();
    for (const word of formula.required) {
      if (progress.has(word)) continue;
      const value = this.#selection(formula, word);
      if (!progress.isOpen(word)) return undefined;
      if (!(yield* part(() => this.#witnesses.isSatisfiable(value)))) return undefined;
      members.set(word, value);
    }
    return members;
  }

  /** Finds a member for each `exists` atom from `index` on, going back where a choice leaves no room for a later one. */
  #placeExists(
    formula: ObjectConjunction,
    progress: ObjectProgress,
    members: Map<string, ValueId>,
    index: number,
  ): boolean {
    const atom = formula.exists[index];
    if (atom === undefined) return true;
    const { arena } = this.#values;
    const tryMember = (key: string, value: ValueId): boolean => {
      arena.spend();
      if (!this.#witnesses.isSatisfiable(value)) return false;
      const before = members.get(key);
      members.set(key, value);
      const room = progress.memberCount + members.size <= formula.maxMembers;
      if (room && this.#placeExists(formula, progress, members, index + 1)) return true;
      if (before === undefined) members.delete(key);
      else members.set(key, before);
      return false;
    };
    for (const [key, value] of [...members]) {
      if (arena.acceptsText(atom.keys, key) && tryMember(key, this.#values.and(value, atom.value))) return true;
    }
    for (const key of formula.words.keys()) {
      if (members.has(key) || !progress.isOpen(key) || !arena.acceptsText(atom.keys, key)) continue;
      if (tryMember(key, this.#values.and(this.#selection(formula, key), atom.value))) return true;
    }
    const later = formula.exists.slice(index + 1).map((other) => other.keys);
    for (const region of this.#otherKeyRegions(formula, progress, members, atom.keys, later)) {
      if (tryMember(region.key, this.#values.and(region.value, atom.value))) return true;
    }
    return false;
  }

  #addMembers(
    formula: ObjectConjunction,
    progress: ObjectProgress,
    members: Map<string, ValueId>,
    count: number,
    extent: "whole" | "beginning",
  ): boolean {
    let missing = count;
    for (const [word, value] of formula.words) {
      if (missing === 0) return true;
      if (members.has(word) || !progress.isOpen(word) || !this.#witnesses.isSatisfiable(value)) continue;
      members.set(word, value);
      missing--;
    }
    if (missing === 0) return true;
    assertPlannable("members", missing);
    for (const region of this.#otherKeyRegions(formula, progress, members, this.#values.arena.anyText)) {
      if (!this.#witnesses.isSatisfiable(region.value)) continue;
      const enough = missing + progress.otherKeys.length;
      if (extent === "beginning" && this.#values.arena.cardinality(region.keys, enough) >= enough) {
        members.set(region.key, region.value);
        return true;
      }
      missing -= this.#inventMembers(region, progress, members, missing);
      if (missing === 0) return true;
    }
    return false;
  }

  /** Adds up to `count` members with keys of a region; returns how many there were. */
  #inventMembers(region: KeyRegion, progress: ObjectProgress, members: Map<string, ValueId>, count: number): number {
    const { arena } = this.#values;
    let added = 0;
    const add = (key: string): void => {
      if (members.has(key) || !progress.isOpen(key) || progress.has(key)) return;
      members.set(key, region.value);
      added++;
    };
    add(region.key);
    // Most regions are wide, and hold what one thinks of first.
    for (let i = 0; added < count && i < 2 * count + 64; i++) {
      arena.spend();
      const key = i.toString(36);
      if (arena.acceptsText(region.keys, key)) add(key);
    }
    let language = added < count ? arena.difference(region.keys, arena.words([...members.keys()])) : EMPTY;
    while (added < count) {
      const bytes = arena.shortest(language);
      if (bytes === undefined) break;
      add(decoder.decode(bytes));
      language = arena.difference(language, arena.literalBytes(bytes));
    }
    return added;
  }

  /**
   * A shortest unused key of each non-empty region of `keys` that the rules and `cuts` cut out, with what the rules say of it:
   * keys of many of the cuts first, since one such member does for several.
   */
  #otherKeyRegions(
    formula: ObjectConjunction,
    progress: ObjectProgress,
    members: ReadonlyMap<string, ValueId>,
    keys: Term,
    cuts: readonly Term[] = [],
  ): KeyRegion[] {
    const { arena } = this.#values;
    // Long keys come and go with every text and would leave a term for each byte behind: those are stepped over below.
    const short = progress.otherKeys.filter((key) => key.length <= MAX_SHORT_KEY);
    const attempts = MAX_ATTEMPTS + progress.otherKeys.length - short.length;
    const used = arena.words([...formula.words.keys(), ...members.keys(), ...short]);
    let regions = [{ keys: arena.difference(keys, used), value: ANYTHING }];
    if (arena.isEmpty(regions[0].keys)) return [];
    for (const cut of cuts) {
      regions = regions.flatMap((region) => {
        arena.spend();
        const inside = arena.intersect(region.keys, cut);
        if (arena.isEmpty(inside)) return [region];
        const outside = arena.difference(region.keys, cut);
        const both = [{ keys: inside, value: ANYTHING }];
        return arena.isEmpty(outside) ? both : [...both, { keys: outside, value: ANYTHING }];
      });
    }
    for (const rule of formula.rules) {
      const split: typeof regions = [];
      for (const region of regions) {
        arena.spend();
        const outside = arena.difference(region.keys, rule.keys);
        if (!arena.isEmpty(outside)) split.push({ keys: outside, value: region.value });
        const inside = arena.intersect(region.keys, rule.keys);
        const value = this.#values.and(region.value, rule.value);
        if (value !== NOTHING && !arena.isEmpty(inside)) split.push({ keys: inside, value });
      }
      regions = split;
    }
    const found: KeyRegion[] = [];
    for (const region of regions) {
      let language = region.keys;
      // A word that is past (or comes earlier in the fixed order) is no candidate; take the next shortest.
      for (let attempt = 0; attempt < attempts; attempt++) {
        const bytes = arena.shortest(language);
        if (bytes === undefined) break;
        const key = decoder.decode(bytes);
        if (progress.isOpen(key) && !progress.has(key)) {
          found.push({ key, keys: language, value: region.value });
          break;
        }
        language = arena.difference(language, arena.literalBytes(encoder.encode(key)));
      }
    }
    return found;
  }

  #selection(formula: ObjectConjunction, word: string): ValueId {
    return this.#values.objects.selection(formula, word);
  }

  #planLength(plan: readonly PlannedMember[]): number {
    let length = 0;
    for (const { key, value } of plan) length += key.length + (this.#witnesses.shortest(value)?.length ?? 0) + 4;
    return length;
  }
}
