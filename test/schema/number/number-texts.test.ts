import { TermArena } from "@espalier/grammar";
import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../packages/schema/src/number/decimal.ts";
import { leastCommonMultiple } from "../../../packages/schema/src/number/multiples.ts";
import { NumberMachine } from "../../../packages/schema/src/number/number-machine.ts";
import { NumberAlgebra } from "../../../packages/schema/src/number/number-set.ts";
import { anyNumberText, anySetCase, build, holds, isText, type SetCase } from "./number-cases.ts";

/** Every text over few digits in one of the notations, short enough to go through all of them. */
function shortTexts(digits: string, maxLength: number): string[] {
  const found: string[] = [];
  const prefix = /^-?((0|[1-9][0-9]*)(\.[0-9]*([eE][+-]?[0-9]*)?|[eE][+-]?[0-9]*)?)?$/;
  const pending = [""];
  for (let text = pending.pop(); text !== undefined; text = pending.pop()) {
    if (/[0-9]$/.test(text)) found.push(text);
    if (text.length === maxLength) continue;
    for (const symbol of `${digits}.e+-`) {
      const longer = text + symbol;
      if (prefix.test(longer) && !/\.e/.test(longer)) pending.push(longer);
    }
  }
  return found;
}

describe("the texts of a set", () => {
  it("are those of the documented notations whose value is in the set", () => {
    const arena = new TermArena();
    const numbers = new NumberAlgebra(arena);
    fc.assert(
      fc.property(anySetCase, fc.array(anyNumberText, { minLength: 40, maxLength: 80 }), (set, texts) => {
        const built = build(numbers, set);
        const term = numbers.term(built);
        const wrong = texts.filter((text) => {
          const expected = isText(built, text);
          return arena.acceptsText(term, text) !== expected || (expected && !holds(set, text));
        });
        expect(wrong).toEqual([]);
      }),
      { numRuns: 500, seed: 4 },
    );
  });

  it.each<[string, number]>([
    ["015", 6],
    ["0129", 5],
    ["0123456789", 3],
  ])("are right on every text over %s of up to %i bytes", (digits, maxLength) => {
    const arena = new TermArena();
    const numbers = new NumberAlgebra(arena);
    const texts = shortTexts(digits, maxLength);
    fc.assert(
      fc.property(anySetCase, (set) => {
        const built = build(numbers, set);
        const term = numbers.term(built);
        const wrong = texts.filter((text) => arena.acceptsText(term, text) !== isText(built, text));
        expect(wrong).toEqual([]);
      }),
      { numRuns: 20, seed: 7 },
    );
  });

  it("hold every value of the set in plain notation", () => {
    const arena = new TermArena();
    const numbers = new NumberAlgebra(arena);
    fc.assert(
      fc.property(
        anySetCase,
        fc.integer({ min: -9999, max: 9999 }),
        fc.integer({ min: 0, max: 4 }),
        (set, top, places) => {
          const value = Decimal.of(BigInt(top), -places);
          const text = (top / 10 ** places).toFixed(places);
          const term = numbers.term(build(numbers, set));
          expect(value.equals(Decimal.parse(text))).toBe(true);
          expect(arena.acceptsText(term, text)).toBe(holds(set, text));
        },
      ),
      { numRuns: 1000, seed: 5 },
    );
  });
});

describe("ajv", () => {
  it("accepts the same numbers where doubles are exact", () => {
    const arena = new TermArena();
    const numbers = new NumberAlgebra(arena);
    const ajv = new Ajv();
    const eighths = fc.integer({ min: -400, max: 400 }).map((count) => count / 8);
    const bounds = fc.record(
      {
        minimum: eighths,
        exclusiveMinimum: eighths,
        maximum: eighths,
        exclusiveMaximum: eighths,
        multipleOf: fc.integer({ min: 1, max: 40 }).map((count) => count / 8),
      },
      { requiredKeys: [] },
    );
    const ways = {
      minimum: (value: Decimal) => numbers.atLeast(value),
      exclusiveMinimum: (value: Decimal) => numbers.atLeast(value, true),
      maximum: (value: Decimal) => numbers.atMost(value),
      exclusiveMaximum: (value: Decimal) => numbers.atMost(value, true),
      multipleOf: (value: Decimal) => numbers.multipleOf(value),
    };
    fc.assert(
      fc.property(bounds, fc.boolean(), fc.array(eighths, { minLength: 50 }), (schema, negated, values) => {
        let set = numbers.all;
        for (const [keyword, value] of Object.entries(schema)) {
          set = numbers.and(set, ways[keyword as keyof typeof ways](Decimal.fromNumber(value)));
        }
        if (negated) set = numbers.not(set);
        const validate = ajv.compile({ type: "number", ...(negated ? { not: schema } : schema) });
        const term = numbers.term(set);
        const wrong = values.filter((value) => validate(value) !== arena.acceptsText(term, JSON.stringify(value)));
        expect(wrong).toEqual([]);
      }),
      { numRuns: 150, seed: 6 },
    );
  });
});

describe("the automaton of a conjunction", () => {
  /** From each of the states nearest to the start, whether an accepting one can be reached. */
  function findDeadEnd(machine: NumberMachine, maxStates: number): number | undefined {
    const states = new Set<number>([NumberMachine.start]);
    const finishing = new Set<number>();
    for (const state of states) {
      if (!canFinish(machine, state, finishing)) return state;
      if (states.size < maxStates) for (const to of successors(machine, state)) states.add(to);
    }
    return undefined;
  }

  function canFinish(machine: NumberMachine, start: number, finishing: Set<number>): boolean {
    const seen = new Set([start]);
    for (const state of seen) {
      if (machine.accepts(state) || finishing.has(state)) {
        finishing.add(start);
        return true;
      }
      for (const to of successors(machine, state)) seen.add(to);
      if (seen.size > 20_000) throw new Error(`too many states from ${machine.describe(start)}`);
    }
    return false;
  }

  function successors(machine: NumberMachine, state: number): number[] {
    return [..."0123456789.e+-"].map((symbol) => machine.next(state, symbol.charCodeAt(0))).filter((to) => to >= 0);
  }

  const numbers = new NumberAlgebra(new TermArena());

  it("has no dead ends", () => {
    fc.assert(
      fc.property(anySetCase, (set) => {
        for (const conjunction of build(numbers, set).alternatives) {
          // Between far multiples there are too many states to search: see the next test.
          const { multipleOf = Decimal.one, notMultipleOf } = conjunction;
          if (notMultipleOf.reduce(leastCommonMultiple, multipleOf).coefficient > 200n) continue;
          const machine = new NumberMachine(conjunction, 100_000);
          const deadEnd = findDeadEnd(machine, 150);
          expect(deadEnd === undefined ? "none" : machine.describe(deadEnd)).toBe("none");
        }
      }),
      { numRuns: 250, seed: 9, endOnFailure: true },
    );
  });

  it("lets a prefix live exactly if a multiple begins with it", () => {
    const large = fc.bigInt({ min: 1n, max: 10n ** 12n });
    fc.assert(
      fc.property(
        large,
        fc.bigInt({ min: 0n, max: 10n ** 20n }),
        fc.array(large, { minLength: 20 }),
        (step, limit, prefixes) => {
          const bounded = numbers.and(
            numbers.multipleOf(Decimal.of(step, 0)),
            numbers.and(numbers.atMost(Decimal.of(limit, 0)), numbers.atLeast(Decimal.of(-limit, 0))),
          );
          const machine = new NumberMachine(bounded.alternatives[0], 100_000);
          const after = (text: string): number =>
            [...text].reduce((state, digit) => (state < 0 ? state : machine.next(state, digit.charCodeAt(0))), 0);
          for (const prefix of prefixes) {
            let witness: string | undefined;
            for (let low = prefix, high = prefix + 1n; low <= limit && witness === undefined; low *= 10n, high *= 10n) {
              const multiple = ((low + step - 1n) / step) * step;
              if (multiple < high && multiple <= limit) witness = `${multiple}`;
            }
            expect(after(`${prefix}`) >= 0).toBe(witness !== undefined);
            if (witness !== undefined) expect(machine.accepts(after(witness))).toBe(true);
          }
        },
      ),
      { numRuns: 200, seed: 3 },
    );
  });

  const both = (...parts: SetCase[]): SetCase => ({ kind: "and", parts });
  const atLeast = (bound: string, exclusive = false): SetCase => ({ kind: "atLeast", bound, exclusive });
  const atMost = (bound: string, exclusive = false): SetCase => ({ kind: "atMost", bound, exclusive });
  const multipleOf = (value: string): SetCase => ({ kind: "multipleOf", value });
  const not = (part: SetCase): SetCase => ({ kind: "not", part });

  it.each<[string, SetCase, string[], string[]]>([
    [
      "a digit beyond doubles",
      atMost("12345678910111213141516171819202122232425262728293031"),
      [
        "12345678910111213141516171819202122232425262728293031",
        "1.2345678910111213141516171819202122232425262728293031e52",
        "-9.9e307",
        `-${"9".repeat(308)}`,
      ],
      ["12345678910111213141516171819202122232425262728293032", "1.3e52", "-1e308", "-1e9999", `-1${"0".repeat(308)}`],
    ],
    [
      "numbers from the end of doubles on",
      atLeast("1e308"),
      ["1e308", "1E+0308", "1.0e308", "1.7976931348623157e308", `1${"0".repeat(308)}`],
      ["9e307", "1e309", "1.7976931348623158e308", "2e999"],
    ],
    [
      "multiples of 0.0001",
      multipleOf("0.0001"),
      ["0.0075", "7.5e-3", "1.2345e1", "12.34560"],
      ["0.00751", "7.51e-3", "1.23456"],
    ],
    [
      "multiples of a long decimal",
      multipleOf("0.123456789"),
      ["0.123456789", "0.246913578", "1.23456789e-1", "1.23456789", "0"],
      ["0.12345678", "0.123456788", "1.23456788"],
    ],
    [
      "a short range of 20 digits",
      both(atLeast("98765432109876543210"), atMost("98765432109876543212", true)),
      ["98765432109876543210", "98765432109876543211.999", "9.8765432109876543211e19"],
      ["98765432109876543212", "98765432109876543209.9"],
    ],
    [
      "a fine grid",
      both(multipleOf("1e-300"), atLeast("0", true), atMost("3e-300")),
      ["1e-300", "2e-300", "3.0e-300"],
      ["4e-300", "1.5e-300", "0"],
    ],
    [
      "a coarse grid",
      both(multipleOf("1e300"), atMost("5e300"), atLeast("1")),
      ["1e300", "5e300", `3${"0".repeat(300)}`],
      ["6e300", "0", "1.5e300"],
    ],
    [
      "a coarse grid without end",
      multipleOf("7e250"),
      ["0", "-0", "7e250", "7e251", `49${"0".repeat(250)}`],
      ["1e250", "4.9e251", "7e249"],
    ],
    ["not a multiple of 1e-5", not(multipleOf("1e-5")), ["0.000001", "1e-6", "1.000001"], ["1", "1e-5", "0.5"]],
    [
      "a tiny open interval",
      both(atLeast("0", true), atMost("1e-320", true)),
      ["9e-321", "5e-324"],
      ["1e-320", "0", "1.5e-9999"],
    ],
    [
      "a constant of many digits",
      { kind: "constant", value: "0.1234567890123456789012345678901234567890" },
      ["0.123456789012345678901234567890123456789", "1.23456789012345678901234567890123456789e-1"],
      ["0.1234567890123456789012345678901234567"],
    ],
    [
      "a magnitude far from any other",
      both(multipleOf("3e-9000"), atMost("1e9000"), atLeast("1")),
      ["3", "1.2e9"],
      ["1e9001", "0"],
    ],
  ])("copes with %s", (_, set, members, others) => {
    const arena = new TermArena();
    const algebra = new NumberAlgebra(arena);
    const built = build(algebra, set);
    const term = algebra.term(built);
    expect(members.filter((text) => !arena.acceptsText(term, text))).toEqual([]);
    expect(others.filter((text) => arena.acceptsText(term, text))).toEqual([]);
    for (const conjunction of built.alternatives) {
      if ((conjunction.multipleOf?.coefficient ?? 1n) > 1000n) continue;
      expect(findDeadEnd(new NumberMachine(conjunction, 100_000), 40)).toBeUndefined();
    }
  });
});
