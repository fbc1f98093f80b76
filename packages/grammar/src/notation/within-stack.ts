import { LimitExceededError } from "../errors/limit-exceeded-error.ts";

/** Runs what recurses over expressions, and answers a full call stack with a typed error. */
export function withinStack<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof RangeError) || !error.message.includes("call stack")) throw error;
    throw new LimitExceededError({
      message: "The expressions of the grammar nest deeper than the call stack allows.",
      limit: "maxNesting",
      allowed: 200,
      cause: error,
      hint: "Give the inner groups rules of their own.",
    });
  }
}
