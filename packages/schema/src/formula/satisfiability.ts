import { EMPTY, type Term } from "@espalier/grammar";
import { itemValue } from "./array-algebra.ts";
import {
  ANYTHING,
  LITERAL_FALSE,
  LITERAL_NULL,
  LITERAL_TRUE,
  NOTHING,
  type ArrayConjunction,
  type ArrayDisjunction,
  type ArrayFormula,
  type ObjectConjunction,
  type ObjectDisjunction,
  type ObjectFormula,
  type ValueId,
} from "./formula.ts";
import type { ConstantValues } from "./constant-values.ts";
import { namedKeys } from "./named-keys.ts";
import { Membership } from "./membership.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

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

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Texts in which a number may not be what its double is. */
const INEXACT_NUMBER = /[0-9]{15}|[0-9][eE]/;

/** How many keys outside the named ones a witness may need to invent. */
const MAX_INVENTED_KEYS = 1_000;

/**
 * Whether sets of values have members, and a short member if so: the least fixed point over recursive schemas, with a witness.
 *
 * Witnesses are short, not always shortest: where choices interact (several `contains`, `uniqueItems` over a small set) the
 * first plan that works is taken.
 */
export class Satisfiability {
  readonly #values: ValueAlgebra;
  readonly #constants: ConstantValues;
  readonly #membership: Membership;
  readonly #shortest = new Map<ValueId, string | undefined>();
  readonly #working = new Set<ValueId>();
  /** Set when an answer relied on a value still being worked out; such a "no" is not remembered. */
  #assumed = false;
  readonly #freshPlans = new Map<number, boolean>();

  constructor(values: ValueAlgebra, constants: ConstantValues) {
    this.#values = values;
    this.#constants = constants;
    this.#membership = new Membership(values);
  }

  isSatisfiable(value: ValueId): boolean {
    return value === ANYTHING || this.shortest(value) !== undefined;
  }

  /** A short member as JSON text without whitespace, or undefined when there is none. */
  shortest(value: ValueId): string | undefined {
    if (value === NOTHING) return undefined;
    if (value === ANYTHING) return "0";
    if (this.#shortest.has(value)) return this.#shortest.get(value);
    if (this.#working.has(value)) {
      this.#assumed = true;
      return undefined;
    }
    this.#values.arena.spend();
    const outerAssumed = this.#assumed;
    this.#assumed = false;
    this.#working.add(value);
    try {
      const text = this.#shortestOf(value);
      if (text !== undefined || !this.#assumed || this.#working.size === 1) this.#shortest.set(value, text);
      this.#assumed = outerAssumed || (this.#assumed && text === undefined);
      return text;
    } finally {
      this.#working.delete(value);
    }
  }

  #shortestOf(value: ValueId): string | undefined {
    const formula = this.#values.expand(value);
    let best: string | undefined;
    const offer = (text: string | undefined): void => {
      if (text !== undefined && (best === undefined || text.length < best.length)) best = text;
    };
    offer(this.#values.numbers.shortest(formula.number));
    if (formula.string !== EMPTY) offer(this.shortestString(formula.string));
    if (formula.literals & LITERAL_NULL) offer("null");
    if (formula.literals & LITERAL_TRUE) offer("true");
    if (formula.literals & LITERAL_FALSE) offer("false");
    if (best !== undefined && best.length <= 2) return best;
    const items = this.planArray(formula.array, NOTHING);
    if (items !== undefined) offer(`[${this.itemTexts(items).join()}]`);
    if (best !== undefined && best.length <= 2) return best;
    const members = this.planObject(formula.object, FRESH_OBJECT);
    if (members !== undefined) {
      const texts = inOrder(members, formula.object).map((member) => this.memberText(member));
      offer(`{${texts.join()}}`);
    }
    return best;
  }

  /** A shortest string of a language over decoded text, as a JSON string. */
  shortestString(language: Term): string | undefined {
    const bytes = this.#values.arena.shortest(language);
    return bytes === undefined ? undefined : JSON.stringify(decoder.decode(bytes));
  }

  memberText(member: PlannedMember): string {
    return `${JSON.stringify(member.key)}:${this.shortest(member.value)}`;
  }

  /** Texts for the items of a plan. */
  itemTexts(items: readonly PlannedItem[]): string[] {
    return items.map((item) => item.text ?? this.shortest(item.value)!);
  }

  /** Whether some object that is in `formula` can follow from `progress`. */
  canFinishObject(formula: ObjectFormula, progress: ObjectProgress): boolean {
    if (formula.kind === "or") return formula.branches.some((branch) => this.canFinishObject(branch, progress));
    if (
      formula.clauses.length > 0 ||
      formula.exists.length > 0 ||
      formula.minMembers > 0 ||
      formula.maxMembers < Infinity
    ) {
      return this.planObject(formula, progress) !== undefined;
    }
    // Only required keys matter, and each by itself: those that are still open must have possible values.
    let possible = this.#freshPlans.get(formula.id);
    if (possible === undefined) {
      const assumed = this.#assumed;
      this.#assumed = false;
      possible = [...formula.required].every((word) => this.isSatisfiable(this.#selection(formula, word)));
      if (possible || !this.#assumed) this.#freshPlans.set(formula.id, possible);
      this.#assumed ||= assumed;
    }
    if (possible) return [...formula.required].every((word) => progress.isOpen(word) || progress.has(word));
    return [...formula.required].every(
      (word) => progress.has(word) || (progress.isOpen(word) && this.isSatisfiable(this.#selection(formula, word))),
    );
  }

  /** Members that complete an object of `formula` from `progress`; undefined when none do. */
  planObject(formula: ObjectFormula, progress: ObjectProgress): PlannedMember[] | undefined {
    if (formula.kind === "or") {
      let best: PlannedMember[] | undefined;
      for (const branch of formula.branches) {
        const plan = this.planObject(branch, progress);
        if (plan !== undefined && (best === undefined || this.#planLength(plan) < this.#planLength(best))) best = plan;
      }
      return best;
    }
    if (formula.clauses.length === 0) return this.#planMembers(formula, progress);
    const base = this.#values.objects.conjunction({ ...formula, clauses: [] });
    return base.kind === "or" ? undefined : this.#planWithClauses(base, formula.clauses, progress);
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
      const found = this.#planWithClauses(merged, [...others, ...branch.clauses], progress);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** The concrete members of a plan; undefined when a number in them is not exact as a double. */
  #membersOf(plan: readonly PlannedMember[]): Map<string, unknown> | undefined {
    const members = new Map<string, unknown>();
    for (const { key, value } of plan) {
      const text = this.shortest(value)!;
      if (INEXACT_NUMBER.test(text)) return undefined;
      members.set(key, JSON.parse(text));
    }
    return members;
  }

  /** {@link planObject} for a conjunction without clauses. */
  #planMembers(formula: ObjectConjunction, progress: ObjectProgress): PlannedMember[] | undefined {
    this.#values.arena.spend();
    const members = new Map<string, ValueId>();
    for (const word of formula.required) {
      if (progress.has(word)) continue;
      const value = this.#selection(formula, word);
      if (!progress.isOpen(word) || !this.isSatisfiable(value)) return undefined;
      members.set(word, value);
    }
    if (!this.#placeExists(formula, progress, members, 0)) return undefined;
    const missing = formula.minMembers - progress.memberCount - members.size;
    if (missing > 0 && !this.#addMembers(formula, progress, members, missing)) return undefined;
    if (progress.memberCount + members.size > formula.maxMembers) return undefined;
    const plan = [...members].map(([key, value]) => ({ key, value }));
    if (progress.order !== undefined) plan.sort((a, b) => progress.order!(a.key, b.key));
    return plan;
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
      if (!this.isSatisfiable(value)) return false;
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
    for (const region of this.#otherKeyRegions(formula, progress, members, atom.keys)) {
      if (tryMember(region.key, this.#values.and(region.value, atom.value))) return true;
    }
    return false;
  }

  #addMembers(
    formula: ObjectConjunction,
    progress: ObjectProgress,
    members: Map<string, ValueId>,
    count: number,
  ): boolean {
    let missing = count;
    for (const [word, value] of formula.words) {
      if (missing === 0) return true;
      if (members.has(word) || !progress.isOpen(word) || !this.isSatisfiable(value)) continue;
      members.set(word, value);
      missing--;
    }
    for (let i = 0; missing > 0 && i < MAX_INVENTED_KEYS; i++) {
      const regions = this.#otherKeyRegions(formula, progress, members, this.#values.arena.anyText);
      const region = regions.find(({ value }) => this.isSatisfiable(value));
      if (region === undefined) return false;
      members.set(region.key, region.value);
      missing--;
    }
    return missing <= 0;
  }

  /** A shortest unused key of each non-empty region of `keys` that the rules cut out, with what the rules say of it. */
  #otherKeyRegions(
    formula: ObjectConjunction,
    progress: ObjectProgress,
    members: ReadonlyMap<string, ValueId>,
    keys: Term,
  ): { key: string; value: ValueId }[] {
    const { arena } = this.#values;
    const used = arena.words([...formula.words.keys(), ...members.keys(), ...progress.otherKeys]);
    let regions = [{ keys: arena.difference(keys, used), value: ANYTHING }];
    for (const rule of formula.rules) {
      const split: typeof regions = [];
      for (const region of regions) {
        const outside = arena.difference(region.keys, rule.keys);
        if (!arena.isEmpty(outside)) split.push({ keys: outside, value: region.value });
        const inside = arena.intersect(region.keys, rule.keys);
        const value = this.#values.and(region.value, rule.value);
        if (value !== NOTHING && !arena.isEmpty(inside)) split.push({ keys: inside, value });
      }
      regions = split;
    }
    const found: { key: string; value: ValueId }[] = [];
    for (const region of regions) {
      let language = region.keys;
      // A word that is past (or comes earlier in the fixed order) is no candidate; take the next shortest.
      for (let attempt = 0; attempt < 64; attempt++) {
        const bytes = arena.shortest(language);
        if (bytes === undefined) break;
        const key = decoder.decode(bytes);
        if (progress.isOpen(key) && !progress.has(key)) {
          found.push({ key, value: region.value });
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
    for (const { key, value } of plan) length += key.length + (this.shortest(value)?.length ?? 0) + 4;
    return length;
  }

  /** Items that complete an array of `formula` after items with the values `seen`; undefined when none do. */
  planArray(formula: ArrayFormula, seen: ValueId): PlannedItem[] | undefined {
    if (formula.kind === "or") return shortestPlan(formula.branches.map((branch) => this.planArray(branch, seen)));
    this.#values.arena.spend();
    const { arrays } = this.#values;
    if (formula.clauses.length === 0) return this.#placeItems(formula, seen);
    const base = arrays.conjunction({ ...formula, clauses: [] });
    return base.kind === "or" ? undefined : this.#placeWithClauses(base, formula.clauses, seen);
  }

  /** As {@link #planWithClauses}, for arrays. */
  #placeWithClauses(
    base: ArrayConjunction,
    clauses: readonly ArrayDisjunction[],
    seen: ValueId,
  ): PlannedItem[] | undefined {
    const { arrays } = this.#values;
    const plan = this.#placeItems(base, seen);
    if (plan === undefined || clauses.length === 0) return plan;
    const texts = this.itemTexts(plan);
    const exact = !texts.some((text) => INEXACT_NUMBER.test(text));
    const witness = exact ? texts.map((text) => JSON.parse(text) as unknown) : [];
    // Whether an item repeats one that was read before is not seen from the witness: such clauses are always taken apart.
    const unmet = clauses.find(
      (clause) => !exact || clause.remembers || !this.#membership.containsArray(clause, witness),
    );
    if (unmet === undefined) return plan;
    const others = clauses.filter((clause) => clause !== unmet);
    for (const branch of unmet.branches.toSorted((a, b) => a.minItems - b.minItems)) {
      const merged = arrays.and(
        base,
        branch.clauses.length === 0 ? branch : arrays.conjunction({ ...branch, clauses: [] }),
      );
      if (merged.kind === "or") continue;
      const found = this.#placeWithClauses(merged, [...others, ...branch.clauses], seen);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #placeItems(formula: ArrayConjunction, seen: ValueId): PlannedItem[] | undefined {
    const values = this.#values;
    const items: ValueId[] = [];
    const itemAt = (index: number): ValueId => {
      const value = itemValue(formula, index);
      return formula.unique ? values.and(value, values.not(seen)) : value;
    };
    const grow = (length: number): boolean => {
      while (items.length < length) {
        values.arena.spend();
        if (items.length >= formula.maxItems) return false;
        const value = itemAt(items.length);
        if (!this.isSatisfiable(value)) return false;
        items.push(value);
      }
      return true;
    };
    if (!grow(formula.minItems)) return undefined;
    const demands: { from: number; to: number; value: ValueId; count: number }[] = [
      ...formula.exists.map((atom) => ({ ...atom, count: 1 })),
      ...formula.atLeastInside.map((atom) => ({ from: 0, to: Infinity, ...atom })),
    ];
    for (const { from, to, value, count } of demands) {
      let left = count;
      for (let i = 0; left > 0 && i < Math.min(to, formula.maxItems); i++) {
        const fresh = i >= items.length;
        if (fresh && !grow(i + 1)) return undefined;
        if (i < from) continue;
        const both = values.and(items[i], value);
        if (this.isSatisfiable(both)) {
          items[i] = both;
          left--;
        } else if (fresh && i >= formula.prefix.length) {
          break; // every later position is like this one
        }
      }
      if (left > 0) return undefined;
    }
    for (const { value, count } of formula.atMostOutside) {
      let left = count;
      for (let i = 0; i < items.length; i++) {
        const both = values.and(items[i], value);
        if (this.isSatisfiable(both)) items[i] = both;
        else if (--left < 0) return undefined;
      }
    }
    if (formula.repeated) return this.#placeRepeated(formula, seen, items, grow);
    return formula.unique ? this.#placeDistinct(items) : items.map((value) => ({ value, text: undefined }));
  }

  #placeRepeated(
    formula: ArrayConjunction,
    seen: ValueId,
    items: ValueId[],
    grow: (length: number) => boolean,
  ): PlannedItem[] | undefined {
    const plan = (): PlannedItem[] => items.map((value) => ({ value, text: undefined }));
    const limit = Math.min(formula.maxItems, Math.max(items.length, formula.prefix.length) + 2);
    for (let i = 0; i < limit; i++) {
      if (!grow(i + 1)) return undefined;
      const old = this.#values.and(items[i], seen);
      if (this.isSatisfiable(old)) {
        items[i] = old;
        return plan();
      }
      for (let j = 0; j < i; j++) {
        const text = this.shortest(this.#values.and(items[i], items[j]));
        if (text === undefined) continue;
        return items.map((value, k) => ({ value, text: k === i || k === j ? text : undefined }));
      }
    }
    return undefined;
  }

  /** Picks different values for the items, the most constrained first. */
  #placeDistinct(items: readonly ValueId[]): PlannedItem[] | undefined {
    const order = items.map((_, i) => i).sort((a, b) => this.#freedom(items[a]) - this.#freedom(items[b]));
    const texts: string[] = [];
    let taken: ValueId = NOTHING;
    for (const i of order) {
      const text = this.shortest(this.#values.and(items[i], this.#values.not(taken)));
      if (text === undefined) return undefined;
      texts[i] = text;
      taken = this.#values.or(taken, this.#constants.ofText(text));
    }
    return items.map((value, i) => ({ value, text: texts[i] }));
  }

  /** A rough count of the values of a set, to order choices by. */
  #freedom(value: ValueId): number {
    const formula = this.#values.expand(value);
    let count = 0;
    for (let bits = formula.literals; bits !== 0; bits &= bits - 1) count++;
    count += this.#values.numbers.cardinality(formula.number, 64);
    count += this.#values.arena.cardinality(formula.string, 64);
    if (formula.array !== this.#values.arrays.none) count += 64;
    if (formula.object !== this.#values.objects.none) count += 64;
    return count;
  }
}

/** An item that a witness adds: the set its value is taken from, and the value's text where it matters which. */
export interface PlannedItem {
  readonly value: ValueId;
  readonly text: string | undefined;
}

function shortestPlan(plans: readonly (PlannedItem[] | undefined)[]): PlannedItem[] | undefined {
  let best: PlannedItem[] | undefined;
  for (const plan of plans) {
    if (plan !== undefined && (best === undefined || plan.length < best.length)) best = plan;
  }
  return best;
}

/** Sorts members as the formula first names their keys: the order of the schema. */
function inOrder(members: readonly PlannedMember[], formula: ObjectFormula): readonly PlannedMember[] {
  if (members.length < 2) return members;
  const rank = new Map<string, number>();
  for (const word of namedKeys(formula)) rank.set(word, rank.size);
  const rankOf = ({ key }: PlannedMember): number => rank.get(key) ?? rank.size;
  return members.toSorted((a, b) => rankOf(a) - rankOf(b));
}
