import { Decimal } from "./decimal.ts";
import { powerOfTen } from "./power-of-ten.ts";

/** The greatest integer n with n · unit ≤ value, for a positive unit. */
export function floorQuotient(value: Decimal, unit: Decimal): bigint {
  const exponent = Math.min(value.exponent, unit.exponent);
  const dividend = value.scaledTo(exponent);
  const divisor = unit.scaledTo(exponent);
  const quotient = dividend / divisor;
  return dividend < 0n && quotient * divisor !== dividend ? quotient - 1n : quotient;
}

/** The least integer n with n · unit ≥ value, for a positive unit. */
export function ceilQuotient(value: Decimal, unit: Decimal): bigint {
  return -floorQuotient(value.negate(), unit);
}

/** Whether value = n · unit for an integer n. */
export function isMultipleOf(value: Decimal, unit: Decimal): boolean {
  // A coefficient in lowest terms times a negative power of ten is never an integer times the unit's.
  if (value.isZero) return true;
  if (value.exponent < unit.exponent) return false;
  return (value.coefficient * powerOfTen(value.exponent - unit.exponent)) % unit.coefficient === 0n;
}

/** The greatest positive number that both are multiples of. */
export function greatestCommonDivisor(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  return Decimal.of(integerGcd(a.scaledTo(exponent), b.scaledTo(exponent)), exponent);
}

/** The least positive number that is a multiple of both. */
export function leastCommonMultiple(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent);
  const x = a.scaledTo(exponent);
  const y = b.scaledTo(exponent);
  return Decimal.of((x / integerGcd(x, y)) * y, exponent);
}

/**
 * The least e, of any sign, for which value · 10^e is a multiple of `unit` (all greater ones then are); undefined
 * when none is.
 */
export function lowestMultiplyingPower(value: Decimal, unit: Decimal): number | undefined {
  // value · 10^e = c · 10^(e + value.exponent), and as c does not end in 0, that power of ten must reach
  // unit.exponent.
  let missing = unit.coefficient / integerGcd(unit.coefficient, value.coefficient);
  let power = 0;
  for (; missing !== 1n; power++) {
    const common = integerGcd(missing, 10n);
    if (common === 1n) return undefined;
    missing /= common;
  }
  return unit.exponent - value.exponent + power;
}

export function integerGcd(a: bigint, b: bigint): bigint {
  let x = a < 0n ? -a : a;
  let y = b < 0n ? -b : b;
  while (y !== 0n) [x, y] = [y, x % y];
  return x;
}
