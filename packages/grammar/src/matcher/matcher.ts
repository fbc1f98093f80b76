import type { TokenId } from "../vocabulary/token-id.ts";

/**
 * A cursor over a constraint: what a decoder holds while it writes one output.
 *
 * Masks are `Uint32Array`s of `ceil(vocabulary.size / 32)` words; bit `id & 31` of word `id >> 5` is 1 when the token is allowed.
 * End-of-sequence tokens are allowed exactly when the text so far is in the language; consuming one finishes the matcher.
 */
export interface Matcher {
  /** Tokens consumed so far, end-of-sequence included. */
  readonly tokenCount: number;
  /** Tokens that may still be consumed (end-of-sequence included), or `undefined` without a budget. */
  readonly remainingTokens: number | undefined;
  /** Overwrites `words` with the mask of allowed tokens. */
  fillMask(words: Uint32Array): void;
  /**
   * The allowed tokens as an ascending list when there are at most `limit` of them, else `undefined`.
   * @param limit defaults to 256
   */
  allowed(limit?: number): readonly TokenId[] | undefined;
  /** True when `token` is in the mask. */
  isAllowed(token: TokenId): boolean;
  /** Moves over `token` and returns true; returns false, unmoved, when the token is not allowed. */
  consume(token: TokenId): boolean;
  /** Takes back the last `count` tokens. */
  rollback(count: number): void;
  /** An independent cursor at the same place. */
  clone(): Matcher;
  /**
   * The tokens that are the only way on, as the tokenizer itself would cut that text; empty when there is a choice.
   * Does not move the cursor.
   */
  forcedTokens(): TokenId[];
  /** True when the text so far is in the language: generation may stop here. */
  isAccepting(): boolean;
  /** True when an end-of-sequence token was consumed, or when the text is in the language and nothing can follow. */
  isFinished(): boolean;
  /** The least number of tokens known to complete the output from here (a witness exists), end-of-sequence not included. */
  minTokensToFinish(): number;
}
