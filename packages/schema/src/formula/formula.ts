import type { Term } from "@espalier/grammar";
import type { ContentId } from "../content/content-table.ts";
import type { NumberSet } from "../number/number-set.ts";

/**
 * A set of JSON values, as a handle: 0 is {@link NOTHING}, 1 is {@link ANYTHING}, others name a formula that may not have been
 * worked out yet (a subschema that no text has reached).
 */
export type ValueId = number;

export const NOTHING: ValueId = 0;
export const ANYTHING: ValueId = 1;

export const LITERAL_NULL = 1;
export const LITERAL_TRUE = 2;
export const LITERAL_FALSE = 4;
export const ALL_LITERALS = 7;

/**
 * A set of JSON values, worked out: one part per JSON type. Since a value has exactly one type, and, or and not act on each
 * part by itself.
 */
export interface ValueFormula {
  readonly id: number;
  /** Which of null, true and false belong to the set: LITERAL_* bits. */
  readonly literals: number;
  readonly number: NumberSet;
  /** Over the decoded text of the string, as UTF-8. */
  readonly string: Term;
  /**
   * All strings that the set may hold by the letter of its schema: more than {@link string} where of a format only a part is enforced.
   * Whatever must not be in the set stays out of these.
   */
  readonly outerString: Term;
  /** Further strings, of a language that need not be regular. */
  readonly content: ContentId;
  readonly array: ArrayFormula;
  readonly object: ObjectFormula;
}

/** A rule for the members whose key is in `keys` and is not named in the conjunction's `words`. */
export interface KeyRule {
  readonly keys: Term;
  readonly value: ValueId;
  /**
   * The keys that the negation of the rule speaks of, where those are not the same: fewer, where of a format of keys only a part is
   * enforced. What is neither sure to be a key of the rule nor sure to be none is then in neither set.
   */
  readonly dual?: Term | undefined;
}

/** Some member has its key in `keys` and its value in `value`. For a single key this is `required` and `words` together. */
export interface MemberExists {
  readonly keys: Term;
  readonly value: ValueId;
  /** As in {@link KeyRule}: more, where of a format of keys only a part is enforced. */
  readonly dual?: Term | undefined;
}

/** A set of objects: a conjunction of atoms and of clauses not yet taken apart, or a disjunction of those. */
export type ObjectFormula = ObjectConjunction | ObjectDisjunction;

export interface ObjectConjunction {
  readonly kind: "and";
  readonly id: number;
  /** What the value under each named key must be: all that the conjunction says about that key. In schema order. */
  readonly words: ReadonlyMap<string, ValueId>;
  /** For keys not in `words`: the value must satisfy every rule whose keys match. */
  readonly rules: readonly KeyRule[];
  readonly required: ReadonlySet<string>;
  readonly exists: readonly MemberExists[];
  readonly minMembers: number;
  readonly maxMembers: number;
  readonly clauses: readonly ObjectDisjunction[];
  /** True when minMembers or maxMembers say something, here or in a clause. */
  readonly counts: boolean;
}

export interface ObjectDisjunction {
  readonly kind: "or";
  readonly id: number;
  readonly branches: readonly ObjectConjunction[];
  readonly counts: boolean;
}

/** Some item with its index in [from, to) is in `value`. */
export interface ItemExists {
  readonly from: number;
  readonly to: number;
  readonly value: ValueId;
}

/** At least (or, in `atMostOutside`, at most) `count` items are in (outside) `value`. */
export interface ItemCount {
  readonly value: ValueId;
  readonly count: number;
}

/** A set of arrays, seen from where the next item begins: reading an item turns the formula into that of the rest. */
export type ArrayFormula = ArrayConjunction | ArrayDisjunction;

export interface ArrayConjunction {
  readonly kind: "and";
  readonly id: number;
  readonly prefix: readonly ValueId[];
  /** For items after the prefix. */
  readonly rest: ValueId;
  readonly minItems: number;
  readonly maxItems: number;
  readonly atLeastInside: readonly ItemCount[];
  readonly atMostOutside: readonly ItemCount[];
  readonly exists: readonly ItemExists[];
  /** All items differ. */
  readonly unique: boolean;
  /** Two items are equal. */
  readonly repeated: boolean;
  readonly clauses: readonly ArrayDisjunction[];
  /** True when `unique` or `repeated` is said here or in a clause: the values of items must be remembered. */
  readonly remembers: boolean;
}

export interface ArrayDisjunction {
  readonly kind: "or";
  readonly id: number;
  readonly branches: readonly ArrayConjunction[];
  readonly remembers: boolean;
}
