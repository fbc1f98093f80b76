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
  it.each<[string, SetCase, number]>([
    ["minimum: 0", between("0", undefined), 19],
    ["minimum: 1", between("1", undefined), 16],
    ["integer, minimum: 0", between("0", undefined, "1"), 17],
    ["integer, minimum: 1", between("1", undefined, "1"), 14],
    ["integer from 0 to 100", between("0", "100", "1"), 22],
    ["integer from 1 to 5", between("1", "5", "1"), 8],
    ["integer from 1 to 65535", between("1", "65535", "1"), 25],
    ["from 0 to 1", between("0", "1"), 26],
    ["from 0 to 100", between("0", "100"), 31],
    ["from -90 to 90", between("-90", "90"), 28],
    ["multipleOf: 5", between(undefined, undefined, "5"), 23],
    ["multipleOf: 100", between(undefined, undefined, "100"), 19],
    ["multipleOf: 0.01 from 0 to 1000", between("0", "1000", "0.01"), 65],
    ["const: 42", { kind: "constant", value: "42" }, 5],
    ["maximum: 1e308", between("-1e308", "1e308"), 644],
  ])("%s", (_, set, expected) => {
    expect(countStates(set, 5_000)).toBe(expected);
  });
});
