/**
 * Work in steps. Between two of them it may be left for later ({@link WorkBudget.run}), but not within one, so that each should be short.
 * A step may hand out a part of the work (see {@link part}), which may be left for later in its middle.
 */
export type Steps<Result> = Generator<(() => unknown) | undefined, Result, unknown>;

/** Hands out a part of the work: `yield* part(() => …)` is its result. An interrupted part is begun again, and the steps before it are not. */
export function* part<Result>(work: () => Result): Steps<Result> {
  return (yield work) as Result;
}

/** Does all steps at once. */
export function allSteps<Result>(steps: Steps<Result>): Result {
  let result: unknown;
  for (;;) {
    const step = steps.next(result);
    if (step.done === true) return step.value;
    result = step.value?.();
  }
}
