import { TermArena } from "@espalier/grammar";
import fc from "fast-check";
import type { Conjunction } from "../../../packages/schema/src/number/conjunction.ts";
import { Decimal } from "../../../packages/schema/src/number/decimal.ts";
import { NumberAlgebra, type NumberSet } from "../../../packages/schema/src/number/number-set.ts";

/** A description of a set that tests evaluate by themselves: see {@link holds}. */
export type SetCase =
  | { readonly kind: "atLeast" | "atMost"; readonly bound: string; readonly exclusive: boolean }
  | { readonly kind: "multipleOf" | "constant"; readonly value: string }
  | { readonly kind: "and" | "or"; readonly parts: readonly SetCase[] }
  | { readonly kind: "not"; readonly part: SetCase };

export const decimal = (text: string): Decimal => Decimal.parse(text);

export const algebra = (): NumberAlgebra => new NumberAlgebra(new TermArena());

/** An integer and a power of ten to divide it by: an arithmetic that shares nothing with the library's. */
interface Fraction {
  readonly top: bigint;
  readonly zeros: number;
}

const fractions = new Map<string, Fraction>();

export function fractionOf(text: string): Fraction {
  let fraction = fractions.get(text);
  if (fraction === undefined) {
    const [mantissa, power = "0"] = text.toLowerCase().split("e");
    const [whole, digits = ""] = mantissa.split(".");
    const places = digits.length - Number(power);
    const top = BigInt(whole + digits) * 10n ** BigInt(Math.max(0, -places));
    fraction = { top, zeros: Math.max(0, places) };
    fractions.set(text, fraction);
  }
  return fraction;
}

function aligned(a: string, b: string): [bigint, bigint] {
  const x = fractionOf(a);
  const y = fractionOf(b);
  const zeros = Math.max(x.zeros, y.zeros);
  return [x.top * 10n ** BigInt(zeros - x.zeros), y.top * 10n ** BigInt(zeros - y.zeros)];
}

/** Whether the number that `text` spells is in the set: the oracle. */
export function holds(set: SetCase, text: string): boolean {
  switch (set.kind) {
    case "atLeast": {
      const [value, bound] = aligned(text, set.bound);
      return set.exclusive ? value > bound : value >= bound;
    }
    case "atMost": {
      const [value, bound] = aligned(text, set.bound);
      return set.exclusive ? value < bound : value <= bound;
    }
    case "multipleOf": {
      const [value, divisor] = aligned(text, set.value);
      return value % divisor === 0n;
    }
    case "constant": {
      const [value, constant] = aligned(text, set.value);
      return value === constant;
    }
    case "and":
      return set.parts.every((part) => holds(part, text));
    case "or":
      return set.parts.some((part) => holds(part, text));
    case "not":
      return !holds(set.part, text);
  }
}

export function build(numbers: NumberAlgebra, set: SetCase): NumberSet {
  switch (set.kind) {
    case "atLeast":
      return numbers.atLeast(decimal(set.bound), set.exclusive);
    case "atMost":
      return numbers.atMost(decimal(set.bound), set.exclusive);
    case "multipleOf":
      return numbers.multipleOf(decimal(set.value));
    case "constant":
      return numbers.constant(decimal(set.value));
    case "and":
      return set.parts.map((part) => build(numbers, part)).reduce((a, b) => numbers.and(a, b), numbers.all);
    case "or":
      return set.parts.map((part) => build(numbers, part)).reduce((a, b) => numbers.or(a, b), numbers.none);
    case "not":
      return numbers.not(build(numbers, set.part));
  }
}

/** The conditions of a canonical conjunction, for {@link holds}. */
export function caseOf(conjunction: Conjunction): SetCase {
  const parts: SetCase[] = [];
  const { lower, upper, multipleOf, notMultipleOf } = conjunction;
  if (lower) parts.push({ kind: "atLeast", bound: lower.value.toString(), exclusive: lower.exclusive });
  if (upper) parts.push({ kind: "atMost", bound: upper.value.toString(), exclusive: upper.exclusive });
  if (multipleOf) parts.push({ kind: "multipleOf", value: multipleOf.toString() });
  for (const divisor of notMultipleOf) {
    parts.push({ kind: "not", part: { kind: "multipleOf", value: divisor.toString() } });
  }
  return { kind: "and", parts };
}

const ANY = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?$/;
const INTEGER = /^-?(0|[1-9][0-9]*)(\.0+)?([eE]\+?[0-9]+)?$/;

/**
 * At most 200 digits before the point with exponents up to 99, 100 up to 199, 8 up to 299; or one digit and less than 1.7e308: no
 * double overflows.
 */
function isModest(text: string): boolean {
  const [, whole, fraction, power] = /^-?([0-9]+)(\.[0-9]+)?(?:[eE]([+-]?[0-9]+))?$/.exec(text)!;
  const exponent = Number(power ?? 0);
  for (const [digits, most] of [
    [200, 99],
    [100, 199],
    [8, 299],
  ]) {
    if (exponent <= most && whole.length <= digits) return true;
  }
  return Number(`${whole}${fraction ?? ""}`) === 0 || (whole.length === 1 && Math.abs(Number(text)) < 1.7e308);
}

const CONSTRAINED = /^-?((0|[1-9][0-9]*)(\.[0-9]+)?|[1-9](\.[0-9]+)?[eE][+-]?0*[0-9]{1,4})$/;
const CONSTRAINED_INTEGER = /^-?((0|[1-9][0-9]*)(\.0+)?|[1-9](\.0+)?[eE]\+?0*[0-9]{1,4})$/;

/**
 * Where there is no bound, magnitudes stay below 1e308, unless only greater ones are members; where 0 is no member, they are 1e-307 at
 * least, unless only smaller ones are (these tests make neither).
 */
function isWritten(conjunction: Conjunction, text: string): boolean {
  const { lower, upper } = conjunction;
  const isTiny =
    holds({ kind: "atLeast", bound: "-1e-307", exclusive: true }, text) &&
    holds({ kind: "atMost", bound: "1e-307", exclusive: true }, text);
  if (isTiny && !holds(caseOf(conjunction), "0")) return false;
  if (upper === undefined && !holds({ kind: "atMost", bound: "1e308", exclusive: true }, text)) return false;
  return lower !== undefined || holds({ kind: "atLeast", bound: "-1e308", exclusive: true }, text);
}

/** Whether a text is in the documented language of a set. */
export function isText(set: NumberSet, text: string): boolean {
  return set.alternatives.some((conjunction) => {
    if (conjunction.key === "(,)") return ANY.test(text) && isModest(text);
    if (conjunction.key === "(,) %1") return INTEGER.test(text) && isModest(text);
    if (!(conjunction.integerText ? CONSTRAINED_INTEGER : CONSTRAINED).test(text)) return false;
    return holds(caseOf(conjunction), text) && isWritten(conjunction, text);
  });
}

const smallNumber = fc.oneof(
  fc.integer({ min: -30, max: 120 }).map(String),
  fc.tuple(fc.integer({ min: -2000, max: 12_000 }), fc.integer({ min: -4, max: 3 })).map(([c, e]) => `${c}e${e}`),
  fc.constantFrom("0", "1", "-1", "0.5", "99", "100", "0.05", "1e3", "-0.001", "9.99", "10", "-100"),
);
const divisor = fc.oneof(
  fc.constantFrom(
    "1",
    "2",
    "5",
    "10",
    "100",
    "0.01",
    "0.1",
    "0.5",
    "0.25",
    "3",
    "7",
    "0.3",
    "1.5",
    "20",
    "0.02",
    "1e3",
  ),
  fc.tuple(fc.integer({ min: 1, max: 250 }), fc.integer({ min: -3, max: 2 })).map(([c, e]) => `${c}e${e}`),
);

const leaf: fc.Arbitrary<SetCase> = fc.oneof(
  fc.record({
    kind: fc.constantFrom("atLeast" as const, "atMost" as const),
    bound: smallNumber,
    exclusive: fc.boolean(),
  }),
  fc.record({ kind: fc.constant("multipleOf" as const), value: divisor }),
  fc.record({ kind: fc.constant("constant" as const), value: smallNumber }),
);

/** Combinations of a few bounds, divisors and constants. */
export const anySetCase: fc.Arbitrary<SetCase> = fc.letrec<{ set: SetCase }>((tie) => ({
  set: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    leaf,
    fc.record({
      kind: fc.constantFrom("and" as const, "and" as const, "or" as const),
      parts: fc.array(tie("set"), { minLength: 2, maxLength: 3 }),
    }),
    fc.record({ kind: fc.constant("not" as const), part: tie("set") }),
  ),
})).set;

/** Texts of all notations, of values near those that {@link anySetCase} mentions. */
export const anyNumberText: fc.Arbitrary<string> = fc.oneof(
  fc.tuple(fc.integer({ min: -300, max: 1200 }), fc.stringMatching(/^(\.[0-9]{0,4}0{1,2})?$/)).map((p) => p.join("")),
  fc.stringMatching(/^-?[1-9](\.[0-9]{1,4})?[eE][+-]?0?[0-4]$/),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,4})(\.[0-9]{1,5})?$/),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,2})(\.[0-9]{1,2})?([eE][+-]?[0-9]{1,2})?$/),
);
