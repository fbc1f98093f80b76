import { type Bound, type Conjunction, type ConjunctionParts, conjunctionOf } from "./conjunction.ts";
import { Decimal } from "./decimal.ts";
import { ceilQuotient, floorQuotient, isMultipleOf, leastCommonMultiple } from "./multiples.ts";

/**
 * The conjunction with bounds drawn in as far as they go: among multiples, to the first and last member; elsewhere,
 * to open ends where the end itself is no member. Undefined when there is no member. This is what decides
 * emptiness, and it never walks over values: it takes a quotient, and then at most 2^m - 1 steps past multiples of
 * the m numbers that members must not be multiples of (m progressions that cover 2^m consecutive integers cover all
 * of them: Crittenden & Vanden Eynden, Proc. AMS 24, 1970; and those that are not multiples of any never run out).
 */
export function tightened(parts: ConjunctionParts): Conjunction | undefined {
  const { multipleOf } = parts;
  const notMultipleOf = simplestDivisors(multipleOf, parts.notMultipleOf ?? []);
  if (notMultipleOf === undefined) return undefined;
  if (multipleOf !== undefined) return tightenMultiples(parts, multipleOf, notMultipleOf);
  const lower = openAtMultiples(parts.lower, notMultipleOf);
  const upper = openAtMultiples(parts.upper, notMultipleOf);
  if (lower !== undefined && upper !== undefined) {
    const order = lower.value.compare(upper.value);
    if (order > 0 || (order === 0 && (lower.exclusive || upper.exclusive))) return undefined;
  }
  return conjunctionOf({ lower, upper, notMultipleOf });
}

/**
 * Among multiples of q only multiples of lcm(q, n) are multiples of n. Undefined when some n rules out all of them.
 */
function simplestDivisors(multipleOf: Decimal | undefined, divisors: readonly Decimal[]): Decimal[] | undefined {
  if (divisors.length === 0) return [];
  const candidates: Decimal[] = [];
  for (const divisor of divisors) {
    const candidate = multipleOf === undefined ? divisor : leastCommonMultiple(multipleOf, divisor);
    if (multipleOf?.equals(candidate) === true) return undefined;
    candidates.push(candidate);
  }
  candidates.sort((a, b) => a.compare(b));
  const simplest: Decimal[] = [];
  for (const candidate of candidates) {
    if (!simplest.some((smaller) => isMultipleOf(candidate, smaller))) simplest.push(candidate);
  }
  return simplest;
}

function tightenMultiples(
  parts: ConjunctionParts,
  unit: Decimal,
  divisors: readonly Decimal[],
): Conjunction | undefined {
  // From here on in units: the integers between two integers that are not multiples of `steps`.
  const steps = divisors.map((divisor) => floorQuotient(divisor, unit));
  let first = firstMultiple(parts.lower, unit);
  let last = lastMultiple(parts.upper, unit);
  const excluded = (count: bigint): boolean => steps.some((step) => count % step === 0n);
  while (first !== undefined && (last === undefined || first <= last) && excluded(first)) first++;
  while (last !== undefined && (first === undefined || first <= last) && excluded(last)) last--;
  if (first !== undefined && last !== undefined && first > last) return undefined;
  return conjunctionOf({
    lower: first === undefined ? undefined : { value: unit.times(first), exclusive: false },
    upper: last === undefined ? undefined : { value: unit.times(last), exclusive: false },
    multipleOf: unit,
    notMultipleOf: divisors,
  });
}

function firstMultiple(lower: Bound | undefined, unit: Decimal): bigint | undefined {
  if (lower === undefined) return undefined;
  return lower.exclusive ? floorQuotient(lower.value, unit) + 1n : ceilQuotient(lower.value, unit);
}

function lastMultiple(upper: Bound | undefined, unit: Decimal): bigint | undefined {
  if (upper === undefined) return undefined;
  return upper.exclusive ? ceilQuotient(upper.value, unit) - 1n : floorQuotient(upper.value, unit);
}

function openAtMultiples(bound: Bound | undefined, divisors: readonly Decimal[]): Bound | undefined {
  if (bound === undefined || bound.exclusive) return bound;
  if (!divisors.some((divisor) => isMultipleOf(bound.value, divisor))) return bound;
  return { value: bound.value, exclusive: true };
}

/** Integers below this are written plainly by the printers of all languages: Python's changes to 1e+16 here. */
const PLAINLY_WRITTEN = Decimal.of(1n, 16);

/**
 * {@link tightened}, and a single member is held as just that: as an integer where its conditions say so or where
 * it is one that every printer writes as one, otherwise as a closed interval without further conditions.
 */
export function canonicalConjunction(parts: ConjunctionParts): Conjunction | undefined {
  const conjunction = tightened(parts);
  if (conjunction?.lower === undefined || conjunction.upper === undefined) return conjunction;
  const { value } = conjunction.lower;
  if (!value.equals(conjunction.upper.value)) return conjunction;
  const integer =
    conjunction.integerText ||
    (value.isInteger && (value.isNegative ? value.negate() : value).compare(PLAINLY_WRITTEN) < 0);
  const bound = { value, exclusive: false };
  return conjunctionOf({ lower: bound, upper: bound, multipleOf: integer ? Decimal.one : undefined });
}
