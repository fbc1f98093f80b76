import { LimitExceededError } from "@espalier/grammar";

/** How many members or items a plan may have to choose one by one. */
const MAX_CHOSEN = 2_000;

/** How many items that are all alike a plan may need. */
export const MAX_ALIKE = 10_000;

/**
 * Refuses plans that would be too long to be looked at again for every state of the object or array.
 * @throws LimitExceededError when `needed` is more than `allowed`
 */
export function assertPlannable(what: string, needed: number, allowed: number = MAX_CHOSEN): void {
  if (needed <= allowed) return;
  throw new LimitExceededError({
    message: `The schema needs ${needed} ${what} at least, more than maxPlannedParts (${allowed}).`,
    limit: "maxPlannedParts",
    allowed,
    needed,
    hint: "Ask for fewer.",
  });
}

/** Characters that a text which shows that a set has members may have. */
const MAX_WITNESS_LENGTH = 4_000_000;

export function isTooLong(length: number): boolean {
  return length > MAX_WITNESS_LENGTH;
}

export function tooLong(): LimitExceededError {
  return new LimitExceededError({
    message: `The shortest value of the schema is longer than maxWitnessLength (${MAX_WITNESS_LENGTH}) characters.`,
    limit: "maxWitnessLength",
    allowed: MAX_WITNESS_LENGTH,
    hint: "Ask for fewer or smaller members and items.",
  });
}
