import { functionModel, type AlignedSamplerOptions, type LanguageModel, type SamplingOptions } from "@espalier/decoder";
import { vocabularyFromBytes, type Constraint, type Vocabulary } from "@espalier/grammar";
import { regex } from "espalier";
import { referenceDistribution } from "../../support/reference-sampler.ts";

/** A small world in which everything can be enumerated. */
export interface SettingOptions {
  /** The texts of the tokens; two end-of-text tokens come after them, and a token that is no text. */
  readonly words: readonly string[];
  readonly pattern: RegExp;
  readonly maxTokens: number;
  /** Logits are from a hash of the prefix and this. */
  readonly seed: number;
  /** How far apart logits are. @defaultValue 2 */
  readonly spread?: number;
  readonly sampling?: SamplingOptions;
}

export interface Setting {
  readonly vocabulary: Vocabulary;
  readonly constraint: Constraint;
  readonly model: LanguageModel;
  readonly options: AlignedSamplerOptions;
  readonly target: ExactTarget;
}

export interface ExactTarget {
  /** The model's own probability of each outcome, by its tokens joined by commas; not normalised. */
  readonly outcomes: ReadonlyMap<string, number>;
  /** Their sum: the mass that the model gives to the language. */
  readonly mass: number;
}

const PROMPT = [0, 1];

export function makeSetting(options: SettingOptions): Setting {
  const { words, pattern, maxTokens, sampling } = options;
  const eosTokens = [words.length, words.length + 1];
  const vocabulary = vocabularyFromBytes([...words, undefined, undefined, undefined], { eosTokens });
  const constraint = regex(pattern).compile(vocabulary)!;
  const logits = (prefix: readonly number[]): Float32Array => hashedLogits(prefix, vocabulary.size, options);
  const model = functionModel({
    vocabularySize: vocabulary.size,
    logits,
    eosTokens: [eosTokens[0]],
    contextLength: 64,
  });
  return {
    vocabulary,
    constraint,
    model,
    options: { model, vocabulary, constraint, prompt: PROMPT, maxTokens, sampling },
    target: enumerate(options, logits, eosTokens),
  };
}

/** Every sequence of tokens, each by its definition: softmax by softmax, and `RegExp` for the language. */
function enumerate(
  { words, pattern, maxTokens, sampling = {} }: SettingOptions,
  logits: (prefix: readonly number[]) => Float32Array,
  eosTokens: readonly number[],
): ExactTarget {
  const whole = new RegExp(`^(?:${pattern.source})$`, pattern.flags);
  const allowed = Array.from({ length: words.length + 3 }, (_, token) => token);
  const outcomes = new Map<string, number>();
  const visit = (output: readonly number[], probability: number): void => {
    const next = referenceDistribution({
      logits: logits([...PROMPT, ...output]),
      allowed,
      options: sampling,
      prompt: PROMPT,
      output,
    });
    const end = eosTokens.reduce((sum, token) => sum + (next.get(token) ?? 0), 0);
    const isIn = whole.test(output.map((token) => words[token]).join(""));
    if (isIn && probability * end > 0) outcomes.set(output.join(), probability * end);
    if (output.length === maxTokens) return;
    for (let token = 0; token < words.length; token++) {
      const step = next.get(token) ?? 0;
      if (step > 0) visit([...output, token], probability * step);
    }
  };
  visit([], 1);
  return { outcomes, mass: [...outcomes.values()].reduce((sum, each) => sum + each, 0) };
}

function hashedLogits(prefix: readonly number[], size: number, { seed, spread = 2 }: SettingOptions): Float32Array {
  let hash = Math.imul(seed + 1, 0x9e37_79b1);
  for (const token of prefix) hash = Math.imul(hash ^ (token + 1), 0x85eb_ca6b) ^ (hash >>> 13);
  return Float32Array.from({ length: size }, (_, token) => {
    let mixed = Math.imul(hash ^ (token + 0x51ed), 0xc2b2_ae35);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x27d4_eb2f);
    return ((mixed ^ (mixed >>> 13)) / 2 ** 31) * spread;
  });
}
