import { InvalidInputError, type TokenId } from "@espalier/grammar";
import { checkFeed } from "../../models/check-feed.ts";

export interface PredictCheck {
  readonly tokens: readonly TokenId[];
  readonly from: number;
  readonly vocabularySize: number;
  readonly contextLength: number;
}

/** Refuses what no diffusion model can be asked. @internal */
export function checkPredict({ tokens, from, vocabularySize, contextLength }: PredictCheck): void {
  if (!Number.isInteger(from) || from < 0 || from > tokens.length) {
    throw new InvalidInputError({
      message: `from (${from}) must be an integer from 0 to the number of tokens (${tokens.length}).`,
      place: "from",
    });
  }
  checkFeed({ tokens, positions: 0, vocabularySize, contextLength, length: 0 });
}
