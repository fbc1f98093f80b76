import { Decimal } from "./decimal.ts";
import { lowestMultiplyingPower } from "./multiples.ts";
import { powerOfTen } from "./power-of-ten.ts";

// Which completions of a prefix are multiples of `unit`, as text: equal texts, equal completions; "" stands for
// none. Let the unit be c · 10^u. A prefix followed by j digits that spell r is a multiple when r ≡ -digits · 10^j
// (mod c) and so on: the least r is decided by the prefix, and is a completion only when it has no more than j
// digits.

/** After some digits of the integer part, when no exponent can follow. */
export function integerDivisorKey(unit: Decimal, digits: bigint): string {
  let length = -unit.exponent;
  if (length <= 0) {
    // Up to u more digits must all be 0.
    const zeros = lowestMultiplyingPower(Decimal.of(digits, 0), unit);
    if (zeros !== undefined && zeros <= unit.exponent) return `%0^${Math.max(0, zeros)}`;
    length = 1;
  }
  // The first j with a completion tells all later ones, whose least r are ten times as great, modulo c.
  let rest = restOf(unit, digits * powerOfTen(length));
  while (rest >= powerOfTen(length)) {
    rest = (rest * 10n) % unit.coefficient;
    length++;
  }
  return `%${rest}^${length + Math.max(0, unit.exponent)}`;
}

/** After `length` digits of the fraction, when no exponent can follow. */
export function fractionDivisorKey(unit: Decimal, digits: bigint, length: number): string {
  const missing = -unit.exponent - length;
  if (missing <= 0) return digits % (unit.coefficient * powerOfTen(-missing)) === 0n ? "%z" : "";
  const rest = restOf(unit, digits * powerOfTen(missing));
  return rest < powerOfTen(missing) ? `%${rest}^${missing}` : "";
}

/**
 * After a digit, the point and `length` digits, when an exponent up to `most` can follow. Followed by zeros alone,
 * the prefix becomes a multiple from some exponent on (which below `least` does not matter). Followed by others, it
 * takes an exponent of length + 1 + u or more, and the remainder modulo c decides.
 */
export function mantissaDivisorKey(unit: Decimal, digits: bigint, length: number, least: number, most: number): string {
  const value = Decimal.of(digits, -length);
  const power = lowestMultiplyingPower(value, unit) ?? Infinity;
  const fromPower = power > most ? "" : `^${Math.max(power, least)}`;
  if (length + 1 + unit.exponent > most) return fromPower === "" ? "" : `%z${fromPower}`;
  return `%${digits % unit.coefficient}.${length}${fromPower}`;
}

/** The least r ≥ 0 that makes value + r a multiple of the unit's coefficient. */
function restOf(unit: Decimal, value: bigint): bigint {
  const excess = value % unit.coefficient;
  return excess === 0n ? 0n : unit.coefficient - excess;
}
