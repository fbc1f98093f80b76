import { EMPTY } from "@espalier/grammar";
import { NO_CONTENT } from "../content/content-table.ts";
import type { ArrayPlans } from "./array-plans.ts";
import type { ConstantValues } from "./constant-values.ts";
import { LITERAL_FALSE, LITERAL_NULL, LITERAL_TRUE, type ValueFormula, type ValueId } from "./formula.ts";
import type { Membership } from "./membership.ts";
import { FRESH_OBJECT, type ObjectPlans } from "./object-plans.ts";
import { inSchemaOrder } from "./schema-order.ts";
import { shortStrings } from "./short-strings.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import { INEXACT_NUMBER, type Witnesses } from "./witnesses.ts";

/** A value of a set. */
export interface Member {
  /** JSON text without whitespace. */
  readonly text: string;
  /** The set of just this value. */
  readonly value: ValueId;
}

/** Different values of a set, those with short texts first. */
export interface Members {
  readonly list: readonly Member[];
  /** True when the set has no others. */
  readonly isAll: boolean;
}

/** The part of an object or array that is varied, one part after another: its beginning and the set that its value is out of. */
interface Variable {
  readonly before: string;
  readonly value: ValueId;
}

/** Parts that are varied; objects and arrays with more are varied in their first ones. */
const MAX_VARIED = 64;
/** Candidates that are tried for each member that is asked for. */
const TRIED_PER_MEMBER = 4;
/** Objects and arrays in one another whose parts are varied. */
const MAX_DEPTH = 3;
/** Longer texts are left out: that two of them are the same value is not seen from their sets. */
const MAX_TEXT = 256;
/** Sets whose members are remembered. */
const KEPT_SETS = 256;

/**
 * Lists short members of sets, for arrays whose items must differ: prepared once for a set, they tell what is left of it after any few of
 * them without asking for "this set without those values" anew each time.
 *
 * Strings and numbers are enumerated; of an object or array, what a shortest one must have is given one value after another. Not all members are found that way,
 * and not always the shortest: {@link Members.isAll} says when there are no others.
 */
export class SomeMembers {
  readonly #values: ValueAlgebra;
  readonly #constants: ConstantValues;
  readonly #membership: Membership;
  readonly #witnesses: Witnesses;
  readonly #plans: { readonly objects: ObjectPlans; readonly arrays: ArrayPlans };
  readonly #known = new Map<ValueId, { readonly capacity: number; readonly members: Members }>();
  readonly #working = new Set<ValueId>();

  constructor(
    values: ValueAlgebra,
    constants: ConstantValues,
    membership: Membership,
    witnesses: Witnesses,
    plans: { readonly objects: ObjectPlans; readonly arrays: ArrayPlans },
  ) {
    this.#values = values;
    this.#constants = constants;
    this.#membership = membership;
    this.#witnesses = witnesses;
    this.#plans = plans;
  }

  /** At least `count` members, where as many are found. Time, once for a set and a power of two: `count` times what one takes. */
  of(set: ValueId, count: number): Members {
    const known = this.#known.get(set);
    if (known !== undefined && (known.capacity >= count || known.members.isAll)) return known.members;
    if (this.#working.has(set) || this.#working.size >= MAX_DEPTH) return { list: [], isAll: false };
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(8, count)));
    this.#working.add(set);
    try {
      const { answer: members, isFinal } = this.#witnesses.asking(() => this.#find(set, capacity));
      if (isFinal && this.#working.size === 1) {
        if (this.#known.size >= KEPT_SETS) this.#known.clear();
        this.#known.set(set, { capacity, members });
      }
      return members;
    } finally {
      this.#working.delete(set);
    }
  }

  #find(set: ValueId, count: number): Members {
    const { arena, arrays, numbers, objects } = this.#values;
    const formula = this.#values.expand(set);
    const texts: string[] = [];
    for (const [bit, text] of LITERALS) if (formula.literals & bit) texts.push(text);
    const numberTexts = numbers.values(formula.number, 2 * count).map((value) => value.toString());
    texts.push(...numberTexts);
    const strings = formula.string === EMPTY ? [] : shortStrings(arena, formula.string, count);
    for (const string of strings) texts.push(JSON.stringify(string));
    texts.push(...this.#structures(set, formula, count));
    texts.sort((a, b) => a.length - b.length);
    const isAll =
      texts.length <= count &&
      (texts.at(-1)?.length ?? 0) < MAX_TEXT &&
      numberTexts.length < 2 * count &&
      (formula.string === EMPTY || arena.cardinality(formula.string, count + 1) === strings.length) &&
      formula.content === NO_CONTENT &&
      formula.array === arrays.none &&
      formula.object === objects.none;
    const list: Member[] = [];
    const seen = new Set<ValueId>();
    for (const text of texts) {
      if (list.length === count || text.length >= MAX_TEXT) break;
      arena.spend();
      const value = this.#constants.ofText(text);
      if (seen.has(value)) continue;
      seen.add(value);
      list.push({ text, value });
    }
    return { list, isAll };
  }

  /** Texts of objects and arrays of a set. */
  #structures(set: ValueId, formula: ValueFormula, count: number): string[] {
    const { arrays, objects } = this.#values;
    const texts: string[] = [];
    for (const least of [0, 1]) {
      if (texts.length >= count) break;
      if (formula.array !== arrays.none) {
        const rest = arrays.and(formula.array, arrays.conjunction({ minItems: least }));
        const items = this.#plans.arrays.plan(rest, []);
        const parts = items?.flatMap(({ value, count: times }) =>
          Array.from({ length: Math.min(times, MAX_VARIED) }, () => ({ before: "", value })),
        );
        if (parts !== undefined) texts.push(...this.#varied(set, "[", parts, "]", count));
      }
      if (formula.object !== objects.none) {
        const rest = objects.and(formula.object, objects.conjunction({ minMembers: least }));
        const members = this.#plans.objects.plan(rest, FRESH_OBJECT);
        const parts =
          members &&
          inSchemaOrder(members, formula.object).map(({ key, value }) => ({
            before: `${JSON.stringify(key)}:`,
            value,
          }));
        if (parts !== undefined) texts.push(...this.#varied(set, "{", parts, "}", count));
      }
    }
    return texts;
  }

  /** Texts of `set` that are made of parts: each of the first few parts takes one of its values after another. */
  #varied(set: ValueId, open: string, parts: readonly Variable[], close: string, count: number): string[] {
    const choices = parts.map(({ value }, i) => {
      const some = i < MAX_VARIED ? this.of(value, count).list.map(({ text }) => text) : [];
      if (some.length > 0) return some;
      const text = this.#witnesses.shortest(value);
      return text === undefined ? [] : [text];
    });
    if (choices.some((texts) => texts.length === 0)) return [];
    const found: string[] = [];
    const digits = parts.map(() => 0);
    for (let tried = 0; tried < TRIED_PER_MEMBER * count && found.length < count; tried++) {
      this.#values.arena.spend(1 + (parts.length >>> 2));
      const text = `${open}${parts.map(({ before }, i) => before + choices[i][digits[i]]).join()}${close}`;
      if (!INEXACT_NUMBER.test(text) && this.#membership.contains(set, JSON.parse(text))) found.push(text);
      let place = 0;
      while (place < digits.length && ++digits[place] === choices[place].length) digits[place++] = 0;
      if (place === digits.length) break;
    }
    return found;
  }
}

const LITERALS: readonly (readonly [bit: number, text: string])[] = [
  [LITERAL_NULL, "null"],
  [LITERAL_TRUE, "true"],
  [LITERAL_FALSE, "false"],
];
