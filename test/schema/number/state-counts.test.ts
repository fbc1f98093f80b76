import { TermArena } from "@espalier/grammar";
import { describe, expect, it } from "vitest";
import { NumberMachine } from "../../../packages/schema/src/number/number-machine.ts";
import { NumberAlgebra } from "../../../packages/schema/src/number/number-set.ts";
import { build, type SetCase } from "./number-cases.ts";

const between = (low: string | undefined, high: string | undefined, step?: string): SetCase => ({
  kind: "and",
  parts: [
    ...(low === undefined ? [] : [{ kind: "atLeast", bound: low, exclusive: false } as const]),
    ...(high === undefined ? [] : [{ kind: "atMost", bound: high, exclusive: false } as const]),
    ...(step === undefined ? [] : [{ kind: "multipleOf", value: step } as const]),
  ],
});

/** All states of an automaton that has no more than `limit`. */
function countStates(set: SetCase, limit: number): number {
  const numbers = new NumberAlgebra(new TermArena());
  const [conjunction] = build(numbers, set).alternatives;
  const machine = new NumberMachine(conjunction, limit);
  const states = new Set([NumberMachine.start]);
  for (const state of states) {
    for (let byte = 0; byte < 256; byte++) {
      const to = machine.next(state, byte);
      if (to >= 0) states.add(to);
    }
  }
  expect(machine.stateCount).toBe(states.size);
  return states.size;
}

describe("the states of common sets", () => {
  // Where there is no bound, each digit before the point counts up to the 308 that a double can hold.
  it.each<[string, SetCase, number]>([
    ["minimum: 0", between("0", undefined), 329],
    ["minimum: 1", between("1", undefined), 323],
    ["integer, minimum: 0", between("0", undefined, "1"), 324],
    ["integer, minimum: 1", between("1", undefined, "1"), 321],
    ["integer from 0 to 100", between("0", "100", "1"), 22],
    ["integer from 1 to 5", between("1", "5", "1"), 8],
    ["integer from 1 to 65535", between("1", "65535", "1"), 25],
    ["from 0 to 1", between("0", "1"), 26],
    ["from 0 to 100", between("0", "100"), 31],
    ["from -90 to 90", between("-90", "90"), 28],
    ["multipleOf: 5", between(undefined, undefined, "5"), 635],
    ["multipleOf: 100", between(undefined, undefined, "100"), 934],
    ["multipleOf: 0.01 from 0 to 1000", between("0", "1000", "0.01"), 65],
    ["const: 42", { kind: "constant", value: "42" }, 5],
    ["maximum: 1e308", between("-1e308", "1e308"), 644],
  ])("%s", (_, set, expected) => {
    expect(countStates(set, 5_000)).toBe(expected);
  });
});

describe("states that short texts cannot tell apart", () => {
  it.each<[string, SetCase, number]>([
    ["minimum: 0", between("0", undefined), 8],
    ["integer, minimum: 1000", between("1000", undefined, "1"), 16],
    ["multipleOf: 5", between(undefined, undefined, "5"), 24],
    ["multipleOf: 0.3", between(undefined, undefined, "0.3"), 24],
    ["multipleOf: 70 from 12345", between("12345", undefined, "70"), 160],
  ])("%s", (_, set, most) => {
    const numbers = new NumberAlgebra(new TermArena());
    const machine = new NumberMachine(build(numbers, set).alternatives[0], 10_000);
    const step = (state: number, text: string): number =>
      [...text].reduce((at, symbol) => (at < 0 ? at : machine.next(at, symbol.charCodeAt(0))), state);
    const agree = (a: number, b: number, length: number): boolean => {
      if (a < 0 || b < 0) return a === b;
      if (machine.accepts(a) !== machine.accepts(b)) return false;
      return (
        length === 0 || [..."0123456789.eE+-"].every((symbol) => agree(step(a, symbol), step(b, symbol), length - 1))
      );
    };
    const byteCount = 3;
    const seen = new Set<number>();
    for (let count = 1; count <= 310; count++) {
      for (const text of ["1234567".repeat(45).slice(0, count), "9".repeat(count), `1${"0".repeat(count)}`]) {
        const state = step(NumberMachine.start, text);
        if (state < 0) continue;
        const other = machine.representative(state, byteCount);
        if (other !== state && !seen.has(state)) expect(agree(state, other, byteCount)).toBe(true);
        seen.add(state);
        if (count > 8 && count < 300) expect(machine.representative(other, byteCount)).toBe(other);
      }
    }
    const representatives = new Set([...seen].map((state) => machine.representative(state, byteCount)));
    expect(representatives.size).toBeLessThan(most);
    expect(seen.size).toBeGreaterThan(250);
  });
});
