import { LimitExceededError, TermArena } from "@espalier/grammar";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../packages/schema/src/number/decimal.ts";
import { NumberAlgebra } from "../../../packages/schema/src/number/number-set.ts";
import { algebra, anyNumberText, anySetCase, build, decimal, holds, isText, type SetCase } from "./number-cases.ts";

const numbers = algebra();

describe("NumberAlgebra", () => {
  it("decides membership as the operations say", () => {
    fc.assert(
      fc.property(anySetCase, fc.array(anyNumberText, { minLength: 20 }), (set, texts) => {
        const built = build(numbers, set);
        const wrong = texts.filter((text) => numbers.contains(built, decimal(text)) !== holds(set, text));
        expect(wrong).toEqual([]);
      }),
      { numRuns: 1000, seed: 1 },
    );
  });

  it("knows the empty set, by a member or by the emptiness of what it covers", () => {
    fc.assert(
      fc.property(anySetCase, (set) => {
        const built = build(numbers, set);
        const members = numbers.values(built, 5);
        expect(numbers.isEmpty(built)).toBe(members.length === 0);
        for (const member of members) expect(holds(set, member.toString())).toBe(true);
        expect(numbers.isEmpty(numbers.and(built, numbers.not(built)))).toBe(true);
        expect(numbers.isEmpty(numbers.not(numbers.or(built, numbers.not(built))))).toBe(true);
        expect(numbers.isSubset(built, built)).toBe(true);
      }),
      { numRuns: 500, seed: 2 },
    );
  });

  it("counts values and lists all of them", () => {
    const finite = anySetCase.map((set): SetCase => ({
      kind: "and",
      parts: [
        set,
        { kind: "multipleOf", value: "0.05" },
        { kind: "atLeast", bound: "-3", exclusive: true },
        { kind: "atMost", bound: "12", exclusive: false },
      ],
    }));
    fc.assert(
      fc.property(finite, fc.integer({ min: 1, max: 400 }), (set, limit) => {
        const built = build(numbers, set);
        const expected: string[] = [];
        for (let cents = -300; cents <= 1200; cents += 5) {
          const text = (cents / 100).toFixed(2);
          if (holds(set, text)) expected.push(decimal(text).toString());
        }
        expect(numbers.cardinality(built, limit)).toBe(Math.min(limit, expected.length));
        const values = numbers.values(built, 1000).map(String);
        expect(values.sort()).toEqual(expected.sort());
      }),
      { numRuns: 500, seed: 3 },
    );
    expect(numbers.cardinality(numbers.integer, 1000)).toBe(1000);
    const wide = numbers.and(
      numbers.integer,
      numbers.and(numbers.atLeast(decimal("1")), numbers.atMost(decimal("1e15"))),
    );
    expect(numbers.cardinality(wide, Infinity)).toBe(1e15);
  });

  it("gives equal sets equal ids", () => {
    const { and, or, not } = {
      and: numbers.and.bind(numbers),
      or: numbers.or.bind(numbers),
      not: numbers.not.bind(numbers),
    };
    const five = numbers.constant(decimal("5"));
    const positive = numbers.atLeast(decimal("0"), true);
    expect(numbers.constant(decimal("5.00"))).toBe(five);
    expect(not(not(five))).toBe(five);
    expect(or(positive, not(positive))).toBe(numbers.all);
    expect(or(numbers.integer, not(numbers.integer))).toBe(numbers.all);
    expect(and(numbers.integer, not(numbers.integer))).toBe(numbers.none);
    expect(and(numbers.integer, five)).toBe(five);
    expect(or(five, and(numbers.integer, not(five)))).toBe(numbers.integer);
    expect(and(numbers.multipleOf(decimal("4")), numbers.multipleOf(decimal("6")))).toBe(
      numbers.multipleOf(decimal("12")),
    );
    expect(and(numbers.integer, numbers.atLeast(decimal("0.5")))).toBe(
      and(numbers.integer, numbers.atLeast(decimal("0"), true)),
    );
    const digits = Array.from({ length: 10 }, (_, digit) => numbers.constant(Decimal.of(BigInt(digit), 0)));
    expect(numbers.orAll(digits)).toBe(
      and(numbers.integer, and(numbers.atLeast(decimal("0")), numbers.atMost(decimal("9")))),
    );
    expect(digits.reduce(or)).toBe(numbers.orAll(digits));
    expect(numbers.toString(and(not(five), numbers.multipleOf(decimal("0.5"))))).toBe("(,4.5] %0.5 | [5.5,) %0.5");
  });

  it("handles long lists of constants", () => {
    const constants = Array.from({ length: 1500 }, (_, i) => numbers.constant(Decimal.of(BigInt(3 * i), -1)));
    const list = numbers.orAll(constants);
    expect(numbers.cardinality(list, 10_000)).toBe(1500);
    expect(numbers.not(numbers.not(list))).toBe(list);
  });

  it("names the limit it stops at", () => {
    const tight = new NumberAlgebra(new TermArena(), { maxNumberAlternatives: 3, maxNumberStates: 10 });
    const constants = [1, 3, 5, 7, 9].map((value) => tight.constant(Decimal.of(BigInt(value), 0)));
    expect(() => tight.orAll(constants)).toThrow(
      expect.objectContaining({ name: "LimitExceededError", limit: "maxNumberAlternatives", allowed: 3, needed: 5 }),
    );
    expect(() => tight.shortest(tight.atLeast(decimal("98765432109876543210")))).toThrow(LimitExceededError);
  });
});

describe("shortest", () => {
  /** All texts of up to four bytes, nicest first. */
  const candidates: string[] = [];
  const pending = [""];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    if (/[0-9]$/.test(text)) candidates.push(text);
    if (text.length < 4) for (const symbol of "0123456789.e-") pending.push(text + symbol);
  }
  const texts = candidates.filter((text) => /^-?(0|[1-9][0-9]*)(\.[0-9]+)?(e-?[0-9]+)?$/.test(text));
  const magnitude = (text: string): number => Math.abs(Number(text));
  texts.sort(
    (a, b) =>
      a.length - b.length ||
      Number(a.startsWith("-")) - Number(b.startsWith("-")) ||
      magnitude(a) - magnitude(b) ||
      (a < b ? -1 : 1),
  );

  it("is the first of all texts by length, then sign, then magnitude", () => {
    fc.assert(
      fc.property(anySetCase, (set) => {
        const built = build(numbers, set);
        const expected = texts.find((text) => isText(built, text));
        const shortest = numbers.shortest(built);
        if (expected !== undefined) expect(shortest).toBe(expected);
        else expect(shortest === undefined || (shortest.length > 4 && isText(built, shortest))).toBe(true);
        expect(shortest === undefined).toBe(numbers.isEmpty(built));
      }),
      { numRuns: 150, seed: 8 },
    );
  });

  it.each([
    [[">=", "1e308"], "1e308"],
    [["<=", "-98765432109876543210"], "-1e20"],
    [[">", "0.5"], "1"],
    [
      ["=", "12345678910111213141516171819202122232425262728293031"],
      "12345678910111213141516171819202122232425262728293031",
    ],
    [["=", "0.00000012"], "1.2e-7"],
    [["=", "1e15"], "1e15"],
    [["%", "7"], "0"],
  ] as const)("of %j is %s", ([operator, text], expected) => {
    const value = decimal(text);
    const set =
      operator === "="
        ? numbers.constant(value)
        : operator === "%"
          ? numbers.multipleOf(value)
          : operator === "<="
            ? numbers.atMost(value)
            : numbers.atLeast(value, operator === ">");
    expect(numbers.shortest(set)).toBe(expected);
  });
});
