import { LimitExceededError, WorkBudget } from "@espalier/grammar";

/**
 * Does work that may take a share of what a budget has left; `undefined` when that is not enough.
 * @internal
 */
export function withinShare<Result>(
  budget: WorkBudget,
  share: number,
  signal: AbortSignal | undefined,
  work: (own: WorkBudget) => Result,
): Result | undefined {
  const limit = Math.floor(share * (budget.limit - budget.spent));
  const own = new WorkBudget({ name: budget.name, limit, signal, place: budget.place });
  try {
    return work(own);
  } catch (error) {
    // A limit of the automaton itself is one as well: what was asked is then not known.
    if (error instanceof LimitExceededError) return undefined;
    throw error;
  } finally {
    budget.spend(Math.min(own.spent, limit));
  }
}
