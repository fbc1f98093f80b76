import { LimitExceededError } from "@espalier/grammar";

/** How many keys or items a plan may have to name one by one. */
const MAX_PLANNED = 5_000;

/**
 * Refuses plans that would be too long to be looked at again for every state of the object or array.
 * @throws LimitExceededError when `needed` is more than 5,000
 */
export function assertPlannable(what: string, needed: number): void {
  if (needed <= MAX_PLANNED) return;
  throw new LimitExceededError({
    message: `The schema needs ${needed} ${what} at least, more than maxPlannedParts (${MAX_PLANNED}).`,
    limit: "maxPlannedParts",
    allowed: MAX_PLANNED,
    needed,
    hint: "Ask for fewer.",
  });
}
