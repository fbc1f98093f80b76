import type { Decimal } from "./decimal.ts";

/** One end of an interval. */
export interface Bound {
  readonly value: Decimal;
  readonly exclusive: boolean;
}

/**
 * Numbers that meet all of a few conditions, as far as possible in one canonical form: see `canonicalConjunction`.
 */
export interface Conjunction {
  readonly lower: Bound | undefined;
  readonly upper: Bound | undefined;
  /** Members are multiples of this. */
  readonly multipleOf: Decimal | undefined;
  /** No member is a multiple of any of these; in ascending order, and none is a multiple of another. */
  readonly notMultipleOf: readonly Decimal[];
  /** Members are integers by their conditions, and so written without fraction digits other than 0. */
  readonly integerText: boolean;
  /** The conditions but for the interval: equal texts, equal conditions. */
  readonly divisors: string;
  /** Equal keys, equal content. */
  readonly key: string;
}

/** The conditions of a conjunction, in any form. */
export type ConjunctionParts = Partial<Pick<Conjunction, "lower" | "upper" | "multipleOf" | "notMultipleOf">>;

/** The conjunction of these conditions, written as they are. */
export function conjunctionOf(parts: ConjunctionParts): Conjunction {
  const { lower, upper, multipleOf, notMultipleOf = [] } = parts;
  const from = lower === undefined ? "(" : `${lower.exclusive ? "(" : "["}${lower.value}`;
  const to = upper === undefined ? ")" : `${upper.value}${upper.exclusive ? ")" : "]"}`;
  let divisors = multipleOf === undefined ? "" : ` %${multipleOf}`;
  for (const divisor of notMultipleOf) divisors += ` !%${divisor}`;
  const integerText = multipleOf?.isInteger === true;
  return { lower, upper, multipleOf, notMultipleOf, integerText, divisors, key: `${from},${to}${divisors}` };
}

/** Whether there is but one number in the interval. */
export function isSingle(conjunction: ConjunctionParts): boolean {
  const { lower, upper } = conjunction;
  return lower !== undefined && upper !== undefined && lower.value.equals(upper.value);
}

/** The greater of two lower bounds. */
export function higherBound(a: Bound | undefined, b: Bound | undefined): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = a.value.compare(b.value);
  return order > 0 || (order === 0 && a.exclusive) ? a : b;
}

/** The lesser of two upper bounds. */
export function lowerBound(a: Bound | undefined, b: Bound | undefined): Bound | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = a.value.compare(b.value);
  return order < 0 || (order === 0 && a.exclusive) ? a : b;
}

/** The numbers x with -x in the conjunction. */
export function mirrored(parts: ConjunctionParts): ConjunctionParts {
  const { lower, upper } = parts;
  return {
    ...parts,
    lower: upper && { value: upper.value.negate(), exclusive: upper.exclusive },
    upper: lower && { value: lower.value.negate(), exclusive: lower.exclusive },
  };
}
