import { allSteps, Interruption, WorkBudget, type Steps } from "@espalier/grammar";

/** Work in steps that slices of one compilation have begun, and may have ended. */
export interface BegunWork {
  /** Undefined for the compilation as a whole. */
  readonly steps: Steps<unknown> | undefined;
  /** What the last step handed out, and is not done. */
  part: (() => unknown) | undefined;
  /** What that came to; in the end, what all of it did. */
  result: unknown;
  isDone: boolean;
  /**
   * What was begun by the part that is not done. It is kept, with what it came to, until the part is done: the part is begun again after
   * an interruption, and asks for it once more.
   */
  readonly within: Map<unknown, BegunWork>;
  /** The slice that began it; what that one did is only known to be kept when a later one asks for the work again. */
  readonly begunBy: SliceBudget | undefined;
  /** Steps that were done, and what they spent, as far as that is not known. */
  doubtfulSteps: number;
  doubtfulWork: number;
}

export function begun(steps?: Steps<unknown>, begunBy?: SliceBudget): BegunWork {
  return {
    steps,
    part: undefined,
    result: undefined,
    isDone: false,
    within: new Map(),
    begunBy,
    doubtfulSteps: 0,
    doubtfulWork: 0,
  };
}

/** Thrown through a compilation at the end of a slice; nobody outside sees it. */
export class SliceEnded extends Interruption {}

/**
 * The budget of one slice: counts steps, and ends the slice when its time is over.
 *
 * A slice ends by an exception, so what is not remembered when it is thrown is done again. Loops over what a user sizes therefore run
 * as {@link Steps}: those are kept from slice to slice, and an exception is only thrown between two of them.
 */
export class SliceBudget extends WorkBudget {
  /** About what was spent on things that no later slice does again, because they were done in {@link Steps}. */
  kept = 0;
  /** How many steps were done that no later slice does again. */
  stepCount = 0;
  readonly #deadline: number;
  /** The work that what is asked for next belongs to. */
  #at: BegunWork;
  /** What was spent when {@link kept} was last added to. */
  #keptUntil = 0;
  #isInStep = false;

  constructor(limit: number, sliceMs: number, signal: AbortSignal | undefined, compilation: BegunWork) {
    super({ name: "maxWork", limit, signal });
    this.#deadline = performance.now() + sliceMs;
    this.#at = compilation;
  }

  override spend(steps = 1): void {
    super.spend(steps);
    if ((this.spent & 63) < steps) this.#endSlice();
  }

  override run<Result>(work: unknown, begin: () => Steps<Result>): Result {
    if (this.#isInStep) return allSteps(begin());
    const outer = this.#at;
    let entry = outer.within.get(work);
    if (entry === undefined) {
      entry = begun(begin(), this);
      outer.within.set(work, entry);
    } else if (entry.begunBy !== this) {
      this.stepCount += entry.doubtfulSteps;
      this.kept += entry.doubtfulWork;
      entry.doubtfulSteps = 0;
      entry.doubtfulWork = 0;
    }
    this.#at = entry;
    try {
      if (!entry.isDone) this.#goOn(entry);
      return entry.result as Result;
    } catch (error) {
      // Steps that threw are over; an interrupted part is begun again.
      if (!(error instanceof Interruption) || this.#isInStep) outer.within.delete(work);
      throw error;
    } finally {
      this.#at = outer;
      this.#isInStep = false;
    }
  }

  #goOn(entry: BegunWork): void {
    while (!entry.isDone) {
      this.#endSlice();
      const before = this.spent;
      if (entry.part !== undefined) {
        entry.result = entry.part();
        entry.part = undefined;
        entry.within.clear();
      }
      this.#isInStep = true;
      const step = entry.steps!.next(entry.result);
      this.#isInStep = false;
      const spent = this.spent - Math.max(before, this.#keptUntil);
      if (entry.begunBy === this) {
        entry.doubtfulSteps++;
        entry.doubtfulWork += spent;
      } else {
        this.stepCount++;
        this.kept += spent;
      }
      this.#keptUntil = this.spent;
      entry.isDone = step.done === true;
      entry.part = step.done === true ? undefined : step.value;
      entry.result = step.done === true ? step.value : undefined;
    }
  }

  #endSlice(): void {
    if (!this.#isInStep && performance.now() > this.#deadline) throw new SliceEnded();
  }
}
