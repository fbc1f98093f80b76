import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import llama3Tokenizer from "llama3-tokenizer-js";
import { byteLevelBytes } from "../../packages/grammar/src/vocabulary/byte-level-alphabet.ts";
import { vocabularyFromBytes } from "../../packages/grammar/src/vocabulary/vocabulary-from-bytes.ts";
import { vocabularyFromTiktoken } from "../../packages/grammar/src/vocabulary/vocabulary-from-tiktoken.ts";
import { Vocabulary } from "../../packages/grammar/src/vocabulary/vocabulary.ts";

/** Llama 3 has 128,000 tokens of text, then 256 special ones. */
const LLAMA3_TEXT_TOKENS = 128_000;

const GPT_SPECIAL_TOKENS = {
  cl100k_base: {
    "<|endoftext|>": 100_257,
    "<|fim_prefix|>": 100_258,
    "<|fim_middle|>": 100_259,
    "<|fim_suffix|>": 100_260,
    "<|endofprompt|>": 100_276,
  },
  o200k_base: { "<|endoftext|>": 199_999, "<|endofprompt|>": 200_018 },
} as const;

let llama3: Vocabulary | undefined;
const gpt = new Map<string, Vocabulary>();

/** Llama 3: 128,256 tokens, `<|end_of_text|>` and `<|eot_id|>` end a text. One instance per process. */
export function llama3Vocabulary(): Vocabulary {
  return (llama3 ??= new Vocabulary({
    tokens: llama3Tokenizer.vocabById.slice(0, LLAMA3_TEXT_TOKENS).map(byteLevelBytes),
    size: llama3Tokenizer.vocabById.length,
    eosTokens: ["<|end_of_text|>", "<|eot_id|>"].map((name) => llama3Tokenizer.getSpecialTokenId(name)),
    tokenizer: {
      encode: (text, options) => llama3Tokenizer.encode(text, { bos: options?.addSpecialTokens ?? false, eos: false }),
      decode: (ids, options) =>
        llama3Tokenizer.decode(
          options?.skipSpecialTokens === false ? [...ids] : ids.filter((id) => id < LLAMA3_TEXT_TOKENS),
        ),
    },
  }));
}

/** The vocabulary of GPT-4 (`cl100k_base`, 100,277 ids) or GPT-4o (`o200k_base`, 200,019 ids). One instance each per process. */
export function gptVocabulary(encoding: keyof typeof GPT_SPECIAL_TOKENS): Vocabulary {
  let vocabulary = gpt.get(encoding);
  if (vocabulary === undefined) {
    const path = createRequire(import.meta.url).resolve(`gpt-tokenizer/data/${encoding}.tiktoken`);
    const specialTokens = GPT_SPECIAL_TOKENS[encoding];
    vocabulary = vocabularyFromTiktoken(readFileSync(path, "utf8"), {
      specialTokens,
      eosTokens: [specialTokens["<|endoftext|>"]],
    });
    gpt.set(encoding, vocabulary);
  }
  return vocabulary;
}

/** A small vocabulary: ids 0..255 are the single bytes, then `words`, last the end-of-text token. */
export function byteVocabulary(words: readonly (string | Uint8Array)[] = []): Vocabulary {
  const singleBytes = Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte));
  return vocabularyFromBytes([...singleBytes, ...words, undefined], {
    eosTokens: [256 + words.length],
  });
}

/** A tiny vocabulary: exactly `words`, ids in order, last the end-of-text token. For masks that are checked by hand. */
export function wordVocabulary(words: readonly (string | Uint8Array)[]): Vocabulary {
  return vocabularyFromBytes([...words, undefined], { eosTokens: [words.length] });
}
