import { InvalidInputError } from "@espalier/grammar";
import { surestFirst } from "./surest-first.ts";
import type { UnmaskingPolicy } from "./unmasking-policy.ts";

export interface FixedScheduleOptions {
  /** Positions committed at each step, the surest first. @defaultValue 1 */
  readonly tokensPerStep?: number | undefined;
}

/**
 * Commits the same number of positions at each step, the surest first: the schedule of LLaDA's low-confidence remasking.
 * @throws InvalidInputError when `tokensPerStep` is no count above 0
 */
export function fixedSchedule(options: FixedScheduleOptions = {}): UnmaskingPolicy {
  const { tokensPerStep = 1 } = options;
  if (!Number.isInteger(tokensPerStep) || tokensPerStep < 1) {
    throw new InvalidInputError({
      message: `tokensPerStep (${tokensPerStep}) must be an integer, at least 1.`,
      place: "tokensPerStep",
    });
  }
  return {
    name: `fixed schedule (${tokensPerStep} a step)`,
    choose: ({ probabilities }) => surestFirst(probabilities).slice(0, tokensPerStep),
  };
}
