import { setImmediate } from "node:timers/promises";
import { AbortedError, WorkBudget } from "@espalier/grammar";

/** Steps between two times that other work of the process gets its turn: an abort could not arrive otherwise. */
const STEPS_BETWEEN_PAUSES = 1024;

/** The steps of one draw: counted, abortable. */
export class DrawWork {
  readonly signal: AbortSignal | undefined;
  readonly #budget: WorkBudget;

  constructor(maxSteps: number, signal: AbortSignal | undefined) {
    this.signal = signal;
    this.#budget = new WorkBudget({ name: "maxSteps", limit: maxSteps, signal, place: "draw" });
  }

  /**
   * @throws LimitExceededError at the limit
   * @throws AbortedError when the signal has fired
   */
  async step(): Promise<void> {
    AbortedError.throwIfAborted(this.signal);
    this.#budget.spend();
    if (this.#budget.spent % STEPS_BETWEEN_PAUSES === 0) await setImmediate();
  }
}
