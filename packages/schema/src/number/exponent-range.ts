import { containsNumber } from "./conjunction-laws.ts";
import { Decimal } from "./decimal.ts";
import type { Magnitudes } from "./magnitudes.ts";
import { lowestMultiplyingPower } from "./multiples.ts";

/** Integers from `low` to `high`, both included; either may be infinite. */
export interface ExponentRange {
  readonly low: number;
  readonly high: number;
}

/**
 * The integers e between two others for which value · 10^e is in the set, for a positive value. They are
 * consecutive: bounds cut off the ends, multiples of anything stay multiples as e grows. Undefined when there are
 * none.
 */
export function exponentsWithin(set: Magnitudes, value: Decimal, low: number, high: number): ExponentRange | undefined {
  let least = low;
  let most = high;
  if (set.lower !== undefined && !set.lower.value.isZero) {
    const even = set.lower.value.magnitude - value.magnitude;
    least = Math.max(least, containsNumber({ lower: set.lower }, shifted(value, even)) ? even : even + 1);
  }
  if (set.upper !== undefined) {
    if (set.upper.value.isZero) return undefined;
    const even = set.upper.value.magnitude - value.magnitude;
    most = Math.min(most, containsNumber({ upper: set.upper }, shifted(value, even)) ? even : even - 1);
  }
  if (set.multipleOf !== undefined) {
    least = Math.max(least, lowestMultiplyingPower(value, set.multipleOf) ?? Infinity);
  }
  for (const divisor of set.notMultipleOf) {
    most = Math.min(most, (lowestMultiplyingPower(value, divisor) ?? Infinity) - 1);
  }
  return least <= most && least !== Infinity ? { low: least, high: most } : undefined;
}

/** value · 10^exponent. */
export function shifted(value: Decimal, exponent: number): Decimal {
  return Decimal.of(value.coefficient, value.exponent + exponent);
}
