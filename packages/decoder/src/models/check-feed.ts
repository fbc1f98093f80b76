import { InvalidInputError, LimitExceededError, type TokenId } from "@espalier/grammar";

export interface FeedCheck {
  readonly tokens: readonly TokenId[];
  readonly positions: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
  /** Tokens in the session before the feed. */
  readonly length: number;
}

/** Refuses what no model can be fed. @internal */
export function checkFeed(check: FeedCheck): void {
  const { tokens, positions, vocabularySize, contextLength, length } = check;
  if (tokens.length === 0) {
    throw new InvalidInputError({
      message: "A model cannot be fed zero tokens.",
      place: "tokens",
      hint: "Begin an empty prompt with the model's begin-of-text token.",
    });
  }
  if (!Number.isInteger(positions) || positions < 0 || positions > tokens.length) {
    throw new InvalidInputError({
      message: `positions (${positions}) must be an integer from 0 to the number of tokens (${tokens.length}).`,
      place: "positions",
    });
  }
  for (let index = 0; index < tokens.length; index++) {
    const token = tokens[index];
    if (Number.isInteger(token) && token >= 0 && token < vocabularySize) continue;
    throw new InvalidInputError({
      message: `Token id ${token} at tokens[${index}] is not in the model's vocabulary of ${vocabularySize} tokens.`,
      place: `tokens[${index}]`,
      hint: "The tokenizer and the model must come from the same folder.",
    });
  }
  if (length + tokens.length > contextLength) {
    throw new LimitExceededError({
      message: `${length} tokens in the session and ${tokens.length} new ones exceed the model's context of ${contextLength} tokens.`,
      limit: "contextLength",
      allowed: contextLength,
      needed: length + tokens.length,
      hint: "Shorten the prompt or lower maxTokens.",
    });
  }
}

/** Refuses a `rewind` past the beginning. @internal */
export function checkRewind(count: number, length: number): void {
  if (Number.isInteger(count) && count >= 0 && count <= length) return;
  throw new InvalidInputError({
    message: `Cannot rewind ${count} tokens of a session of ${length} tokens.`,
    place: "count",
  });
}
