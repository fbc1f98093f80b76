import { InvalidInputError, LimitExceededError, UnsatisfiableError, type Matcher } from "@espalier/grammar";
import type { SequenceOptions } from "./decode-options.ts";

export interface TokenBudgetOptions {
  readonly sequence: SequenceOptions;
  readonly contextLength: number;
  /** Where errors say that the sequence is: empty, or `sequences[3]`. */
  readonly place: string;
}

/**
 * The most tokens of output that a sequence may have.
 *
 * Refuses before the first model call what cannot be completed: the last token of output need not be fed, so prompt and
 * output may together exceed the context by one.
 * @throws LimitExceededError (`maxTokens`, `contextLength`) naming the least that would do
 * @throws InvalidInputError for a `maxTokens` that the matcher does not know of
 * @throws UnsatisfiableError when no number of tokens would do
 * @internal
 */
export function tokenBudget(options: TokenBudgetOptions): number {
  const { sequence, contextLength } = options;
  const { matcher, prompt, maxTokens, session } = sequence;
  const place = options.place === "" ? "maxTokens" : `${options.place}.maxTokens`;
  if (maxTokens !== undefined && (!Number.isInteger(maxTokens) || maxTokens < 0)) {
    throw new InvalidInputError({
      message: `maxTokens (${maxTokens}) must be an integer, at least 0.`,
      place,
    });
  }
  const promptLength = (session?.length ?? 0) + prompt.length;
  const room = contextLength - promptLength + 1;
  if (room < 1) {
    throw new LimitExceededError({
      message: `The prompt of ${promptLength} tokens does not fit the model's context of ${contextLength} tokens.`,
      limit: "contextLength",
      allowed: contextLength,
      needed: promptLength,
      place,
      hint: "Shorten the prompt.",
    });
  }
  if (matcher === undefined) return Math.min(maxTokens ?? Infinity, room);

  const budget = matcher.remainingTokens;
  if (maxTokens !== undefined && (budget === undefined || budget > maxTokens)) {
    // A constraint that needs more is the better news, whatever the matcher's budget.
    refuseTooFewTokens(matcher, maxTokens, place);
    throw new InvalidInputError({
      message: `The matcher may take ${budget ?? "any number of"} tokens, more than maxTokens (${maxTokens}): its output could not be completed in time.`,
      place,
      hint: "Give the matcher the same budget when it is made, or leave maxTokens out here.",
    });
  }
  const needed = refuseTooFewTokens(matcher, budget ?? Infinity, place);
  const longest = budget ?? needed;
  if (longest > room) {
    throw new LimitExceededError({
      message: `A prompt of ${promptLength} tokens and an output of ${longest} do not fit the model's context of ${contextLength} tokens.`,
      limit: "contextLength",
      allowed: contextLength,
      needed: promptLength + longest - 1,
      place,
      hint:
        needed <= room
          ? `Shorten the prompt, or give the matcher a budget of ${room} tokens or fewer.`
          : `Shorten the prompt: the output alone takes at least ${needed} tokens.`,
    });
  }
  return budget ?? Infinity;
}

/** Returns the least number of tokens that completes the output, when it is allowed. */
function refuseTooFewTokens(matcher: Matcher, allowed: number, place: string): number {
  const needed = matcher.minTokensToFinish();
  if (needed === Infinity) {
    throw new UnsatisfiableError({
      message: "The vocabulary cannot spell any text of the constraint.",
      place: "matcher",
    });
  }
  if (needed <= allowed) return needed;
  throw new LimitExceededError({
    message: `The constraint takes at least ${needed} tokens; maxTokens allows ${allowed}.`,
    limit: "maxTokens",
    allowed,
    needed,
    place,
    hint: `Raise maxTokens to ${needed} or more.`,
  });
}
