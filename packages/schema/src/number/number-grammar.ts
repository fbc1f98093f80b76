import { EMPTY, EPSILON, type Term, type TermArena } from "@espalier/grammar";

/** Digits before the point, and what exponents they may have: none of these comes near what a double cannot hold. */
const TIERS: readonly { readonly digits: number; readonly hundreds: number }[] = [
  { digits: 200, hundreds: 0 },
  { digits: 100, hundreds: 1 },
  { digits: 8, hundreds: 2 },
];

/**
 * `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`: RFC 8259, but for what overflows as a double, which `JSON.parse` reads as
 * Infinity. At most 200 digits stand before the point where the exponent is at most 99, 100 up to 199, 8 up to 299; or one digit
 * stands there, and the number is less than 1.7e308.
 */
export function anyNumberTerm(arena: TermArena): Term {
  return numberTerm(arena, arena.byteRange(0x30, 0x39), arena.text("-"));
}

/**
 * `-?(0|[1-9][0-9]*)(\.0+)?([eE]\+?[0-9]+)?`: fraction digits are 0 and exponents not negative, so 1.5e1 is not
 * among them. Limits are those of {@link anyNumberTerm}.
 */
export function anyIntegerTerm(arena: TermArena): Term {
  return numberTerm(arena, arena.text("0"), EMPTY);
}

/** @param lessening signs of exponents that make numbers smaller */
function numberTerm(arena: TermArena, fractionDigit: Term, lessening: Term): Term {
  const repeat = (term: Term, min: number, max: number): Term => arena.repeat(term, min, max);
  const union = (...terms: Term[]): Term => arena.union(...terms);
  const concat = (...terms: Term[]): Term => arena.concat(...terms);
  const digitsFrom = (low: number, high = 9): Term => arena.byteRange(0x30 + low, 0x30 + high);
  const digit = digitsFrom(0);
  const zero = arena.text("0");
  const optional = (...parts: Term[]): Term => union(concat(...parts), EPSILON);
  const fraction = optional(arena.text("."), repeat(fractionDigit, 1, Infinity));
  const mark = union(arena.text("e"), arena.text("E"));
  const raising = concat(mark, optional(arena.text("+")), repeat(zero, 0, Infinity));
  const wholeUpTo = (digits: number): Term => union(zero, concat(digitsFrom(1), repeat(digit, 0, digits - 1)));
  const usual = TIERS.map(({ digits, hundreds }) => {
    const exponent =
      hundreds === 0
        ? union(EPSILON, concat(raising, repeat(digit, 1, 2)), concat(mark, lessening, repeat(digit, 1, Infinity)))
        : concat(raising, digitsFrom(hundreds, hundreds), digit, digit);
    return concat(wholeUpTo(digits), fraction, exponent);
  });
  const threeHundreds = concat(arena.text("30"), digitsFrom(0, 7));
  const large = concat(digit, fraction, raising, threeHundreds);
  // The digits of the fraction that keep it below 1.7.
  const belowSeven = arena.intersect(fractionDigit, digitsFrom(0, 6));
  const smallFraction = optional(arena.text("."), belowSeven, repeat(fractionDigit, 0, Infinity));
  const largest = concat(arena.text("1"), smallFraction, raising, arena.text("308"));
  const zeros = concat(zero, optional(arena.text("."), repeat(zero, 1, Infinity)), raising, repeat(digit, 1, Infinity));
  return concat(optional(arena.text("-")), union(...usual, large, largest, zeros));
}
