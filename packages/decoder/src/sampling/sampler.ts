import { InvalidInputError, isAllowed, ModelError, type TokenId } from "@espalier/grammar";
import type { AllowedTokens } from "./allowed-tokens.ts";
import { gatherCandidates, likeliestToken, NAN_CANDIDATE } from "./gather-candidates.ts";
import { logSumExp } from "./log-sum-exp.ts";
import { Random } from "./random.ts";
import type { SamplerScratch } from "./sampler-scratch.ts";
import { checkSamplingOptions, type SamplingOptions } from "./sampling-options.ts";
import { selectThreshold } from "./select-threshold.ts";
import { TokenHistory } from "./token-history.ts";
import type { BlockKernel } from "./wide/block-kernel.ts";
import { drawFromBlocks } from "./wide/draw-from-blocks.ts";
import { narrowCandidates, SUM_ERROR, type Truncation } from "./wide/narrow-candidates.ts";

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
 * Work for a list of `n` allowed tokens: greedy, one pass; otherwise a copy of the `n` logits, an exponential for each that top-k
 * leaves, and linear-time selections for top-k and top-p. The rest of the vocabulary is not looked at.
 * With a mask over a large vocabulary, logits and mask are gone through together in one pass with vector instructions
 * ({@link BlockKernel}), in a second one where masses are needed; after that only candidates are looked at. Nothing is sorted.
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
  readonly #truncation: Truncation;

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
    const { topK = Infinity, topP = 1, minP = 0 } = options;
    this.#truncation = { topK, topP, minP, scale: this.#scale };
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
    const rates = this.options.logProbabilities === true;
    const kernel = this.#kernelFor(logits, allowed);
    let token: TokenId;
    if (kernel !== undefined) {
      token = this.#sampleWide(kernel, logits, allowed);
    } else if (this.#scale === Infinity && !rates) {
      this.#penalise(logits);
      token = likeliestToken(logits, allowed);
      this.#restore(logits);
      if (token < 0 || logits[token] === Infinity) this.#refuse(logits, token, allowed);
      this.logProbability = 0;
    } else {
      token = this.#draw(this.#distribute(logits, allowed));
    }
    if (rates) this.#rate(logits, allowed, token);
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

  /** Masks over large vocabularies go through the kernel; lists are short. */
  #kernelFor(logits: Float32Array, allowed: AllowedTokens): BlockKernel | undefined {
    if (allowed !== undefined && !(allowed instanceof Uint32Array)) return undefined;
    return logits.length > this.#scratch.vocabularySize ? undefined : this.#scratch.kernelFor(logits.length);
  }

  #sampleWide(kernel: BlockKernel, logits: Float32Array, allowed: AllowedTokens): TokenId {
    const { topK, topP, minP, scale } = this.#truncation;
    if (scale === Infinity) {
      this.logProbability = 0;
      return this.#likeliestOfWide(kernel, logits, allowed as Uint32Array | undefined);
    }
    const maximum = this.#loadKernel(kernel, logits, allowed);
    if (topK >= logits.length && topP === 1 && minP === 0) {
      const { token, logProbability } = drawFromBlocks(kernel, maximum, scale, this.#random);
      this.logProbability = logProbability;
      return token;
    }
    return this.#draw(this.#narrow(kernel, maximum) ?? this.#distributeAll(logits, allowed));
  }

  /** The likeliest token of all is mostly allowed, and found in less time than the likeliest allowed one. */
  #likeliestOfWide(kernel: BlockKernel, logits: Float32Array, allowed: Uint32Array | undefined): TokenId {
    if (allowed === undefined) return kernel.firstOf(this.#loadKernel(kernel, logits, undefined));
    this.#penalise(logits);
    const hasNaN = kernel.load(logits, undefined);
    this.#restore(logits);
    const { maximum } = kernel;
    if (!hasNaN && Number.isFinite(maximum)) {
      const token = kernel.firstOf(maximum);
      if (isAllowed(allowed, token)) return token;
    }
    return kernel.firstOf(this.#checkedMaximum(kernel, kernel.restrict(allowed), logits, allowed));
  }

  /** {@link #distribute} by way of the kernel's blocks; `undefined` where that would not be exact, or no less work. */
  #narrow(kernel: BlockKernel, maximum: number): number | undefined {
    const scratch = this.#scratch;
    const narrow = narrowCandidates(kernel, scratch, maximum, this.#truncation);
    if (narrow === undefined) return undefined;
    const { count, total } = narrow;
    if (total === undefined) return this.#truncate(count, maximum);
    // Where the nucleus ends is certain only if it does not hang on the error of the sum.
    const { scale, topP, minP } = this.#truncation;
    this.#weigh(count, maximum);
    const reaching = (mass: number): number => selectThreshold(scratch, count, scratch.weights, mass, maximum, scale);
    const threshold = reaching(topP * total * (1 + SUM_ERROR));
    if (threshold !== reaching(topP * total * (1 - SUM_ERROR))) return undefined;
    return this.#keepFrom(count, minP > 0 ? Math.max(threshold, this.#minPThreshold(count)) : threshold);
  }

  /** Gives logits (after penalties) and mask to the kernel; returns the largest allowed logit. */
  #loadKernel(kernel: BlockKernel, logits: Float32Array, allowed: AllowedTokens): number {
    this.#penalise(logits);
    const hasNaN = kernel.load(logits, allowed as Uint32Array | undefined);
    this.#restore(logits);
    return this.#checkedMaximum(kernel, hasNaN, logits, allowed);
  }

  #checkedMaximum(kernel: BlockKernel, hasNaN: boolean, logits: Float32Array, allowed: AllowedTokens): number {
    if (hasNaN) this.#refuse(logits, NAN_CANDIDATE, allowed);
    const { maximum } = kernel;
    if (Number.isFinite(maximum)) return maximum;
    return this.#refuse(
      logits,
      maximum === Infinity && this.#scale === Infinity ? logits.indexOf(maximum) : -1,
      allowed,
    );
  }

  /** Leaves what a draw is from in the scratch (tokens and weights, the likeliest weighing 1); returns how many. */
  #distribute(logits: Float32Array, allowed: AllowedTokens): number {
    const kernel = this.#kernelFor(logits, allowed);
    if (kernel === undefined) return this.#distributeAll(logits, allowed);
    const maximum = this.#loadKernel(kernel, logits, allowed);
    return this.#narrow(kernel, maximum) ?? this.#distributeAll(logits, allowed);
  }

  /** The same without the kernel: each allowed token is looked at. */
  #distributeAll(logits: Float32Array, allowed: AllowedTokens): number {
    const scratch = this.#scratch;
    if (logits.length > scratch.vocabularySize) {
      throw new InvalidInputError({
        message: `The sampler's scratch has room for ${scratch.vocabularySize} logits, not for ${logits.length}.`,
        place: "logits",
      });
    }
    this.#penalise(logits);
    const count = gatherCandidates(logits, allowed, scratch);
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
    return this.#truncate(count, maximum);
  }

  /** Weighs the candidates in the scratch, and keeps those that the options leave; returns how many. */
  #truncate(candidates: number, maximum: number): number {
    let count = candidates;
    const scratch = this.#scratch;
    const { topK, topP, minP, scale } = this.#truncation;
    if (scale === Infinity) return this.#keepLikeliest(count, maximum);
    if (topK < count) {
      const threshold = selectThreshold(scratch, count, undefined, topK, maximum, 1);
      count = this.#keepFrom(count, threshold);
    }
    const sum = this.#weigh(count, maximum);
    let threshold = -Infinity;
    if (topP < 1) threshold = selectThreshold(scratch, count, scratch.weights, topP * sum, maximum, scale);
    if (minP > 0) threshold = Math.max(threshold, this.#minPThreshold(count));
    return threshold === -Infinity ? count : this.#keepFrom(count, threshold);
  }

  /** Weighs the candidates; returns the sum. */
  #weigh(count: number, maximum: number): number {
    const { weights, logits } = this.#scratch;
    let sum = 0;
    for (let index = 0; index < count; index++) {
      sum += weights[index] = Math.exp((logits[index] - maximum) * this.#scale);
    }
    return sum;
  }

  /** The least logit whose weight is at least `minP`: weights, not logits, are compared, so that rounding is nowhere an issue. */
  #minPThreshold(count: number): number {
    const { logits, weights } = this.#scratch;
    let threshold = Infinity;
    for (let index = 0; index < count; index++) {
      if (weights[index] >= this.#truncation.minP && logits[index] < threshold) threshold = logits[index];
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
    const kernel = this.#kernelFor(logits, allowed);
    if (kernel === undefined) {
      const count = gatherCandidates(logits, allowed, this.#scratch);
      this.constrainedLogProbability = logits[token] - logSumExp(this.#scratch.logits, count);
      this.modelLogProbability = logits[token] - logSumExp(logits);
      return;
    }
    kernel.load(logits, allowed as Uint32Array | undefined);
    this.constrainedLogProbability = logits[token] - kernel.logSumExp();
    kernel.load(logits, undefined);
    this.modelLogProbability = logits[token] - kernel.logSumExp();
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
