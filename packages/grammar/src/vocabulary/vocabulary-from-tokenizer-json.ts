import { UnsupportedError } from "../errors/unsupported-error.ts";
import { findEndTokens } from "./end-tokens.ts";
import { JsonReader } from "./json-reader.ts";
import { MAX_SORTABLE_TOKENS } from "./sort-tokens.ts";
import { tokenDecoder } from "./token-decoder.ts";
import type { TokenId } from "./token-id.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { Vocabulary } from "./vocabulary.ts";

/** The files beside tokenizer.json, parsed, and what overrides them. */
export interface TokenizerJsonOptions {
  /** tokenizer_config.json: `eos_token`, `added_tokens_decoder`. */
  readonly tokenizerConfig?: unknown;
  /** generation_config.json: `eos_token_id`. */
  readonly generationConfig?: unknown;
  /** config.json: `eos_token_id`, `vocab_size`. */
  readonly config?: unknown;
  /** The width of the model's logits, where config.json does not say it. */
  readonly modelVocabSize?: number | undefined;
  /** Ends a text; replaces what the files say. */
  readonly eosTokens?: readonly TokenId[] | undefined;
  readonly tokenizer?: Tokenizer | undefined;
}

/**
 * A vocabulary from a parsed Hugging Face tokenizer.json.
 *
 * Reads byte-level BPE (GPT-2, Llama 3, Qwen), SentencePiece BPE with `<0xNN>` tokens (Llama 2, Mistral, Gemma) and
 * Unigram (T5, XLM-R). Bytes are those that a token adds to a running text: `▁Hello` is ` Hello`, with its space, also as the first
 * token of an output (a Hugging Face decoder that is given the output alone cuts that space off).
 *
 * Special are: added tokens with `special: true`, the unknown token, and the end-of-text tokens. Other added tokens are literal text.
 * `size` is the largest of: the highest id + 1, `vocab_size` of config.json, `modelVocabSize`.
 *
 * @throws InvalidInputError when a file is malformed or none names an end-of-text token; `place` is file and JSON Pointer.
 * @throws UnsupportedError when a token's bytes depend on its neighbours (WordPiece, CTC, end-of-word suffixes).
 */
export function vocabularyFromTokenizerJson(json: unknown, options: TokenizerJsonOptions = {}): Vocabulary {
  const file = new JsonReader(json, "tokenizer.json");
  const tokenizerConfig = new JsonReader(options.tokenizerConfig, "tokenizer_config.json");
  const generationConfig = new JsonReader(options.generationConfig, "generation_config.json");
  const config = new JsonReader(options.config, "config.json");
  refuseModel(file);
  const decode = tokenDecoder(file);

  const spellings = readModelVocabulary(file);
  const tokens = spellings.map((spelling) => decode(spelling, false));
  const specialTokens = new Map<TokenId, string>();
  for (const added of readAddedTokens(file, tokenizerConfig)) {
    spellings[added.id] = added.content;
    tokens[added.id] = decode(added.content, true);
    specialTokens.delete(added.id);
    if (added.isSpecial) specialTokens.set(added.id, added.content);
  }
  const idOf = (spelling: string): TokenId | undefined => {
    const id = spellings.indexOf(spelling);
    return id === -1 ? undefined : id;
  };
  const size = vocabularySize(tokens.length, config, options.modelVocabSize);
  const unknownToken = readUnknownToken(file, idOf, tokens.length);
  return new Vocabulary({
    tokens,
    size,
    specialTokens: [...specialTokens.keys(), ...(unknownToken === undefined ? [] : [unknownToken])],
    specialTexts: specialTokens,
    eosTokens:
      options.eosTokens ?? findEndTokens({ generationConfig, config, tokenizerConfig, specialTokens, size, idOf }),
    tokenizer: options.tokenizer,
  });
}

function refuseModel(file: JsonReader): void {
  const model = file.get("model");
  model.object();
  const suffix = model.get("end_of_word_suffix");
  const hasSuffix = !suffix.isAbsent && suffix.string() !== "";
  if (model.get("type").value !== "WordPiece" && !hasSuffix) return;
  const name = hasSuffix ? "A BPE with an end-of-word suffix" : "WordPiece";
  throw new UnsupportedError({
    message: `${name} leaves the spaces between words to the decoder, so its tokens have no bytes of their own, at ${model.place}.`,
    place: model.place,
  });
}

/** The spelling of each id: from an object for BPE and WordLevel, from a list of `[piece, score]` for Unigram. */
function readModelVocabulary(file: JsonReader): string[] {
  const vocab = file.get("model").get("vocab");
  if (vocab.isArray) return readPieces(vocab);
  const spellings: string[] = [];
  for (const [spelling, value] of Object.entries(vocab.object())) {
    // A reader for each of 128,000 entries would cost more than the rest: only wrong ones get one.
    const isId = Number.isInteger(value) && (value as number) >= 0 && (value as number) < MAX_SORTABLE_TOKENS;
    const id = isId ? (value as number) : vocab.get(spelling).index(MAX_SORTABLE_TOKENS);
    if (spellings[id] !== undefined)
      vocab.get(spelling).fail(`an id that ${JSON.stringify(spellings[id])} does not have`);
    spellings[id] = spelling;
  }
  return spellings;
}

function readPieces(vocab: JsonReader): string[] {
  const pieces = vocab.value as unknown[];
  if (pieces.length > MAX_SORTABLE_TOKENS) vocab.fail(`at most ${MAX_SORTABLE_TOKENS} pieces`);
  return pieces.map((entry, id) => {
    const piece: unknown = Array.isArray(entry) ? entry[0] : undefined;
    return typeof piece === "string" ? piece : vocab.get(id).fail("a list of piece and score");
  });
}

interface AddedToken {
  readonly id: TokenId;
  readonly content: string;
  readonly isSpecial: boolean;
}

/** `added_tokens` of tokenizer.json, then `added_tokens_decoder` of tokenizer_config.json, which wins. */
function readAddedTokens(file: JsonReader, tokenizerConfig: JsonReader): AddedToken[] {
  const list = file.get("added_tokens");
  const added = (list.isAbsent ? [] : list.items()).map((token) => readAddedToken(token, token.get("id")));
  const byId = tokenizerConfig.get("added_tokens_decoder");
  for (const key of byId.isAbsent ? [] : Object.keys(byId.object())) {
    const token = byId.get(key);
    added.push(readAddedToken(token, new JsonReader(/^\d+$/.test(key) ? Number(key) : key, token.place)));
  }
  return added;
}

function readAddedToken(token: JsonReader, id: JsonReader): AddedToken {
  return {
    id: id.index(MAX_SORTABLE_TOKENS),
    content: token.get("content").string(),
    isSpecial: token.get("special").flag(),
  };
}

function readUnknownToken(
  file: JsonReader,
  idOf: (spelling: string) => TokenId | undefined,
  size: number,
): TokenId | undefined {
  const unknownId = file.get("model").get("unk_id");
  if (!unknownId.isAbsent) return unknownId.index(size);
  const unknownToken = file.get("model").get("unk_token");
  return unknownToken.isAbsent ? undefined : idOf(unknownToken.string());
}

function vocabularySize(tokenCount: number, config: JsonReader, modelVocabSize: number | undefined): number {
  const widths = [
    config.get("vocab_size"),
    config.get("text_config").get("vocab_size"),
    new JsonReader(modelVocabSize, "modelVocabSize"),
  ].filter((width) => !width.isAbsent);
  return Math.max(tokenCount, ...widths.map((width) => width.index(MAX_SORTABLE_TOKENS + 1)));
}
