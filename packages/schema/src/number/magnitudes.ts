import { type Bound, type Conjunction, type ConjunctionParts, higherBound, mirrored } from "./conjunction.ts";
import { containsNumber } from "./conjunction-laws.ts";
import { Decimal } from "./decimal.ts";
import { leastCommonMultiple } from "./multiples.ts";
import { tightened } from "./tighten.ts";

/** What may follow the sign of a number: the absolute values of the members on one side of 0 (and 0 itself). */
export interface Magnitudes extends Conjunction {
  /** Magnitudes are positive numbers or 0; undefined when 0 is the bound and allowed. */
  readonly lower: Bound | undefined;
  /** Whether `upper` is no bound of the members, but only where their texts end. */
  readonly endless: boolean;
}

/** The magnitudes after a minus sign (which 0 may bear too) or without one; undefined when there are none. */
export function magnitudesOf(conjunction: Conjunction, negative: boolean): Magnitudes | undefined {
  const parts: ConjunctionParts = negative ? mirrored(conjunction) : conjunction;
  const fromZero = { value: Decimal.zero, exclusive: false };
  const side = tightened({ ...parts, lower: higherBound(parts.lower, fromZero) });
  if (side === undefined) return undefined;
  const atZero = containsNumber(side, Decimal.zero);
  const lower = side.lower?.value.isZero === true ? leastWritten(side) : side.lower;
  const { upper = greatestWritten(side) } = side;
  return {
    ...side,
    lower: atZero ? undefined : lower,
    upper: side.upper === undefined ? upper : looserUpper(side),
    endless: side.upper === undefined,
  };
}

/** What is less than this is finite as a double, and `JSON.parse` reads no Infinity. */
const BELOW_OVERFLOW: Bound = { value: Decimal.of(1n, 308), exclusive: true };

const GREATEST_DOUBLE: Bound = { value: Decimal.fromNumber(Number.MAX_VALUE), exclusive: false };

const LEAST_NORMAL: Bound = { value: Decimal.of(1n, -307), exclusive: false };

const LEAST_DOUBLE: Bound = { value: Decimal.fromNumber(Number.MIN_VALUE), exclusive: false };

/** Where texts of magnitudes that may be as small as one likes, but not 0, begin: `JSON.parse` reads 1e-400 as 0. */
function leastWritten(side: Conjunction): Bound | undefined {
  return [LEAST_NORMAL, LEAST_DOUBLE].find((lower) => tightened({ ...side, lower }) !== undefined) ?? side.lower;
}

/** Where texts of magnitudes without an upper bound end; undefined when all of them overflow. */
function greatestWritten(side: Conjunction): Bound | undefined {
  const digits = digitsWithin(side);
  const ends = digits < 308 ? [{ value: Decimal.of(1n, digits), exclusive: true }] : [];
  return [...ends, BELOW_OVERFLOW, GREATEST_DOUBLE].find((upper) => tightened({ ...side, upper }) !== undefined);
}

/** Remainders times digits before the point: about the states that one side of 0 may take where the schema has no bound there. */
const ENDLESS_STATES = 500_000n;

/** Digits that there always may be, beyond those of the lower bound and of the divisors. */
const SPARE_DIGITS = 40;

/**
 * How many digits may stand before the point where there is no upper bound. A number with d digits takes a state for each of its lengths
 * and each remainder of its prefixes by the divisors, so many remainders leave room for fewer digits.
 */
function digitsWithin(side: Conjunction): number {
  const { lower } = side;
  const remainders = prefixRemainders(side);
  const bounded = lower === undefined || lower.value.isZero ? 0 : Math.max(0, lower.value.magnitude + 1);
  const divided = Math.max(...unitsOf(side).map((unit) => unit.magnitude + 1), String(remainders).length);
  return Math.max(Number(ENDLESS_STATES / remainders), bounded + divided + SPARE_DIGITS);
}

/** As many remainders as the digits that were read can have by the divisors, powers of ten aside. */
export function prefixRemainders(conjunction: Conjunction): bigint {
  return unitsOf(conjunction)
    .map((unit) => Decimal.of(unit.coefficient, 0))
    .reduce(leastCommonMultiple, Decimal.one)
    .scaledTo(0);
}

function unitsOf({ multipleOf, notMultipleOf }: Conjunction): readonly Decimal[] {
  return multipleOf === undefined ? notMultipleOf : [multipleOf, ...notMultipleOf];
}

/**
 * Between a last multiple and the next one there is nothing, and the one with fewer digits is easier to stay under:
 * after "9" and after "4" the same may follow if the bound is `< 100`, but not if it is `<= 99`.
 */
function looserUpper(side: Conjunction): Bound | undefined {
  const { upper, multipleOf } = side;
  if (upper === undefined || multipleOf === undefined) return upper;
  const next = upper.value.plus(multipleOf);
  return next.digitCount < upper.value.digitCount ? { value: next, exclusive: true } : upper;
}
