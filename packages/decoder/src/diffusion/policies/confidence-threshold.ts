import { InvalidInputError } from "@espalier/grammar";
import type { UnmaskingPolicy } from "./unmasking-policy.ts";

export interface ConfidenceThresholdOptions {
  /** The least probability with which a position is committed. @defaultValue 0.9 */
  readonly threshold?: number | undefined;
}

/**
 * Commits, at each step, all positions that are sure enough; the surest one when none is. Where the model is sure of several
 * positions, taking them one by one gives the same result (Fast-dLLM, Wu et al., 2025).
 * @throws InvalidInputError when `threshold` is not in (0, 1]
 */
export function confidenceThreshold(options: ConfidenceThresholdOptions = {}): UnmaskingPolicy {
  const { threshold = 0.9 } = options;
  if (!(threshold > 0 && threshold <= 1)) {
    throw new InvalidInputError({
      message: `threshold (${threshold}) must be a number above 0 and at most 1.`,
      place: "threshold",
    });
  }
  return {
    name: `confidence threshold (${threshold})`,
    choose: ({ probabilities }) => [...probabilities.keys()].filter((index) => probabilities[index] >= threshold),
  };
}
