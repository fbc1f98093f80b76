import { Decimal } from "./decimal.ts";
import type { Magnitudes } from "./magnitudes.ts";
import { leastCommonMultiple } from "./multiples.ts";
import type { NumberState } from "./number-state.ts";
import { powerOfTen } from "./power-of-ten.ts";

/** Beyond this many remainders few states are met twice. */
const MAX_REMAINDERS = 100_000n;

/**
 * Another state with fewer digits that no text of at most `byteCount` bytes can tell from this one: inside the integer part of a
 * number that is only bounded by where texts end, far from that end, the lower bound behind. Undefined when there is none.
 */
export function shorterInteger(state: NumberState, byteCount: number): NumberState | undefined {
  if (state.phase !== "integer" || !state.side.set.endless) return undefined;
  const { side, digits, count } = state;
  const { lower, upper } = side.set;
  const behind = lower === undefined || lower.value.isZero ? 0 : lower.value.magnitude + 1;
  const ahead = upper === undefined ? Infinity : upper.value.magnitude - count;
  const remainders = remaindersOf(side.set);
  // After the text there has to be room for digits that make a multiple of whatever was read.
  if (ahead <= byteCount + String(remainders).length || remainders > MAX_REMAINDERS) return undefined;
  // One digit may be followed by an exponent, others may not.
  const least = powerOfTen(Math.max(behind, 1));
  const shorter = least + ((((digits - least) % remainders) + remainders) % remainders);
  return shorter < digits && String(shorter).length < count
    ? { phase: "integer", side, digits: shorter, count: String(shorter).length }
    : undefined;
}

/** Integers with equal remainders by this have equal completions, as far as divisors go. */
function remaindersOf({ multipleOf = Decimal.one, notMultipleOf }: Magnitudes): bigint {
  const common = [multipleOf, ...notMultipleOf]
    .map((unit) => Decimal.of(unit.coefficient, Math.max(0, unit.exponent)))
    .reduce(leastCommonMultiple);
  return common.exponent > MAX_REMAINDER_ZEROS ? MAX_REMAINDERS + 1n : common.scaledTo(0);
}

const MAX_REMAINDER_ZEROS = 6;
