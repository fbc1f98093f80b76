import { InvalidInputError, LimitExceededError } from "@espalier/grammar";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../packages/schema/src/number/decimal.ts";
import {
  ceilQuotient,
  floorQuotient,
  greatestCommonDivisor,
  isMultipleOf,
  leastCommonMultiple,
  lowestMultiplyingPower,
} from "../../../packages/schema/src/number/multiples.ts";

const small = fc.tuple(fc.integer({ min: -5000, max: 5000 }), fc.integer({ min: -6, max: 6 }));
const positive = fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: -4, max: 4 }));
const of = ([top, exponent]: [number, number]): Decimal => Decimal.of(BigInt(top), exponent);
/** The value in units of 10^-6, exactly. */
const millionths = ([top, exponent]: [number, number]): bigint => BigInt(top) * 10n ** BigInt(exponent + 6);

describe("Decimal", () => {
  it.each([
    ["1", "1.0", "1e0", "10e-1", "0.1E+1", "1.000e-000"],
    ["0", "-0", "0.00", "0e99999999999999999999", "-0E-7"],
    ["1200", "1.2e3", "12e2", "1200.0"],
    ["-1.5e+300", "-15e299", "-0.15e301"],
  ])("reads %s in all its spellings", (...spellings) => {
    for (const text of spellings) expect(Decimal.parse(text)).toEqual(Decimal.parse(spellings[0]));
  });

  it.each(["", "01", "1.", ".5", "+1", "1e", "0x1", " 1", "NaN", "--1", "1e1.5"])("refuses %j", (text) => {
    expect(() => Decimal.parse(text)).toThrow(InvalidInputError);
  });

  it.each(["1e99999", "1e-99999", "1e999999999999999999999", `1${"0".repeat(50_000)}`])("limits digits: %s", (text) => {
    expect(() => Decimal.parse(text)).toThrow(LimitExceededError);
  });

  it("takes JavaScript's numbers as they are printed", () => {
    fc.assert(
      fc.property(fc.double({ noDefaultInfinity: true, noNaN: true }), (value) => {
        const exact = Decimal.fromNumber(value);
        expect(exact).toEqual(Decimal.parse(JSON.stringify(value)));
        expect(Number(exact.toString())).toBe(value === 0 ? 0 : value);
      }),
    );
    expect(Decimal.fromNumber(0.1).toString()).toBe("0.1");
    expect(() => Decimal.fromNumber(Infinity)).toThrow(InvalidInputError);
  });

  it.each([
    ["1000", "1e3"],
    ["1100", "1100"],
    ["100", "100"],
    ["0.001", "1e-3"],
    ["0.01", "0.01"],
    ["-123450", "-123450"],
    ["12345e10", "1.2345e14"],
    ["0.00012", "1.2e-4"],
  ])("prints %s as %s", (text, printed) => {
    expect(Decimal.parse(text).toString()).toBe(printed);
  });

  it("compares, adds and negates exactly, and reads what it prints", () => {
    fc.assert(
      fc.property(small, small, (a, b) => {
        const difference = millionths(a) - millionths(b);
        expect(Math.sign(of(a).compare(of(b)))).toBe(difference < 0n ? -1 : difference > 0n ? 1 : 0);
        expect(of(a).equals(of(b))).toBe(difference === 0n);
        expect(of(a).plus(of(b).negate())).toEqual(Decimal.of(difference, -6));
        expect(Decimal.parse(of(a).toString())).toEqual(of(a));
      }),
      { numRuns: 1000 },
    );
  });

  it("divides with exact quotients", () => {
    fc.assert(
      fc.property(small, positive, (a, unit) => {
        const floor = floorQuotient(of(a), of(unit));
        expect(floor * millionths(unit) <= millionths(a)).toBe(true);
        expect((floor + 1n) * millionths(unit) > millionths(a)).toBe(true);
        const whole = millionths(a) % millionths(unit) === 0n;
        expect(isMultipleOf(of(a), of(unit))).toBe(whole);
        expect(ceilQuotient(of(a), of(unit))).toBe(whole ? floor : floor + 1n);
      }),
      { numRuns: 1000 },
    );
  });

  it("finds common divisors and multiples", () => {
    fc.assert(
      fc.property(positive, positive, (a, b) => {
        const multiple = leastCommonMultiple(of(a), of(b));
        const divisor = greatestCommonDivisor(of(a), of(b));
        expect(isMultipleOf(multiple, of(a)) && isMultipleOf(multiple, of(b))).toBe(true);
        expect(isMultipleOf(of(a), divisor) && isMultipleOf(of(b), divisor)).toBe(true);
        // The least and the greatest: their product is that of the two numbers.
        expect(multiple.times(divisor.coefficient).coefficient).toBe(of(a).times(of(b).coefficient).coefficient);
      }),
    );
    expect(leastCommonMultiple(Decimal.parse("0.0075"), Decimal.parse("0.0001")).toString()).toBe("0.0075");
  });

  it("finds the least power of ten that makes a multiple", () => {
    fc.assert(
      fc.property(positive, positive, (value, unit) => {
        let expected: number | undefined;
        for (let power = 24; power >= -24; power--) {
          if (isMultipleOf(Decimal.of(BigInt(value[0]), value[1] + power), of(unit))) expected = power;
        }
        expect(lowestMultiplyingPower(of(value), of(unit))).toBe(expected);
      }),
      { numRuns: 500 },
    );
  });
});
