import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { AbortedError } from "../errors/aborted-error.ts";
import { ModelError } from "../errors/model-error.ts";
import type { TokenId } from "./token-id.ts";
import { tokenizerFromJson } from "./tokenizer-from-json.ts";
import { vocabularyFromTokenizerJson } from "./vocabulary-from-tokenizer-json.ts";
import type { Vocabulary } from "./vocabulary.ts";

export interface LoadVocabularyOptions {
  /** Ends a text; replaces what the files say. */
  readonly eosTokens?: readonly TokenId[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The vocabulary of a model folder in Hugging Face's layout, its tokenizer attached: reads tokenizer.json and, where they are,
 * tokenizer_config.json, generation_config.json and config.json.
 *
 * @throws ModelError when tokenizer.json is missing or a file is unreadable or no JSON; `place` is its path.
 * @throws InvalidInputError when a file is malformed or none names an end-of-text token.
 * @throws UnsupportedError when the kind of tokenizer is not supported.
 * @throws AbortedError when the signal fires.
 */
export async function loadVocabulary(folder: string, options: LoadVocabularyOptions = {}): Promise<Vocabulary> {
  const read = (name: string): Promise<unknown> => readJson(join(folder, name), options.signal);
  const [json, tokenizerConfig, generationConfig, config] = await Promise.all([
    read("tokenizer.json"),
    read("tokenizer_config.json"),
    read("generation_config.json"),
    read("config.json"),
  ]);
  if (json === undefined) {
    const place = join(folder, "tokenizer.json");
    throw new ModelError({
      message: `The model folder has no tokenizer.json: ${place} does not exist.`,
      place,
    });
  }
  return vocabularyFromTokenizerJson(json, {
    tokenizerConfig,
    generationConfig,
    config,
    eosTokens: options.eosTokens,
    tokenizer: tokenizerFromJson(json, tokenizerConfig),
  });
}

/** The parsed file, or `undefined` when there is none. */
async function readJson(path: string, signal: AbortSignal | undefined): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, { encoding: "utf8", ...(signal && { signal }) })) as unknown;
  } catch (cause) {
    AbortedError.throwIfAborted(signal);
    if (cause instanceof Error && "code" in cause && cause.code === "ENOENT") return undefined;
    throw new ModelError({
      message: `${path} cannot be read as JSON: ${cause instanceof Error ? cause.message : String(cause)}`,
      place: path,
      cause,
    });
  }
}
