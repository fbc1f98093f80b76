import { higherBound, lowerBound } from "./conjunction.ts";
import { Decimal } from "./decimal.ts";
import { exponentsWithin } from "./exponent-range.ts";
import type { Magnitudes } from "./magnitudes.ts";
import { tightened } from "./tighten.ts";

/** Whether the set has a member x with from ≤ x < to. */
export function hasMemberBetween(set: Magnitudes, from: Decimal, to: Decimal): boolean {
  const lower = higherBound(set.lower, { value: from, exclusive: false });
  const upper = lowerBound(set.upper, { value: to, exclusive: true });
  return tightened({ ...set, lower, upper }) !== undefined;
}

/**
 * Whether the set has a member in [digits · 10^s, (digits + 1) · 10^s) for an integer s between `least` and `most`
 * (`Infinity` allowed), for positive digits: what a prefix can become when s is not yet decided. The set must have
 * a member.
 *
 * Of the many s only few are looked at. Where the set is dense, an interval wholly between the bounds will do.
 * Where it consists of multiples of c · 10^u, a member in an interval with s < u can only be its left end, which is
 * one question for all such s; and from s = u on, the intervals soon are longer than the longest gap.
 */
export function reachesMember(set: Magnitudes, digits: bigint, least: number, most: number): boolean {
  const { lower, upper, multipleOf } = set;
  if (upper === undefined && most === Infinity) return true;
  const start = Decimal.of(digits, 0);
  const end = Decimal.of(digits + 1n, 0);
  let low = least;
  let high = most;
  if (lower !== undefined && !lower.value.isZero) {
    const even = lower.value.magnitude - end.magnitude;
    low = Math.max(low, compareShifted(end, even, lower.value) > 0 ? even : even + 1);
  }
  if (upper !== undefined) {
    if (upper.value.isZero) return false;
    const even = upper.value.magnitude - start.magnitude;
    high = Math.min(high, compareShifted(start, even, upper.value) <= 0 ? even : even - 1);
  }
  if (low > high) return false;
  if (multipleOf === undefined) {
    if (high - low >= 2) return true;
  } else {
    if (exponentsWithin(set, start, low, high) !== undefined) return true;
    low = Math.max(low, multipleOf.exponent);
  }
  for (let shift = low; shift <= high; shift++) {
    if (hasMemberBetween(set, Decimal.of(digits, shift), Decimal.of(digits + 1n, shift))) return true;
  }
  return false;
}

function compareShifted(value: Decimal, shift: number, other: Decimal): number {
  return Decimal.of(value.coefficient, value.exponent + shift).compare(other);
}
