import { functionModel } from "@espalier/decoder";
import { type TokenId, vocabularyFromBytes, type Tokenizer } from "@espalier/grammar";
import { ChatTemplate, type Model } from "espalier";

const END: TokenId = 256;
/** Where the prompt ends and the output begins. */
const MARK = "»";

export interface ToyModel extends Model {
  /** The prompts that the model was asked to go on from, one for each call with a new one. */
  readonly prompts: string[];
  readonly calls: () => number;
}

export interface ToyModelOptions {
  /** The preference for a token (a byte, or 256 to end) after `output`; higher is likelier. */
  readonly score: (output: string, token: TokenId) => number;
  readonly contextLength?: number;
  readonly chatTemplate?: string | false;
}

const TEMPLATE = `{% for m in messages %}<{{ m.role }}>{{ m.content }}{% endfor %}${MARK}`;

/** A model over single bytes whose preferences a function gives. Fresh vocabulary, so nothing is cached from elsewhere. */
export function toyModel(options: ToyModelOptions): ToyModel {
  const bytes = Array.from({ length: 257 }, (_, byte) => (byte < 256 ? Uint8Array.of(byte) : undefined));
  const tokenizer: Tokenizer = {
    encode: (text) => [...new TextEncoder().encode(text)],
    decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids.filter((id) => id < 256))),
  };
  const prompts: string[] = [];
  const languageModel = functionModel({
    vocabularySize: 257,
    eosTokens: [END],
    contextLength: options.contextLength ?? 4096,
    logits: (prefix) => {
      const text = tokenizer.decode(prefix);
      const at = text.lastIndexOf(MARK);
      const prompt = at === -1 ? text : text.slice(0, at);
      if (prompts.at(-1) !== prompt) prompts.push(prompt);
      const output = text.slice(at + 1);
      return Array.from({ length: 257 }, (_, token) => options.score(output, token));
    },
  });
  return {
    languageModel,
    tokenizer,
    vocabulary: vocabularyFromBytes(bytes, { eosTokens: [END], tokenizer }),
    chatTemplate: options.chatTemplate === false ? undefined : new ChatTemplate(options.chatTemplate ?? TEMPLATE),
    prompts,
    calls: () => languageModel.stats.calls,
  };
}

/** Wants to write `script` (ASCII), and then to end. */
export function scriptedModel(script: string, options: Omit<ToyModelOptions, "score"> = {}): ToyModel {
  return toyModel({
    ...options,
    score: (output, token) =>
      token === (output.length < script.length ? script.charCodeAt(output.length) : END) ? 20 : 0,
  });
}

/** No two outputs have the same preferences, which have no meaning; readable characters are somewhat likelier. */
export function noisyModel(): ToyModel {
  return toyModel({
    score: (output, token) => {
      let hash = 2_166_136_261 ^ token;
      for (let i = 0; i < output.length; i++) hash = Math.imul(hash ^ output.charCodeAt(i), 16_777_619);
      const noise = ((hash ^ (hash >>> 15)) >>> 0) / 2 ** 32;
      return 3 * noise + (token >= 0x20 && token < 0x7f ? 2 : 0) + (token === 0x22 || token === 0x7d ? 2 : 0);
    },
  });
}
