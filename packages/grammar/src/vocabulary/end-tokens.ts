import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { JsonReader } from "./json-reader.ts";
import { MAX_SORTABLE_TOKENS } from "./sort-tokens.ts";
import type { TokenId } from "./token-id.ts";

/** What chat templates write after a turn. Models end there although some of their configurations forget to say so. */
const CHAT_END_TOKENS: ReadonlySet<string> = new Set([
  "<|im_end|>", // ChatML: Qwen, SmolLM, Yi
  "<|eot_id|>", // Llama 3
  "<|eot|>", // Llama 4
  "<end_of_turn>", // Gemma
  "<|end|>", // Phi
  "<|return|>", // gpt-oss
  "<|END_OF_TURN_TOKEN|>", // Command R
  "<|EOT|>", // DeepSeek Coder
  "<|end_of_text|>",
  "<|endoftext|>",
]);

export interface EndTokenSources {
  readonly generationConfig: JsonReader;
  readonly config: JsonReader;
  readonly tokenizerConfig: JsonReader;
  /** The texts of the special added tokens. */
  readonly specialTokens: ReadonlyMap<TokenId, string>;
  /** The id of a token by its spelling in the file. */
  readonly idOf: (spelling: string) => TokenId | undefined;
  /** Ids are below this. */
  readonly size: number;
}

/**
 * Every token that ends a text, in the order of the sources: `eos_token_id` of generation_config.json and config.json (a number
 * or a list; in `text_config` for models of more than text), `eos_token` of tokenizer_config.json, known ends of a chat turn.
 *
 * @throws InvalidInputError when a source is malformed or names a token that does not exist, or when no source names any.
 */
export function findEndTokens(sources: EndTokenSources): TokenId[] {
  const found = readEndTokenIds(sources.generationConfig, sources.config, sources.size);
  const eosToken = sources.tokenizerConfig.get("eos_token");
  if (!eosToken.isAbsent) {
    const spelling = typeof eosToken.value === "string" ? eosToken.value : eosToken.get("content").string();
    found.add(sources.idOf(spelling) ?? eosToken.fail("a token of the vocabulary"));
  }
  for (const [id, text] of sources.specialTokens) {
    if (CHAT_END_TOKENS.has(text)) found.add(id);
  }
  if (found.size === 0) {
    throw new InvalidInputError({
      message:
        "No file says which token ends a text: there is no eos_token_id, no eos_token and no known end-of-turn token.",
      place: "eosTokens",
      hint: "Pass eosTokens.",
    });
  }
  return [...found];
}

/**
 * The tokens that end a text as a model's configuration lists them: `eos_token_id` of generation_config.json and config.json, without
 * what its tokenizer knows. For decoders that have no vocabulary; {@link loadVocabulary} knows more.
 *
 * @param generationConfig generation_config.json, parsed; `undefined` when there is none
 * @param config config.json, parsed
 * @throws InvalidInputError when an id is malformed; `place` is file and JSON Pointer.
 */
export function configuredEndTokens(generationConfig: unknown, config: unknown): TokenId[] {
  const readers = [
    new JsonReader(generationConfig, "generation_config.json"),
    new JsonReader(config, "config.json"),
  ] as const;
  return [...readEndTokenIds(...readers, MAX_SORTABLE_TOKENS)];
}

function readEndTokenIds(generationConfig: JsonReader, config: JsonReader, size: number): Set<TokenId> {
  const found = new Set<TokenId>();
  for (const place of [generationConfig, config, config.get("text_config")]) {
    const ids = place.get("eos_token_id");
    if (ids.isAbsent) continue;
    for (const id of ids.isArray ? ids.items() : [ids]) found.add(id.index(size));
  }
  return found;
}
