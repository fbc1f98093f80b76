import {
  type Bound,
  type Conjunction,
  type ConjunctionParts,
  higherBound,
  isSingle,
  lowerBound,
} from "./conjunction.ts";
import type { Decimal } from "./decimal.ts";
import { isMultipleOf, leastCommonMultiple } from "./multiples.ts";
import { canonicalConjunction, tightened } from "./tighten.ts";

export function containsNumber(conjunction: ConjunctionParts, value: Decimal): boolean {
  const { lower, upper, multipleOf, notMultipleOf = [] } = conjunction;
  if (lower !== undefined && value.compare(lower.value) < (lower.exclusive ? 1 : 0)) return false;
  if (upper !== undefined && value.compare(upper.value) > (upper.exclusive ? -1 : 0)) return false;
  if (multipleOf !== undefined && !isMultipleOf(value, multipleOf)) return false;
  return !notMultipleOf.some((divisor) => isMultipleOf(value, divisor));
}

/** The conditions of both. */
export function bothConditions(a: ConjunctionParts, b: ConjunctionParts): ConjunctionParts {
  return {
    lower: higherBound(a.lower, b.lower),
    upper: lowerBound(a.upper, b.upper),
    multipleOf:
      a.multipleOf === undefined || b.multipleOf === undefined
        ? (a.multipleOf ?? b.multipleOf)
        : leastCommonMultiple(a.multipleOf, b.multipleOf),
    notMultipleOf: [...(a.notMultipleOf ?? []), ...(b.notMultipleOf ?? [])],
  };
}

/** The numbers in both; undefined when there are none. */
export function intersection(a: Conjunction, b: Conjunction): Conjunction | undefined {
  // Most pairs of long unions are far apart, and that is cheap to see.
  if (isBelow(a, b) || isBelow(b, a)) return undefined;
  return canonicalConjunction(bothConditions(a, b));
}

function isBelow(a: Conjunction, b: Conjunction): boolean {
  return a.upper !== undefined && b.lower !== undefined && a.upper.value.compare(b.lower.value) < 0;
}

/** The numbers not in the conjunction, as alternatives. */
export function complementOf(conjunction: Conjunction): Conjunction[] {
  const { lower, upper, multipleOf, notMultipleOf } = conjunction;
  const alternatives: (Conjunction | undefined)[] = [];
  if (lower !== undefined) {
    alternatives.push(canonicalConjunction({ upper: { value: lower.value, exclusive: !lower.exclusive } }));
  }
  if (upper !== undefined) {
    alternatives.push(canonicalConjunction({ lower: { value: upper.value, exclusive: !upper.exclusive } }));
  }
  if (!isSingle(conjunction)) {
    if (multipleOf !== undefined) alternatives.push(canonicalConjunction({ notMultipleOf: [multipleOf] }));
    for (const divisor of notMultipleOf) alternatives.push(canonicalConjunction({ multipleOf: divisor }));
  }
  return alternatives.filter((alternative) => alternative !== undefined);
}

/** True when the texts of `a` plainly are texts of `b`; false says nothing. */
export function isPlainlyWithin(a: Conjunction, b: Conjunction): boolean {
  if (b.integerText && !a.integerText) return false;
  if (higherBound(a.lower, b.lower) !== a.lower && !sameBound(a.lower, b.lower)) return false;
  if (lowerBound(a.upper, b.upper) !== a.upper && !sameBound(a.upper, b.upper)) return false;
  if (isSingle(a)) return containsNumber(b, (a.lower as Bound).value);
  if (b.multipleOf !== undefined) {
    if (a.multipleOf === undefined || !isMultipleOf(a.multipleOf, b.multipleOf)) return false;
  }
  return b.notMultipleOf.every((divisor) => tightened(bothConditions(a, { multipleOf: divisor })) === undefined);
}

function sameBound(a: Conjunction["lower"], b: Conjunction["lower"]): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.exclusive === b.exclusive && a.value.equals(b.value);
}
