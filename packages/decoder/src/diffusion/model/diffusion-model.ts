import type { TokenId } from "@espalier/grammar";

/**
 * A masked-diffusion model: a canvas in, logits for every position of it out. Positions that are not decided yet hold the mask
 * token; positions see each other in both directions, so there is no order in which they must be filled and no cache.
 *
 * The family: LLaDA (Nie et al., "Large Language Diffusion Models", 2025), Dream, DiffuCoder.
 */
export interface DiffusionModel {
  readonly kind: "diffusion";
  /** Logits per position; token ids are 0 .. vocabularySize - 1. */
  readonly vocabularySize: number;
  /** The most positions that a call can take: prompt and canvas together. */
  readonly contextLength: number;
  /** What an undecided position holds. */
  readonly maskToken: TokenId;
  /** The tokens that end a text. */
  readonly eosTokens: readonly TokenId[];
  /** What fills a canvas behind the end of the text; `undefined` when the end tokens themselves do. */
  readonly padToken: TokenId | undefined;
  /** Counters over the model's whole life; they only grow. */
  readonly stats: DiffusionModelStats;

  /**
   * One model call: for each position from `options.from` on, the logits of the token there. Row `i` is about position
   * `from + i`, has `vocabularySize` numbers, finite or -Infinity, and may be changed by the caller. The rows share a buffer.
   *
   * @throws InvalidInputError for no tokens, a token outside the vocabulary, `from` outside 0 .. tokens.length
   * @throws LimitExceededError (`contextLength`) for too many tokens
   * @throws ModelError when the model fails, or gives NaN or +Infinity, or nothing but -Infinity
   * @throws AbortedError when the signal has fired before the call
   */
  predict(tokens: readonly TokenId[], options?: PredictOptions): Promise<Float32Array[]>;

  /** Releases the model's memory. Further calls do nothing. */
  dispose(): Promise<void>;
}

export interface PredictOptions {
  /** The first position whose logits are wanted. @defaultValue 0 */
  readonly from?: number | undefined;
  /** Looked at before the call. */
  readonly signal?: AbortSignal | undefined;
}

export interface DiffusionModelStats {
  readonly calls: number;
  /** Positions computed. */
  readonly positions: number;
}
