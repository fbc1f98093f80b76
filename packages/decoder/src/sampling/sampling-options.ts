import { InvalidInputError } from "@espalier/grammar";

/**
 * How the next token is drawn from the logits of the allowed tokens. The steps apply in this order, as in Hugging Face's
 * `generate`: penalties, temperature, top-k, top-p, min-p. Each sees only what the steps before it left, renormalised.
 */
export interface SamplingOptions {
  /**
   * What logits are divided by; 0 takes the likeliest token (the lowest id among equals).
   * @defaultValue 1, the model's own distribution
   */
  readonly temperature?: number | undefined;
  /**
   * Keeps the `topK` likeliest tokens, and those that equal the last of them.
   * @defaultValue all
   */
  readonly topK?: number | undefined;
  /**
   * Keeps the likeliest tokens up to the one that brings their mass to `topP`, and those that equal it.
   * Nucleus sampling: Holtzman et al., "The Curious Case of Neural Text Degeneration", 2020.
   * @defaultValue 1, all
   */
  readonly topP?: number | undefined;
  /**
   * Keeps the tokens at least `minP` times as likely as the likeliest. Nguyen et al., "Turning Up the Heat", 2024.
   * @defaultValue 0, all
   */
  readonly minP?: number | undefined;
  /**
   * Divides the positive logits, and multiplies the negative ones, of all tokens of prompt and output.
   * Keskar et al., "CTRL", 2019, section 4.1.
   * @defaultValue 1, none
   */
  readonly repetitionPenalty?: number | undefined;
  /**
   * Subtracted from a token's logit once for each time that it occurs in the output.
   * @defaultValue 0
   */
  readonly frequencyPenalty?: number | undefined;
  /**
   * Subtracted from the logit of a token that occurs in the output.
   * @defaultValue 0
   */
  readonly presencePenalty?: number | undefined;
  /**
   * An integer from 0 to 2^53 - 1. Same seed, logits and options: same tokens.
   * @defaultValue a fresh one, told in the result
   */
  readonly seed?: number | undefined;
  /**
   * Whether to compute {@link Sampler.constrainedLogProbability} and {@link Sampler.modelLogProbability}:
   * one exponential per logit of the vocabulary and token.
   * @defaultValue false
   */
  readonly logProbabilities?: boolean | undefined;
}

/** Refuses options out of range. @throws InvalidInputError @internal */
export function checkSamplingOptions(options: SamplingOptions): void {
  const ranges: readonly [keyof SamplingOptions, string, (value: number) => boolean][] = [
    ["temperature", "a finite number, at least 0", (value) => value >= 0 && value < Infinity],
    ["topK", "an integer, at least 1", (value) => value >= 1 && (Number.isInteger(value) || value === Infinity)],
    ["topP", "a number above 0 and at most 1", (value) => value > 0 && value <= 1],
    ["minP", "a number from 0 to 1", (value) => value >= 0 && value <= 1],
    ["repetitionPenalty", "a finite number above 0", (value) => value > 0 && value < Infinity],
    ["frequencyPenalty", "a finite number", (value) => Number.isFinite(value)],
    ["presencePenalty", "a finite number", (value) => Number.isFinite(value)],
  ];
  for (const [name, range, isInRange] of ranges) {
    const value = options[name];
    if (value === undefined || (typeof value === "number" && isInRange(value))) continue;
    throw new InvalidInputError({ message: `${name} (${value}) must be ${range}.`, place: name });
  }
}
