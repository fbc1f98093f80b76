import { InvalidInputError, type TokenId } from "@espalier/grammar";

/** Tokens that are decided, in a row. */
export interface DecidedPart {
  readonly tokens: readonly TokenId[];
}

/** A hole: some tokens that are not decided. */
export interface HolePart {
  readonly hole: {
    /** @defaultValue 0 */
    readonly minTokens?: number | undefined;
    /** As `minTokens` for a hole of exact length. @defaultValue Infinity: the hole is open-ended */
    readonly maxTokens?: number | undefined;
  };
}

/** A piece of a canvas with holes; a canvas is a list of them, and several regions to fill in are several holes. */
export type CanvasPart = DecidedPart | HolePart;

/** A token, or a hole: what a search goes through one by one. @internal */
export interface CanvasSlot {
  /** `undefined` for a hole. */
  readonly token: TokenId | undefined;
  readonly minTokens: number;
  readonly maxTokens: number;
}

/** @throws InvalidInputError for bounds that are no counts, or contradict each other @internal */
export function slotsOf(parts: readonly CanvasPart[], vocabularySize: number): CanvasSlot[] {
  return parts.flatMap((part, index): CanvasSlot[] => {
    if ("tokens" in part) {
      return part.tokens.map((token) => {
        if (!Number.isInteger(token) || token < 0 || token >= vocabularySize) {
          throw new InvalidInputError({
            message: `Token id ${token} in parts[${index}] is not in the vocabulary of ${vocabularySize} tokens.`,
            place: `parts[${index}].tokens`,
          });
        }
        return { token, minTokens: 1, maxTokens: 1 };
      });
    }
    const { minTokens = 0, maxTokens = Infinity } = part.hole;
    if (!isCount(minTokens) || !(isCount(maxTokens) || maxTokens === Infinity) || minTokens > maxTokens) {
      throw new InvalidInputError({
        message: `The hole in parts[${index}] has minTokens ${minTokens} and maxTokens ${maxTokens}; both must be counts, and the first not above the second.`,
        place: `parts[${index}].hole`,
      });
    }
    return [{ token: undefined, minTokens, maxTokens }];
  });
}

function isCount(value: number): boolean {
  return Number.isInteger(value) && value >= 0;
}
