import { listAllowed, maskWordCount, type Matcher, type TokenId } from "@espalier/grammar";
import { checkLogits } from "../models/check-logits.ts";
import { Sampler } from "../sampling/sampler.ts";
import { SamplerScratch } from "../sampling/sampler-scratch.ts";
import type { CheckedOptions } from "./aligned-options.ts";
import type { LocalDistribution } from "./local-distribution.ts";
import { logAdd } from "./log-space.ts";

/** Makes next-token log-probabilities from logits, and leaves of them what the constraint allows. */
export class TokenMass {
  readonly #options: CheckedOptions;
  /** Shapes logits where more than a temperature is asked for; probabilities below 1e-323 of the likeliest then count as none. */
  readonly #sampler: Sampler | undefined;
  readonly #scale: number;
  readonly #excluded: ReadonlySet<TokenId>;
  readonly #mask: Uint32Array;
  readonly #logProbabilities: Float64Array;

  constructor(options: CheckedOptions) {
    const { model, vocabulary, sampling, prompt, eosTokens } = options;
    const { temperature = 1, seed: _, ...shaping } = sampling;
    this.#options = options;
    this.#scale = 1 / temperature;
    if (Object.values(shaping).some((value) => value !== undefined)) {
      this.#sampler = new Sampler({ ...sampling, seed: 0 }, new SamplerScratch(model.vocabularySize));
      this.#sampler.addPrompt(prompt);
    }
    this.#excluded = new Set([...eosTokens, ...vocabulary.eosTokens]);
    this.#mask = new Uint32Array(maskWordCount(vocabulary.size));
    this.#logProbabilities = new Float64Array(model.vocabularySize);
  }

  /**
   * What may follow `tokens`, where `matcher` stands. One exponential for each logit.
   * @throws ModelError when a logit is NaN or +Infinity, or all are -Infinity
   */
  after(logits: Float32Array, tokens: readonly TokenId[], matcher: Matcher): LocalDistribution {
    checkLogits(logits, "logits");
    this.#spread(logits, tokens);
    const { maxTokens, eosTokens, budget } = this.#options;
    const all = this.#logProbabilities;
    let logEnd = -Infinity;
    if (matcher.isAccepting()) {
      for (const token of eosTokens) logEnd = logAdd(logEnd, all[token]);
    }
    const remaining = maxTokens - tokens.length;
    let allowed: TokenId[] = [];
    if (remaining > 0) {
      matcher.fillMask(this.#mask);
      listAllowed(this.#mask, allowed, Infinity);
      allowed = allowed.filter((token) => all[token] > -Infinity && !this.#excluded.has(token));
      // The last token must complete the text; longer ways to the end are learned by walking them.
      if (remaining === 1 && budget === "exact") allowed = allowed.filter((token) => completes(matcher, token));
    }
    return {
      tokens: Int32Array.from(allowed),
      logProbabilities: Float64Array.from(allowed, (token) => all[token]),
      logEnd,
    };
  }

  #spread(logits: Float32Array, tokens: readonly TokenId[]): void {
    const all = this.#logProbabilities;
    if (this.#sampler !== undefined) {
      for (const token of tokens) this.#sampler.push(token);
      const kept = this.#sampler.distribution(logits);
      this.#sampler.pop(tokens.length);
      all.fill(-Infinity);
      for (let index = 0; index < kept.tokens.length; index++) {
        all[kept.tokens[index]] = Math.log(kept.probabilities[index]);
      }
      return;
    }
    let maximum = -Infinity;
    for (let token = 0; token < logits.length; token++) {
      if (logits[token] > maximum) maximum = logits[token];
    }
    let sum = 0;
    for (let token = 0; token < logits.length; token++) {
      all[token] = (logits[token] - maximum) * this.#scale;
      sum += Math.exp(all[token]);
    }
    const logTotal = Math.log(sum);
    for (let token = 0; token < logits.length; token++) all[token] -= logTotal;
  }
}

function completes(matcher: Matcher, token: TokenId): boolean {
  if (!matcher.consume(token)) return false;
  const isComplete = matcher.isAccepting();
  matcher.rollback(1);
  return isComplete;
}
