import { InvalidInputError, LimitExceededError, ModelError, type Constraint, type TokenId } from "@espalier/grammar";
import type { TokenText } from "../autoregressive/decode-options.ts";
import type { LanguageModel } from "../models/language-model.ts";
import { checkSamplingOptions, type SamplingOptions } from "../sampling/sampling-options.ts";

/** What all aligned samplers take. */
export interface AlignedSamplerOptions {
  readonly model: LanguageModel;
  /** The vocabulary that `constraint` was made for. */
  readonly vocabulary: TokenText;
  /** What the output must be. Each walk takes a fresh matcher from it. */
  readonly constraint: Pick<Constraint, "matcher">;
  /** The tokens that the model goes on from; at least one. */
  readonly prompt: readonly TokenId[];
  /**
   * The most tokens of output; the end-of-text token does not count. The target distribution has no longer outputs.
   * @defaultValue what the prompt leaves of the model's context
   */
  readonly maxTokens?: number | undefined;
  /**
   * Which outputs of at most `maxTokens` tokens are meant.
   *
   * - `exact`: all of them. A prefix that cannot be completed in time may be walked before that is known; it is then learned.
   * - `masked`: those that the constraint's masks allow under the budget. The masks go where they know a completion that fits, so
   *   that no walk runs out of tokens; outside regular languages they may miss an output of nearly `maxTokens` tokens. For
   *   budgets that the model would rather exceed.
   *
   * @defaultValue "exact"
   */
  readonly budget?: "exact" | "masked" | undefined;
  /**
   * What is made of the logits, and the seed. The result is what "the model" means here: with temperature 0.5, outputs are aligned to
   * the model at temperature 0.5; with top-k, tokens outside the top k have no probability. A temperature of 0 has no
   * distribution to align to and is refused.
   */
  readonly sampling?: Omit<SamplingOptions, "logProbabilities"> | undefined;
  /**
   * The tokens that end a text; the probability of ending is the sum over them. At least one.
   * @defaultValue those of the model and of the vocabulary
   */
  readonly eosTokens?: readonly TokenId[] | undefined;
  /** Steps (tokens drawn, failed walks included) that one draw may take. @defaultValue 1,000,000 */
  readonly maxSteps?: number | undefined;
  /**
   * Prefixes remembered between draws, about 300 bytes each. When there are more, a quarter of them, those visited longest ago,
   * is forgotten: they count as unexplored again. What is exact stays exact. During a draw there may be more, by what it walks.
   * @defaultValue 100,000
   */
  readonly maxPrefixes?: number | undefined;
  /**
   * Bytes of next-token distributions kept, 12 for each allowed token of a prefix. What was used longest ago goes first; coming
   * back to it costs a model call and changes nothing else.
   * @defaultValue 67,108,864 (64 MiB)
   */
  readonly maxCachedBytes?: number | undefined;
}

/** Options with their defaults, checked. @internal */
export interface CheckedOptions extends AlignedSamplerOptions {
  readonly maxTokens: number;
  readonly budget: "exact" | "masked";
  readonly sampling: Omit<SamplingOptions, "logProbabilities">;
  readonly eosTokens: readonly TokenId[];
  readonly maxSteps: number;
  readonly maxPrefixes: number;
  readonly maxCachedBytes: number;
}

/**
 * @throws InvalidInputError for an empty prompt, options out of range, temperature 0, no end-of-text token
 * @throws LimitExceededError when prompt and output do not fit the context, or the constraint needs more than `maxTokens`
 * @throws ModelError when the model has fewer logits than the vocabulary has tokens
 * @internal
 */
export function checkAlignedOptions(options: AlignedSamplerOptions): CheckedOptions {
  const { model, vocabulary, constraint, prompt, sampling = {}, budget = "exact" } = options;
  if (vocabulary.size > model.vocabularySize) {
    throw new ModelError({
      message: `The vocabulary has ${vocabulary.size} tokens, but the model gives ${model.vocabularySize} logits.`,
      place: "vocabulary",
      hint: "Load the tokenizer from the model's own folder.",
    });
  }
  if (prompt.length === 0) {
    throw new InvalidInputError({
      message: "A prompt of zero tokens gives a model nothing to go on from.",
      place: "prompt",
      hint: "Begin it with the model's begin-of-text token.",
    });
  }
  if (budget !== "exact" && budget !== "masked") {
    throw new InvalidInputError({
      message: `budget (${String(budget)}) must be "exact" or "masked".`,
      place: "budget",
    });
  }
  checkSamplingOptions(sampling);
  if (sampling.temperature === 0) {
    throw new InvalidInputError({
      message: "A temperature of 0 leaves one output and no distribution to align to.",
      place: "temperature",
      hint: "Use decode for greedy outputs, or a temperature above 0.",
    });
  }
  const checked = {
    ...options,
    budget,
    sampling,
    eosTokens: checkEosTokens(options),
    maxSteps: checkCount("maxSteps", options.maxSteps ?? 1_000_000, 1),
    maxPrefixes: checkCount("maxPrefixes", options.maxPrefixes ?? 100_000, 1),
    maxCachedBytes: checkCount("maxCachedBytes", options.maxCachedBytes ?? 2 ** 26, 0),
    maxTokens: checkMaxTokens(options),
  };
  // Refuses a constraint that needs more, before the first model call.
  constraint.matcher({ maxTokens: checked.maxTokens });
  return checked;
}

/** Refuses what is not an integer of at least `least`. @internal */
export function checkCount(name: string, value: number, least: number): number {
  if (Number.isSafeInteger(value) && value >= least) return value;
  throw new InvalidInputError({ message: `${name} (${value}) must be an integer, at least ${least}.`, place: name });
}

function checkMaxTokens({ model, prompt, maxTokens }: AlignedSamplerOptions): number {
  // The probability of ending is asked for after the last token, so that it must be fed too.
  const room = model.contextLength - prompt.length;
  const needed = prompt.length + (maxTokens === undefined ? 0 : checkCount("maxTokens", maxTokens, 0));
  if (needed <= model.contextLength) return maxTokens ?? room;
  throw new LimitExceededError({
    message: `A prompt of ${prompt.length} tokens and an output of ${maxTokens ?? 0} do not fit the model's context of ${model.contextLength} tokens.`,
    limit: "contextLength",
    allowed: model.contextLength,
    needed,
    place: "maxTokens",
    hint: room < 0 ? "Shorten the prompt." : `Shorten the prompt, or allow at most ${room} tokens.`,
  });
}

function checkEosTokens({ model, vocabulary, eosTokens }: AlignedSamplerOptions): readonly TokenId[] {
  const ids = [...new Set(eosTokens ?? [...model.eosTokens, ...vocabulary.eosTokens])];
  for (const id of ids) {
    if (Number.isInteger(id) && id >= 0 && id < model.vocabularySize) continue;
    throw new InvalidInputError({
      message: `Token id ${id} in eosTokens is not in the model's vocabulary of ${model.vocabularySize} tokens.`,
      place: "eosTokens",
    });
  }
  if (ids.length > 0) return ids;
  throw new InvalidInputError({
    message:
      "Neither model nor vocabulary names a token that ends a text, so that the model gives no probability to ending.",
    place: "eosTokens",
    hint: "Name it in eosTokens.",
  });
}
