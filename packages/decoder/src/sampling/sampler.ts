import { InvalidInputError, ModelError, type TokenId } from "@espalier/grammar";
import type { AllowedTokens } from "./allowed-tokens.ts";
import { gatherCandidates, likeliestToken, NAN_CANDIDATE } from "./gather-candidates.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { Random } from "./random.ts";
import type { SamplerScratch } from "./sampler-scratch.ts";
import { checkSamplingOptions, type SamplingOptions } from "./sampling-options.ts";
import { selectThreshold } from "./select-threshold.ts";
import { TokenHistory } from "./token-history.ts";

/** Above this, dividing by the temperature would lose the likeliest token itself. */
const STEEPEST = 1e30;

/** What a draw would be from. */
export interface TokenDistribution {
  /** Ascending; tokens that cannot be drawn are left out. */
  readonly tokens: Int32Array;
  /** By index of `tokens`; they add up to 1. */
  readonly probabilities: Float64Array;
}

/**
 * Draws tokens from logits, over the allowed tokens alone. One sampler per sequence: it holds the random stream and,
 * when there are penalties, which tokens have occurred (tell it: {@link Sampler.addPrompt}, {@link Sampler.push}).
 *
 * Work for `n` allowed tokens: greedy, one pass; otherwise a copy of the `n` logits, an exponential for each that top-k
 * leaves, and linear-time selections for top-k and top-p. Nothing is sorted, nothing allocated, and with a list of
 * allowed tokens the rest of the vocabulary is not looked at.
 */
export class Sampler {
  readonly options: SamplingOptions;
  readonly seed: number;
  /**
   * After {@link Sampler.sample}: the log-probability of the token under the distribution that it was drawn from
   * (allowed tokens, after penalties, temperature and truncation); 0 when greedy.
   */
  logProbability: number = Number.NaN;
  /**
   * The same under the model's distribution over the allowed tokens: renormalised, otherwise untouched.
   * NaN without {@link SamplingOptions.logProbabilities}.
   */
  constrainedLogProbability: number = Number.NaN;
  /**
   * The same under the model's distribution over its whole vocabulary; minus the constrained one, it is the log of the
   * mass that the model gives to the allowed tokens. NaN without {@link SamplingOptions.logProbabilities}.
   */
  modelLogProbability: number = Number.NaN;

  readonly #scratch: SamplerScratch;
  readonly #random: Random;
  readonly #history: TokenHistory | undefined;
  readonly #penalties: { repetition: number; frequency: number; presence: number };
  /** 1 / temperature; Infinity when greedy. */
  readonly #scale: number;
  readonly #topK: number;
  readonly #topP: number;
  readonly #minP: number;

  /**
   * @param scratch working memory for the model's vocabulary; share it among samplers
   * @throws InvalidInputError when an option is out of range
   */
  constructor(options: SamplingOptions, scratch: SamplerScratch) {
    checkSamplingOptions(options);
    const { temperature = 1 } = options;
    this.options = options;
    this.seed = options.seed ?? Random.freshSeed();
    this.#scratch = scratch;
    this.#random = new Random(this.seed);
    this.#penalties = {
      repetition: options.repetitionPenalty ?? 1,
      frequency: options.frequencyPenalty ?? 0,
      presence: options.presencePenalty ?? 0,
    };
    const { repetition, frequency, presence } = this.#penalties;
    const isPenalising = repetition !== 1 || frequency !== 0 || presence !== 0;
    this.#history = isPenalising ? new TokenHistory() : undefined;
    this.#scale = temperature === 0 ? Infinity : Math.min(1 / temperature, STEEPEST);
    this.#topK = options.topK ?? Infinity;
    this.#topP = options.topP ?? 1;
    this.#minP = options.minP ?? 0;
  }

  /** Tells of tokens before the output: the repetition penalty counts them. */
  addPrompt(tokens: readonly TokenId[]): void {
    this.#history?.addPrompt(tokens);
  }

  /** Tells of a token of the output, sampled or not. {@link Sampler.sample} does not do it by itself. */
  push(token: TokenId): void {
    this.#history?.push(token);
  }

  /** Takes back the last `count` tokens told with {@link Sampler.push}. The random stream goes on where it is. */
  pop(count: number): void {
    this.#history?.pop(count);
  }

  /**
   * Draws a token. `logits` are as before afterwards.
   * @throws ModelError when a logit is NaN or +Infinity, or no allowed token has a logit above -Infinity
   * @throws InvalidInputError when there are more logits than the scratch has room for
   */
  sample(logits: Float32Array, allowed?: AllowedTokens): TokenId {
    if (this.#scale === Infinity && this.options.logProbabilities !== true) {
      this.#penalise(logits);
      const token = likeliestToken(logits, allowed);
      this.#restore(logits);
      if (token < 0 || logits[token] === Infinity) this.#refuse(logits, token, allowed);
      this.logProbability = 0;
      return token;
    }
    const count = this.#distribute(logits, allowed);
    const token = this.#draw(count);
    if (this.options.logProbabilities === true) this.#rate(logits, allowed, token);
    return token;
  }

  /**
   * What {@link Sampler.sample} would draw from; the random stream does not move. Allocates: meant for analysis and for
   * decoders that weigh tokens themselves. Same errors.
   */
  distribution(logits: Float32Array, allowed?: AllowedTokens): TokenDistribution {
    const count = this.#distribute(logits, allowed);
    const { tokens, weights } = this.#scratch;
    let kept = 0;
    let sum = 0;
    for (let index = 0; index < count; index++) {
      if (weights[index] === 0) continue;
      tokens[kept] = tokens[index];
      weights[kept++] = weights[index];
      sum += weights[index];
    }
    const probabilities = weights.slice(0, kept);
    for (let index = 0; index < kept; index++) probabilities[index] /= sum;
    return { tokens: tokens.slice(0, kept), probabilities };
  }

  /** Leaves what a draw is from in the scratch (tokens and weights, the likeliest weighing 1); returns how many. */
  #distribute(logits: Float32Array, allowed: AllowedTokens): number {
    const scratch = this.#scratch;
    if (logits.length > scratch.vocabularySize) {
      throw new InvalidInputError({
        message: `The sampler's scratch has room for ${scratch.vocabularySize} logits, not for ${logits.length}.`,
        place: "logits",
      });
    }
    this.#penalise(logits);
    let count = gatherCandidates(logits, allowed, scratch);
    this.#restore(logits);

    const kept = scratch.logits;
    let maximum = -Infinity;
    for (let index = 0; index < count; index++) {
      const logit = kept[index];
      // NaN fails the comparison too.
      if (logit <= maximum) continue;
      if (logit !== logit) this.#refuse(logits, NAN_CANDIDATE, allowed);
      maximum = logit;
    }
    if (!Number.isFinite(maximum)) this.#refuse(logits, -1, allowed);

    if (this.#scale === Infinity) return this.#keepLikeliest(count, maximum);
    if (this.#topK < count) {
      const threshold = selectThreshold(scratch, count, undefined, this.#topK, maximum, 1);
      count = this.#keepFrom(count, threshold);
    }
    const { weights } = scratch;
    let sum = 0;
    for (let index = 0; index < count; index++) {
      sum += weights[index] = Math.exp((kept[index] - maximum) * this.#scale);
    }
    let threshold = -Infinity;
    if (this.#topP < 1) {
      threshold = selectThreshold(scratch, count, weights, this.#topP * sum, maximum, this.#scale);
    }
    if (this.#minP > 0) {
      threshold = Math.max(threshold, this.#minPThreshold(count));
    }
    return threshold === -Infinity ? count : this.#keepFrom(count, threshold);
  }

  /** The least logit whose weight is at least `minP`: weights, not logits, are compared, so that rounding is nowhere an issue. */
  #minPThreshold(count: number): number {
    const { logits, weights } = this.#scratch;
    let threshold = Infinity;
    for (let index = 0; index < count; index++) {
      if (weights[index] >= this.#minP && logits[index] < threshold) threshold = logits[index];
    }
    return threshold;
  }

  #keepFrom(count: number, threshold: number): number {
    const { tokens, logits, weights } = this.#scratch;
    let kept = 0;
    for (let index = 0; index < count; index++) {
      if (logits[index] < threshold) continue;
      tokens[kept] = tokens[index];
      logits[kept] = logits[index];
      weights[kept++] = weights[index];
    }
    return kept;
  }

  #keepLikeliest(count: number, maximum: number): number {
    const { tokens, logits, weights } = this.#scratch;
    let index = 0;
    while (index < count && logits[index] !== maximum) index++;
    tokens[0] = tokens[index];
    logits[0] = maximum;
    weights[0] = 1;
    return 1;
  }

  #draw(count: number): TokenId {
    const { tokens, weights } = this.#scratch;
    if (count === 1) {
      this.logProbability = 0;
      return tokens[0];
    }
    let sum = 0;
    for (let index = 0; index < count; index++) sum += weights[index];
    const point = this.#random.nextFloat64() * sum;
    let drawn = 0;
    let below = 0;
    for (let index = 0; index < count; index++) {
      if (weights[index] === 0) continue;
      drawn = index;
      below += weights[index];
      if (below > point) break;
    }
    this.logProbability = Math.log(weights[drawn] / sum);
    return tokens[drawn];
  }

  #rate(logits: Float32Array, allowed: AllowedTokens, token: TokenId): void {
    const { logits: kept } = this.#scratch;
    const count = gatherCandidates(logits, allowed, this.#scratch);
    this.constrainedLogProbability = logits[token] - logSumExp(kept, count);
    this.modelLogProbability = logits[token] - logSumExp(logits);
  }

  #penalise(logits: Float32Array): void {
    this.#history?.penalise(logits, this.#penalties);
  }

  #restore(logits: Float32Array): void {
    this.#history?.restore(logits);
  }

  #refuse(logits: Float32Array, found: number, allowed: AllowedTokens): never {
    const what =
      found === NAN_CANDIDATE
        ? "NaN as the logit of an allowed token"
        : found >= 0
          ? `the logit +Infinity for token ${found}`
          : "no allowed token a logit between -Infinity and +Infinity";
    const count = gatherCandidates(logits, allowed, this.#scratch);
    throw new ModelError({
      message: `The model gave ${what} (${count} of ${logits.length} tokens are allowed).`,
      place: "logits",
      hint:
        count === 0
          ? "The constraint's vocabulary is not that of the model: load the tokenizer from the model's own folder."
          : "The model file is damaged, or overflows in half precision.",
    });
  }
}
