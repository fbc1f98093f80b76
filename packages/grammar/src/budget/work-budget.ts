import { AbortedError } from "../errors/aborted-error.ts";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { allSteps, type Steps } from "./steps.ts";

export interface WorkBudgetOptions {
  /** The option's name, as errors print it. */
  readonly name: string;
  /** Steps allowed. */
  readonly limit: number;
  readonly signal?: AbortSignal | undefined;
  readonly place?: string | undefined;
}

/** Counts the steps of one construction; ends it with a typed error at the limit or when the signal fires. */
export class WorkBudget {
  readonly name: string;
  readonly limit: number;
  place: string | undefined;
  spent = 0;
  readonly #signal: AbortSignal | undefined;

  constructor(options: WorkBudgetOptions) {
    this.name = options.name;
    this.limit = options.limit;
    this.place = options.place;
    this.#signal = options.signal;
  }

  /**
   * Takes `steps` from the budget.
   * @throws LimitExceededError when the limit is passed.
   * @throws AbortedError when the signal has fired (looked at every 1,024 steps).
   */
  spend(steps = 1): void {
    const before = this.spent;
    this.spent = before + steps;
    if (this.spent > this.limit) {
      throw new LimitExceededError({
        message: `The work exceeds ${this.name} (${this.limit})${this.place === undefined ? "" : ` at ${this.place}`}.`,
        limit: this.name,
        allowed: this.limit,
        place: this.place,
        hint: `Raise ${this.name}, or simplify the input.`,
      });
    }
    if (before >>> 10 !== this.spent >>> 10) AbortedError.throwIfAborted(this.#signal);
  }

  /**
   * Does work in steps. A budget that interrupts may do so between the steps, and keeps those that were done: when the same work is
   * asked for again, it goes on with the next.
   * @param _work what stands for the work: the same for no other
   */
  run<Result>(_work: unknown, begin: () => Steps<Result>): Result {
    return allSteps(begin());
  }
}
