import type { TokenId } from "@espalier/grammar";
import type { AlignedDraw } from "./aligned-draw.ts";
import type { MassEstimate } from "./mass-estimate.ts";

/**
 * Draws outputs of a constraint whose distribution tends to, or is, the model's own distribution given that the output is valid.
 *
 * **The target.** An outcome is a sequence of at most `maxTokens` tokens and the decision to end there. The model gives it the
 * product of its next-token probabilities and of the probability of ending (the sum over all end-of-text tokens). The target is that
 * distribution, conditioned on the text being in the constraint's language. Two tokenizations of one text are two outcomes.
 *
 * Plain masking (see {@link MaskedSampler}) draws from something else: it renormalises token by token, and so prefers prefixes
 * after which the model would rarely have stayed inside the language.
 *
 * A sampler is made for one prompt and one constraint, and is reused: what one draw learns serves the next. Calls that overlap wait
 * for each other. After an error or an abort the sampler goes on from what it has learned.
 */
export interface AlignedSampler {
  /** The seed of the random stream: given, or fresh. Same seed, model and order of calls: same draws. */
  readonly seed: number;
  /** What is known of the model's mass on the language so far. */
  readonly mass: MassEstimate;
  readonly stats: AlignedStats;

  /**
   * The next output.
   * @throws UnsatisfiableError when the model gives no probability to any output of the language
   * @throws LimitExceededError (`maxSteps`) when no output was found in as many steps
   * @throws AbortedError when the signal has fired; looked at before each step
   * @throws ModelError when the model fails or gives NaN
   */
  draw(options?: AlignedDrawOptions): Promise<AlignedDraw>;

  /**
   * The log of the most probability that outputs beginning with `tokens` can have, given that they begin so, as far as is known:
   * 0 (all) where nothing is known, -Infinity where nothing valid can follow. Makes no model call. O(`tokens.length`).
   */
  logUpperBound(tokens: readonly TokenId[]): number;

  /** Closes the model's sessions. The model stays open. Further draws begin new ones. */
  dispose(): void;
}

export interface AlignedDrawOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Work done over a sampler's life. */
export interface AlignedStats {
  /** Outputs handed out. */
  readonly draws: number;
  /** Walks begun (SMC: particles). */
  readonly walks: number;
  /** Tokens drawn and endings, those of failed walks included. */
  readonly steps: number;
  /** Prefixes remembered now. */
  readonly prefixes: number;
  /** Prefixes forgotten because there were too many. */
  readonly forgottenPrefixes: number;
  /** Bytes of next-token distributions kept now, so that the model need not be asked again. */
  readonly cachedBytes: number;
}
