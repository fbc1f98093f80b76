import { confidenceThreshold, earlyCommit, fixedSchedule, type UnmaskingStep } from "@espalier/decoder";
import { expect, test } from "vitest";

function step(probabilities: readonly number[], others: Partial<UnmaskingStep> = {}): UnmaskingStep {
  return {
    positions: Int32Array.from(probabilities, (_, index) => 10 + index),
    probabilities: Float64Array.from(probabilities),
    gaps: Float64Array.from(probabilities, () => 0),
    step: 0,
    blockLength: 8,
    committed: 8 - probabilities.length,
    ...others,
  };
}

test("a fixed schedule takes the surest, the first among equals", () => {
  expect([...fixedSchedule().choose(step([0.2, 0.9, 0.9]))]).toEqual([1]);
  expect([...fixedSchedule({ tokensPerStep: 2 }).choose(step([0.5, 0.2, 0.9]))]).toEqual([2, 0]);
  expect([...fixedSchedule({ tokensPerStep: 9 }).choose(step([0.5, 0.2]))]).toEqual([0, 1]);
  expect(() => fixedSchedule({ tokensPerStep: 0 })).toThrow("tokensPerStep (0) must be an integer, at least 1.");
});

test("a threshold takes all that are sure enough", () => {
  expect([...confidenceThreshold().choose(step([0.95, 0.2, 0.9]))]).toEqual([0, 2]);
  expect([...confidenceThreshold({ threshold: 0.99 }).choose(step([0.95]))]).toEqual([]);
  expect(() => confidenceThreshold({ threshold: 0 })).toThrow("threshold (0) must be a number above 0 and at most 1.");
});

test("early commit waits for the mean gap, which it asks less of the further it is", () => {
  const policy = earlyCommit();
  const gaps = (gap: number, count: number): UnmaskingStep =>
    step(Array<number>(count).fill(0.5), { gaps: new Float64Array(count).fill(gap) });
  expect([...policy.choose(gaps(7, 8))]).toEqual([0]);
  expect([...policy.choose(gaps(8, 8))]).toHaveLength(8);
  expect([...policy.choose(gaps(4, 4))]).toEqual([0]);
  expect([...policy.choose(gaps(6, 4))]).toHaveLength(4);
  expect([...policy.choose(gaps(3, 1))]).toHaveLength(1);
  expect(() => earlyCommit({ stages: [] })).toThrow("stages must hold at least one stage");
  expect(() =>
    earlyCommit({
      stages: [
        { from: 0.5, gap: 1 },
        { from: 0.2, gap: 1 },
      ],
    }),
  ).toThrow("stages must hold");
});
