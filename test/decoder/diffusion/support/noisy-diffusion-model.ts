import { functionDiffusionModel, type DiffusionModel } from "@espalier/decoder";
import type { TokenId } from "@espalier/grammar";

export interface NoisyModelOptions {
  readonly vocabularySize: number;
  readonly maskToken: TokenId;
  readonly eosTokens: readonly TokenId[];
  readonly padToken?: TokenId | undefined;
  readonly seed?: number;
  /** Tokens that the model likes, by position; counted from the beginning of the canvas. */
  readonly likes?: readonly TokenId[];
  readonly promptLength?: number;
}

/** A model whose logits look random but depend on the whole canvas and nothing else. */
export function noisyDiffusionModel(options: NoisyModelOptions): DiffusionModel {
  const { likes = [], seed = 1, promptLength = 0, ...others } = options;
  return functionDiffusionModel({
    ...others,
    logits: (tokens, position) => {
      let hash = 2_166_136_261 ^ seed;
      for (const token of tokens) hash = Math.imul(hash ^ token, 16_777_619);
      return Array.from({ length: options.vocabularySize }, (_, token) => {
        let mixed = Math.imul(hash ^ (position * 7919) ^ (token * 104_729), 0x85eb_ca6b);
        mixed ^= mixed >>> 15;
        const noise = ((Math.imul(mixed, 0x9e37_79b1) ^ (mixed >>> 13)) >>> 0) / 2 ** 32;
        return 6 * noise + (likes[position - promptLength] === token ? 20 : 0);
      });
    },
  });
}
