import type { Conjunction } from "./conjunction.ts";
import type { Decimal } from "./decimal.ts";
import { floorQuotient, leastCommonMultiple } from "./multiples.ts";

/**
 * How many numbers the conjunction holds; undefined when without end. Exponential in its `notMultipleOf`, of which
 * there are few.
 */
export function countMembers(conjunction: Conjunction): bigint | undefined {
  const { lower, upper, multipleOf, notMultipleOf } = conjunction;
  if (lower === undefined || upper === undefined) return undefined;
  if (lower.value.equals(upper.value)) return 1n;
  // Between two decimals there are always more, and no few divisors can rule out all of them.
  if (multipleOf === undefined) return undefined;
  // Bounds of multiples are members, hence closed.
  const multiples = (unit: Decimal): bigint =>
    floorQuotient(upper.value, unit) + floorQuotient(lower.value.negate(), unit) + 1n;
  const countWithout = (unit: Decimal, divisors: readonly Decimal[]): bigint =>
    divisors.reduce(
      (count, divisor, i) => count - countWithout(leastCommonMultiple(unit, divisor), divisors.slice(0, i)),
      multiples(unit),
    );
  return countWithout(multipleOf, notMultipleOf);
}
