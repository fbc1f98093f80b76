import { functionModel } from "@espalier/decoder";
import type { Model } from "espalier";

/**
 * The model's vocabulary and prompts, without its sense: what it likes best is noise, another one after every text.
 * @param seldom beginnings of tokens that it seldom takes: without them, noise hardly ever comes to an end
 */
export function randomModel(model: Model, seldom: readonly string[]): Model {
  const { vocabularySize, eosTokens } = model.languageModel;
  const bias = Float32Array.from({ length: vocabularySize }, (_, token) => {
    const text = token < model.vocabulary.size ? model.vocabulary.decode([token]) : "";
    return seldom.some((beginning) => text.startsWith(beginning)) ? -6 : 0;
  });
  return {
    ...model,
    languageModel: functionModel({
      vocabularySize,
      contextLength: 100_000,
      eosTokens,
      logits: (prefix) => {
        let hash = 2_166_136_261;
        for (const token of prefix) hash = Math.imul(hash ^ token, 16_777_619);
        return Float32Array.from({ length: vocabularySize }, (_, token) => {
          hash = (Math.imul(hash, 1_664_525) + 1_013_904_223) | 0;
          return bias[token] + (hash >>> 8) / 2 ** 21;
        });
      },
    }),
  };
}
