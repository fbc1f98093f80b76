import { type Bound, type Conjunction, type ConjunctionParts, isSingle } from "./conjunction.ts";
import { containsNumber, isPlainlyWithin } from "./conjunction-laws.ts";
import { canonicalConjunction, tightened } from "./tighten.ts";

/**
 * The same numbers in fewer conjunctions, in a canonical order: neighbouring intervals under equal conditions
 * become one, an open end is closed where its number is in the set anyway, "not a multiple" is dropped where the
 * multiples are in the set anyway, and what plainly lies within another conjunction goes. Not a minimal form, but
 * one that undoes what `or` and `not` usually do.
 */
export function simplifyAlternatives(alternatives: readonly Conjunction[]): Conjunction[] {
  let simplified = joinNeighbours(alternatives);
  for (let rounds = 0; rounds < 4; rounds++) {
    // Long sets are lists of constants, of which none can do anything for another.
    if (simplified.length === 1 || simplified.every(isSingle)) return simplified;
    const before = simplified;
    const widened = before.map((conjunction) => (isSingle(conjunction) ? conjunction : widen(conjunction, before)));
    const changed = widened.some((conjunction, i) => conjunction !== before[i]);
    simplified = dropCovered(changed ? joinNeighbours(widened) : before);
    if (!changed) break;
  }
  return simplified;
}

function joinNeighbours(alternatives: readonly Conjunction[]): Conjunction[] {
  const groups = new Map<string, Conjunction[]>();
  for (const conjunction of alternatives) {
    const group = groups.get(conjunction.divisors);
    if (group === undefined) groups.set(conjunction.divisors, [conjunction]);
    else group.push(conjunction);
  }
  const joined: Conjunction[] = [];
  for (const divisors of [...groups.keys()].sort()) {
    const group = groups.get(divisors) as Conjunction[];
    group.sort((a, b) => compareLower(a.lower, b.lower));
    let last = group[0];
    for (let i = 1; i < group.length; i++) {
      const conjunction = group[i];
      if (hasGap(last, last.upper, conjunction.lower)) {
        joined.push(last);
        last = conjunction;
      } else if (last.upper !== undefined && compareUpper(last.upper, conjunction.upper) < 0) {
        last = rebuilt({ ...last, upper: conjunction.upper });
      }
    }
    joined.push(last);
  }
  return joined;
}

/** Whether numbers that meet the conditions lie above `upper` and below `lower`. */
function hasGap(conditions: Conjunction, upper: Bound | undefined, lower: Bound | undefined): boolean {
  if (upper === undefined || lower === undefined) return false;
  if (conditions.multipleOf === undefined) {
    const order = upper.value.compare(lower.value);
    if (order !== 0) return order < 0;
  }
  return (
    tightened({
      multipleOf: conditions.multipleOf,
      notMultipleOf: conditions.notMultipleOf,
      lower: { value: upper.value, exclusive: !upper.exclusive },
      upper: { value: lower.value, exclusive: !lower.exclusive },
    }) !== undefined
  );
}

function widen(conjunction: Conjunction, all: readonly Conjunction[]): Conjunction {
  let widest = conjunction;
  for (const divisor of conjunction.notMultipleOf) {
    const parts = { ...widest, notMultipleOf: widest.notMultipleOf.filter((other) => !other.equals(divisor)) };
    const multiples = canonicalConjunction({ ...parts, multipleOf: divisor });
    if (multiples === undefined || all.some((other) => isPlainlyWithin(multiples, other))) widest = rebuilt(parts);
  }
  for (const other of all) {
    if (other.divisors === conjunction.divisors) continue;
    if (widest.multipleOf === undefined) widest = closeEnds(widest, other);
    else if (isSingle(other)) widest = appendNeighbour(widest, other);
  }
  return widest;
}

function closeEnds(conjunction: Conjunction, other: Conjunction): Conjunction {
  const { lower, upper, notMultipleOf } = conjunction;
  const closable = (bound: Bound | undefined): boolean =>
    bound?.exclusive === true && containsNumber({ notMultipleOf }, bound.value) && containsNumber(other, bound.value);
  if (!closable(lower) && !closable(upper)) return conjunction;
  return rebuilt({
    ...conjunction,
    lower: lower && { value: lower.value, exclusive: lower.exclusive && !closable(lower) },
    upper: upper && { value: upper.value, exclusive: upper.exclusive && !closable(upper) },
  });
}

/** Takes in a single number that is the next one under the same conditions. */
function appendNeighbour(conjunction: Conjunction, single: Conjunction): Conjunction {
  const { lower, upper } = conjunction;
  const bound = single.lower as Bound;
  if (conjunction.integerText && !single.integerText) return conjunction;
  if (!containsNumber({ ...conjunction, lower: undefined, upper: undefined }, bound.value)) return conjunction;
  if (upper !== undefined && compareUpper(upper, bound) < 0 && !hasGap(conjunction, upper, bound)) {
    return rebuilt({ ...conjunction, upper: bound });
  }
  if (lower !== undefined && compareLower(bound, lower) < 0 && !hasGap(conjunction, bound, lower)) {
    return rebuilt({ ...conjunction, lower: bound });
  }
  return conjunction;
}

function dropCovered(alternatives: readonly Conjunction[]): Conjunction[] {
  // Under equal conditions intervals are disjoint by now, and of two that cover each other one has to stay.
  const kept = [...alternatives];
  for (const other of alternatives) {
    if (isSingle(other) || !kept.includes(other)) continue;
    for (let i = kept.length - 1; i >= 0; i--) {
      if (kept[i].divisors !== other.divisors && isPlainlyWithin(kept[i], other)) kept.splice(i, 1);
    }
  }
  return kept;
}

function compareLower(a: Bound | undefined, b: Bound | undefined): number {
  if (a === undefined || b === undefined) return Number(b === undefined) - Number(a === undefined);
  return a.value.compare(b.value) || Number(a.exclusive) - Number(b.exclusive);
}

function compareUpper(a: Bound | undefined, b: Bound | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return a.value.compare(b.value) || Number(b.exclusive) - Number(a.exclusive);
}

/** The canonical form of conditions that are known to have members. */
function rebuilt(parts: ConjunctionParts): Conjunction {
  return canonicalConjunction(parts) as Conjunction;
}
