import type { Bound } from "./conjunction.ts";
import { powerOfTen } from "./power-of-ten.ts";

/** All numbers that begin with the prefix meet the bound. */
export const HOLDS = 0;
/** None do. */
export const FAILS = 1;
/** The prefix followed by zeros is the bound itself, and that makes a difference. */
export const ZEROS_DECIDE = 2;
/** The prefix is a prefix of the bound, and digits other than 0 are still to come there. */
export const OPEN = 3;

export type PrefixRelation = typeof HOLDS | typeof FAILS | typeof ZEROS_DECIDE | typeof OPEN;

/**
 * How the numbers in [digits, digits + 1) stand to a lower bound `coefficient · 10^shift` (with the bound's
 * exclusiveness; the coefficient does not end in 0).
 */
export function relationToLower(digits: bigint, bound: Bound, shift: number): PrefixRelation {
  const order = compareToBound(digits, bound.value.coefficient, shift);
  if (order !== 0) return order > 0 ? HOLDS : FAILS;
  if (shift < 0) return OPEN;
  return bound.exclusive ? ZEROS_DECIDE : HOLDS;
}

/** {@link relationToLower} for an upper bound. */
export function relationToUpper(digits: bigint, bound: Bound, shift: number): PrefixRelation {
  const order = compareToBound(digits, bound.value.coefficient, shift);
  if (order !== 0) return order < 0 ? HOLDS : FAILS;
  if (shift < 0) return OPEN;
  return bound.exclusive ? FAILS : ZEROS_DECIDE;
}

/** Compares with the whole part of coefficient · 10^shift. */
function compareToBound(digits: bigint, coefficient: bigint, shift: number): number {
  const whole = shift >= 0 ? coefficient * powerOfTen(shift) : coefficient / powerOfTen(-shift);
  return digits < whole ? -1 : digits > whole ? 1 : 0;
}
