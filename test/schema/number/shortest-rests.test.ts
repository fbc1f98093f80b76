import { TermArena } from "@espalier/grammar";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { NumberMachine } from "../../../packages/schema/src/number/number-machine.ts";
import { NumberAlgebra } from "../../../packages/schema/src/number/number-set.ts";
import { algebra, anySetCase, build, decimal } from "./number-cases.ts";

const BYTES = [..."0123456789.eE+-"].map((symbol) => symbol.charCodeAt(0));

const stateAfter = (machine: NumberMachine, text: string): number =>
  [...text].reduce((at, symbol) => (at < 0 ? at : machine.next(at, symbol.charCodeAt(0))), NumberMachine.start);

/** Bytes to the nearest accepting state, by a search through all others; undefined beyond `limit` states. */
function distance(machine: NumberMachine, start: number, limit: number): number | undefined {
  const seen = new Map([[start, 0]]);
  for (const [state, length] of seen) {
    if (machine.accepts(state)) return length;
    if (seen.size > limit) return undefined;
    for (const byte of BYTES) {
      const to = machine.next(state, byte);
      if (to >= 0 && !seen.has(to)) seen.set(to, length + 1);
    }
  }
  throw new Error("a live state that never ends");
}

describe("a shortest rest", () => {
  const numbers = algebra();

  it("is as long as the way that a search finds, and each is accepted", () => {
    let compared = 0;
    fc.assert(
      fc.property(anySetCase, fc.stringMatching(/^-?(0|[1-9][0-9]{0,5})(\.[0-9]{0,4})?$/), (set, prefix) => {
        for (const conjunction of build(numbers, set).alternatives) {
          const machine = new NumberMachine(conjunction, 100_000);
          const state = stateAfter(machine, prefix);
          const rests = state < 0 ? undefined : machine.shortestRests(state);
          if (rests === undefined) continue;
          const expected = distance(machine, state, 3_000);
          if (expected !== undefined) compared++;
          for (const rest of rests) {
            if (expected !== undefined) expect(rest.length).toBe(expected);
            expect(machine.accepts(stateAfter(machine, prefix + rest))).toBe(true);
          }
        }
      }),
      { numRuns: 400, seed: 5 },
    );
    expect(compared).toBeGreaterThan(50);
  });

  it.each<[string, string, string[]]>([
    ["%7", "10", ["5"]],
    ["%12012", "123", ["7236"]],
    ["%0.7", "10", ["5"]],
    ["%0.07", "100.1", [""]],
    ["%0.07", "100.0", ["3"]],
    ["=100.1", "10", ["0.1"]],
    ["=100.1", "100", [".1"]],
    ["=1.5e-20", "1.", ["5e-20"]],
    ["=1.5", "1.", ["5"]],
    ["=0.1000003", "1.0", ["00003e-1"]],
  ])("of %s after %s", (source, prefix, expected) => {
    const value = decimal(source.slice(1));
    const set = source.startsWith("%") ? numbers.multipleOf(value) : numbers.constant(value);
    const machine = new NumberMachine(set.alternatives[0], 1_000);
    expect(machine.shortestRests(stateAfter(machine, prefix))).toEqual(expected);
  });

  it("takes no state of the machine", () => {
    const set = numbers.and(numbers.multipleOf(decimal("4004")), numbers.not(numbers.multipleOf(decimal("12012"))));
    const machine = new NumberMachine(set.alternatives[0], 1_000);
    const prefix = "98765432109876";
    const state = stateAfter(machine, prefix);
    const before = machine.stateCount;
    const [rest] = machine.shortestRests(state)!;
    expect(machine.stateCount).toBe(before);
    const value = BigInt(prefix + rest);
    expect(value % 4004n === 0n && value % 12012n !== 0n).toBe(true);
    // No shorter rest makes one, and no lesser one of that length does.
    for (let length = 0; length <= rest.length; length++) {
      const first = BigInt(prefix) * 10n ** BigInt(length);
      const end = length < rest.length ? first + 10n ** BigInt(length) : value;
      for (let other = first; other < end; other++) expect(other % 4004n === 0n && other % 12012n !== 0n).toBe(false);
    }
  });
});

describe("a shortest text", () => {
  it("of a set with long divisors takes few states", () => {
    const numbers = new NumberAlgebra(new TermArena(), { maxNumberStates: 500 });
    const set = numbers.and(numbers.multipleOf(decimal("0.1000003")), numbers.not(numbers.multipleOf(decimal("7"))));
    expect(numbers.shortest(set)).toBe("1000003");
  });
});

describe("digits before the point where nothing bounds them", () => {
  const arena = new TermArena();
  const numbers = new NumberAlgebra(arena);
  const longest = (divisor: string): number => {
    const term = numbers.term(numbers.multipleOf(decimal(divisor)));
    for (let zeros = 400; zeros > 0; zeros--) if (arena.acceptsText(term, divisor + "0".repeat(zeros))) return zeros;
    return 0;
  };

  // The divisor has the digits that are missing to where texts end.
  it.each([
    ["7", 307],
    ["1620", 304],
    ["4004", 120],
    ["12012", 40],
    ["1000003", 40],
  ])("multiples of %s may have %i zeros more", (divisor, zeros) => {
    expect(longest(divisor)).toBe(zeros);
  });

  it("leave room beyond a lower bound", () => {
    const set = numbers.and(numbers.multipleOf(decimal("12012")), numbers.atLeast(decimal("1e100")));
    expect(arena.acceptsText(numbers.term(set), `12012${"0".repeat(100)}`)).toBe(true);
  });
});

describe("an algebra that is full", () => {
  it("is one of which a conjunction has used a quarter of its states", () => {
    const arena = new TermArena();
    const numbers = new NumberAlgebra(arena, { maxNumberStates: 400 });
    const term = numbers.term(numbers.multipleOf(decimal("7919")));
    arena.acceptsText(term, "7919");
    expect(numbers.isFull).toBe(false);
    // Digits that nobody reads take no states.
    for (let i = 1n; i <= 10n; i++) {
      expect(arena.acceptsText(term, String(7919n * (123_456_789_012n + i * 98_765_432_101n)))).toBe(true);
    }
    expect(numbers.isFull).toBe(true);
  });
});
