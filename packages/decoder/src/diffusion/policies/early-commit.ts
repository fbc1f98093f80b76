import { InvalidInputError } from "@espalier/grammar";
import { fixedSchedule } from "./fixed-schedule.ts";
import type { UnmaskingPolicy } from "./unmasking-policy.ts";

/** From a share of the block on, the mean gap with which all that is open is committed. */
export interface EarlyCommitStage {
  /** Committed positions over positions of the block: 0 to 1. */
  readonly from: number;
  /** In natural logarithms. */
  readonly gap: number;
}

export interface EarlyCommitOptions {
  /** What decides while the gap is not wide enough. @defaultValue `fixedSchedule()` */
  readonly base?: UnmaskingPolicy | undefined;
  /** Ascending by `from`; the last one that has begun counts. @defaultValue 7.5 at first, 5 from a third on, 2.5 from two thirds on */
  readonly stages?: readonly EarlyCommitStage[] | undefined;
}

const STAGES: readonly EarlyCommitStage[] = [
  { from: 0, gap: 7.5 },
  { from: 1 / 3, gap: 5 },
  { from: 2 / 3, gap: 2.5 },
];

/**
 * Commits everything at once as soon as the proposed tokens lead the others by enough, on average over the open positions: the
 * answer is often known long before the last step (Prophet, Li et al., "Diffusion Language Models Know the Answer Before
 * Decoding", 2025). Asks for less the further the block is.
 * @throws InvalidInputError when there is no stage, or they are not in order
 */
export function earlyCommit(options: EarlyCommitOptions = {}): UnmaskingPolicy {
  const { base = fixedSchedule(), stages = STAGES } = options;
  const inOrder = stages.every(({ from, gap }, index) => {
    return from >= (stages[index - 1]?.from ?? 0) && from <= 1 && Number.isFinite(gap);
  });
  if (stages.length === 0 || !inOrder) {
    throw new InvalidInputError({
      message: "stages must hold at least one stage, in the order of their shares from 0 to 1, each with a finite gap.",
      place: "stages",
    });
  }
  return {
    name: `early commit over ${base.name}`,
    choose(step) {
      const progress = step.committed / step.blockLength;
      const stage = stages.findLast(({ from }) => progress >= from);
      const mean = step.gaps.reduce((sum, gap) => sum + gap, 0) / step.gaps.length;
      return stage !== undefined && mean >= stage.gap ? step.gaps.keys() : base.choose(step);
    },
  };
}
