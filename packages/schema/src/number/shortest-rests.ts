import { higherBound, lowerBound } from "./conjunction.ts";
import { bothConditions } from "./conjunction-laws.ts";
import { Decimal } from "./decimal.ts";
import type { Magnitudes } from "./magnitudes.ts";
import { MAX_EXPONENT, type NumberState } from "./number-state.ts";
import { powerOfTen } from "./power-of-ten.ts";
import { tightened } from "./tighten.ts";

/**
 * The shortest texts with which a live state ends, found by arithmetic: for each number of digits before the point, the one that makes
 * the least number. Undefined where nothing or one digit was read, and where zeros and an exponent may follow: there are few such states, and a search through
 * those ends soon. O(length²) questions to the conjunction, O(length) for integers.
 * @param spend takes the work, question by question
 */
export function shortestRests(state: NumberState, spend: (steps: number) => void): string[] | undefined {
  if (state.phase === "integer" && state.count > 1)
    return restsOfInteger(state.side.set, state.digits, state.count, spend);
  if (state.phase !== "fraction") return undefined;
  const { side, digits, length } = state;
  if (state.scientific) return side.set.integerText ? undefined : scientificRests(side.set, digits, length, spend);
  // What is read is the integer itself, to which zeros may be added.
  if (side.set.integerText) return [length === 0 ? "0" : ""];
  for (let longer = length === 0 ? 1 : 0; ; longer++) {
    spend(1);
    const rest = fractionRest(side.set, digits, length, length + longer);
    if (rest !== undefined) return [rest];
  }
}

function restsOfInteger(set: Magnitudes, digits: bigint, count: number, spend: (steps: number) => void): string[] {
  const { lower, upper, multipleOf } = set;
  // A number with fewer digits before the point than a bound is below it, one with more is above.
  const fewest = lower === undefined || lower.value.isZero ? 0 : Math.max(0, lower.value.magnitude + 1 - count);
  const most = upper === undefined ? Infinity : upper.value.magnitude + 1 - count;
  // A unit with so many digits behind the point has no multiple with more.
  const longestFraction = set.integerText ? 0 : -(multipleOf?.exponent ?? -Infinity);
  for (let length = fewest; ; length++) {
    spend(1);
    const rests: string[] = [];
    const whole = length <= most ? wholeRest(set, digits, length) : undefined;
    if (whole !== undefined) rests.push(whole);
    for (let longer = Math.max(fewest, length - 1 - longestFraction); longer <= Math.min(most, length - 2); longer++) {
      spend(1);
      const rest = mixedRest(set, digits, count, longer, length - 1 - longer);
      if (rest !== undefined) rests.push(rest);
    }
    if (rests.length > 0) return rests;
  }
}

/** The least rest with `longer` digits before the point and `length` behind it. */
function mixedRest(set: Magnitudes, digits: bigint, count: number, longer: number, length: number): string | undefined {
  const least = leastMember(set, digits, longer, Decimal.of(1n, -length));
  const text = least?.scaledTo(-length).toString();
  return text && `${text.slice(count, count + longer)}.${text.slice(count + longer)}`;
}

/** The least rest of `longer` digits that makes an integer of the set. */
function wholeRest(set: Magnitudes, digits: bigint, longer: number): string | undefined {
  return leastMember(set, digits, longer, Decimal.one)?.scaledTo(0).toString().slice(digits.toString().length);
}

/** The least digits that bring `digits`, of which `length` are behind the point, to a member with `wanted` of them there. */
function fractionRest(set: Magnitudes, digits: bigint, length: number, wanted: number): string | undefined {
  const least = leastMember(set, digits, -length, Decimal.of(1n, -wanted));
  if (least === undefined) return undefined;
  const rest = least.scaledTo(-wanted) - digits * powerOfTen(wanted - length);
  return wanted === length ? "" : rest.toString().padStart(wanted - length, "0");
}

/** The least multiple of `unit` that is in the set and in [digits · 10^shift, (digits + 1) · 10^shift). */
function leastMember(set: Magnitudes, digits: bigint, shift: number, unit: Decimal): Decimal | undefined {
  const lower = higherBound(set.lower, { value: Decimal.of(digits, shift), exclusive: false });
  const upper = lowerBound(set.upper, { value: Decimal.of(digits + 1n, shift), exclusive: true });
  return tightened(bothConditions({ ...set, lower, upper }, { multipleOf: unit }))?.lower?.value;
}

/** After a digit, the point and `length` digits: more digits, or digits and an exponent. */
function scientificRests(set: Magnitudes, digits: bigint, length: number, spend: (steps: number) => void): string[] {
  const magnitudes = [set.lower, set.upper].map((bound) =>
    bound?.value.isZero === false ? bound.value.magnitude : undefined,
  );
  const least = Math.max(-MAX_EXPONENT, magnitudes[0] ?? -MAX_EXPONENT);
  const most = Math.min(MAX_EXPONENT, magnitudes[1] ?? MAX_EXPONENT);
  for (let total = 0; ; total++) {
    spend(1);
    const rests: string[] = [];
    const plain = total + length > 0 ? fractionRest(set, digits, length, length + total) : undefined;
    if (plain !== undefined) rests.push(plain);
    for (const [width, [low, high]] of POWERS.entries()) {
      const longer = total - 1 - width;
      if (longer < 0 || longer + length === 0) continue;
      for (let power = Math.max(low, least); power <= Math.min(high, most); power++) {
        if (String(power).length !== width) continue;
        spend(1);
        const member = leastMember(set, digits, power - length, Decimal.of(1n, power - length - longer));
        if (member === undefined) continue;
        const more = member.scaledTo(power - length - longer) - digits * powerOfTen(longer);
        rests.push(`${longer === 0 ? "" : more.toString().padStart(longer, "0")}e${power}`);
      }
    }
    if (rests.length > 0) return rests;
  }
}

/** By the characters of an exponent, the least and the greatest of that many. */
const POWERS: readonly (readonly [low: number, high: number])[] = [
  [0, -1],
  [0, 9],
  [-9, 99],
  [-99, 999],
  [-999, 9_999],
  [-9_999, -1_000],
];
