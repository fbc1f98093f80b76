import type { Conjunction } from "./conjunction.ts";
import { bothConditions } from "./conjunction-laws.ts";
import { Decimal, MAX_NUMBER_DIGITS } from "./decimal.ts";
import { floorQuotient, isMultipleOf } from "./multiples.ts";
import { tightened } from "./tighten.ts";

/**
 * Distinct members, all of them if there are finitely many: few fraction digits before many, and each time from 0
 * outwards.
 */
export function* sampleMembers(conjunction: Conjunction): Generator<Decimal, void> {
  const { lower, upper, multipleOf } = conjunction;
  if (multipleOf !== undefined) {
    yield* multiplesFromZero(conjunction, multipleOf);
    return;
  }
  if (lower !== undefined && upper?.value.equals(lower.value) === true) {
    yield lower.value;
    return;
  }
  const width = lower && upper && upper.value.plus(lower.value.negate());
  const coarsest = width === undefined ? 0 : Math.min(0, width.magnitude + 1);
  for (let exponent = coarsest; exponent > -MAX_NUMBER_DIGITS; exponent--) {
    const unit = Decimal.of(1n, exponent);
    const grid = tightened(bothConditions(conjunction, { multipleOf: unit }));
    if (grid === undefined) continue;
    const coarser = Decimal.of(1n, exponent + 1);
    for (const value of multiplesFromZero(grid, unit)) {
      if (exponent === coarsest || !isMultipleOf(value, coarser)) yield value;
    }
  }
}

function* multiplesFromZero(conjunction: Conjunction, unit: Decimal): Generator<Decimal, void> {
  const { lower, upper, notMultipleOf } = conjunction;
  const least = lower && floorQuotient(lower.value, unit);
  const greatest = upper && floorQuotient(upper.value, unit);
  let up = least === undefined || least < 0n ? 0n : least;
  let down = greatest !== undefined && greatest < 0n ? greatest : -1n;
  for (;;) {
    const canRise = greatest === undefined || up <= greatest;
    const canFall = least === undefined || down >= least;
    if (!canRise && !canFall) return;
    for (const count of [...(canRise ? [up++] : []), ...(canFall ? [down--] : [])]) {
      const value = unit.times(count);
      if (!notMultipleOf.some((divisor) => isMultipleOf(value, divisor))) yield value;
    }
  }
}
