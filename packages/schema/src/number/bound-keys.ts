import type { Bound } from "./conjunction.ts";
import type { Magnitudes } from "./magnitudes.ts";
import { FAILS, HOLDS, OPEN, type PrefixRelation, relationToLower, relationToUpper } from "./prefix-relation.ts";

// What the bounds still ask of a prefix, as text: equal texts, equal demands. Where prefix and bound agree so far,
// the number of digits read says it all, for they are the bound's own. "" stands for no demand.

/**
 * After `count` digits of the integer part: how many more digits there have to be, and may be. A number with the
 * digits of the prefix compares with a bound as their exponents do, or else as their digits.
 */
export function integerBoundsKey(set: Magnitudes, digits: bigint, count: number): string {
  const { lower, upper } = set;
  let key = "";
  if (lower !== undefined && !lower.value.isZero) {
    const missing = lower.value.magnitude + 1 - count;
    const relation = relationToLower(digits, lower, mantissaShift(lower, count - 1));
    if (relation === HOLDS || relation === FAILS) {
      const least = missing + (relation === FAILS ? 1 : 0);
      if (least > 0) key += `+${least}`;
    } else if (missing >= 0) {
      key += `>${count}`;
    }
  }
  if (upper !== undefined) {
    const missing = upper.value.magnitude + 1 - count;
    const relation = relationToUpper(digits, upper, mantissaShift(upper, count - 1));
    if (relation === HOLDS || relation === FAILS) key += `-${missing - (relation === FAILS ? 1 : 0)}`;
    else key += `<${count}`;
  }
  return key;
}

/** After `length` digits of the fraction, when no exponent can follow. */
export function fractionBoundsKey(set: Magnitudes, digits: bigint, length: number): string {
  const { lower, upper } = set;
  let key = "";
  if (lower !== undefined) {
    key += relationKey(">", relationToLower(digits, lower, lower.value.exponent + length), length);
  }
  if (upper !== undefined) {
    key += relationKey("<", relationToUpper(digits, upper, upper.value.exponent + length), length);
  }
  return key;
}

/**
 * After a digit, the point and `length` digits, when an exponent can follow: digits compare with the bounds'
 * digits.
 */
export function mantissaBoundsKey(set: Magnitudes, digits: bigint, length: number): string {
  const { lower, upper } = set;
  let key = "";
  if (lower !== undefined && !lower.value.isZero) {
    key += relationKey(">", relationToLower(digits, lower, mantissaShift(lower, length)), length);
  }
  if (upper !== undefined) {
    key += relationKey("<", relationToUpper(digits, upper, mantissaShift(upper, length)), length);
  }
  return key;
}

/** Of the bound's digits as an integer, what brings them to one digit before the point and `length` behind it. */
function mantissaShift(bound: Bound, length: number): number {
  return length - (bound.value.digitCount - 1);
}

function relationKey(sign: string, relation: PrefixRelation, length: number): string {
  if (relation === HOLDS) return "";
  return relation === OPEN ? sign + length : sign + (relation === FAILS ? "x" : "z");
}
