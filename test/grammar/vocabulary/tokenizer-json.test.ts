import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { TokenId } from "../../../packages/grammar/src/vocabulary/token-id.ts";
import { tokenizerFromJson } from "../../../packages/grammar/src/vocabulary/tokenizer-from-json.ts";
import {
  type TokenizerJsonOptions,
  vocabularyFromTokenizerJson,
} from "../../../packages/grammar/src/vocabulary/vocabulary-from-tokenizer-json.ts";
import { byteLevelFile, gemmaFile, sentencePieceFile, type TokenizerFile, unigramFile } from "./tokenizer-files.ts";

interface Family {
  readonly file: () => TokenizerFile;
  readonly options: TokenizerJsonOptions;
  /** What encoding puts before a text, and a decoder that gets a text alone takes away again. */
  readonly prefix: string;
  /** The characters that the vocabulary can spell; all, where it has bytes. */
  readonly alphabet: fc.Arbitrary<string>;
  readonly eosTokens: (file: TokenizerFile) => TokenId[];
}

const anyText = fc.string({
  unit: fc.oneof(fc.constantFrom(..."Helo wrdäß日本🫠\n{:"), fc.string({ unit: "binary", minLength: 1, maxLength: 1 })),
});
const FAMILIES: readonly [string, Family][] = [
  [
    "byte-level BPE",
    {
      file: byteLevelFile,
      options: {},
      prefix: "",
      alphabet: anyText,
      eosTokens: (file) => [file.added_tokens[0].id],
    },
  ],
  [
    "SentencePiece BPE with a prefix",
    {
      file: sentencePieceFile,
      options: { tokenizerConfig: { eos_token: "</s>" } },
      prefix: " ",
      alphabet: anyText,
      eosTokens: () => [2],
    },
  ],
  [
    "SentencePiece BPE without a prefix",
    {
      file: gemmaFile,
      options: { generationConfig: { eos_token_id: [1, 3] } },
      prefix: "",
      alphabet: anyText,
      eosTokens: () => [1, 3],
    },
  ],
  [
    "Unigram",
    {
      file: unigramFile,
      options: { config: { eos_token_id: 1 } },
      prefix: " ",
      alphabet: fc.string({ unit: fc.constantFrom(..."Helowrdäß日本,!") }),
      eosTokens: () => [1],
    },
  ],
];

describe.each(FAMILIES)("%s", (_, { file: fileOf, options, prefix, alphabet, eosTokens }) => {
  const file = fileOf();
  const tokenizer = tokenizerFromJson(file);
  const vocabulary = vocabularyFromTokenizerJson(file, options);
  const textTokens = Array.from({ length: vocabulary.size }, (_id, id) => id).filter((id) => !vocabulary.isSpecial(id));

  it("spells what the library encodes", () => {
    fc.assert(
      fc.property(alphabet, (text) => {
        // Nothing is put before an empty text, nor before one that begins with the prefix (by some of the normalisers).
        const possible = text === "" ? [""] : text.startsWith(" ") ? [text, prefix + text] : [prefix + text];
        expect(possible).toContain(vocabulary.decode(tokenizer.encode(text)));
      }),
    );
  });

  it("adds to a running text what the library's decoder adds", () => {
    // After an anchor, no decoder is at the start of a text.
    const anchor = tokenizer.encode("Hello");
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...textTokens), { maxLength: 12 }), (ids) => {
        const text = vocabulary.decode(ids);
        // The library's byte fallback drops byte order marks.
        fc.pre(!text.includes("\ufeff"));
        expect(`Hello${text}`).toBe(tokenizer.decode([...anchor, ...ids]));
      }),
      { numRuns: 1000 },
    );
  });

  it("agrees with the library on every token", () => {
    const anchor = tokenizer.encode("Hello");
    for (const id of textTokens) {
      expect(`Hello${vocabulary.decode([id])}`).toBe(tokenizer.decode([...anchor, id]));
    }
  });

  it("gives special tokens no bytes and finds the end tokens", () => {
    for (const added of file.added_tokens) expect(vocabulary.isSpecial(added.id)).toBe(added.special);
    expect(vocabulary.eosTokens).toEqual(eosTokens(file));
  });
});

describe("vocabularyFromTokenizerJson", () => {
  it("keeps the leading space of a first token", () => {
    const file = sentencePieceFile();
    const vocabulary = vocabularyFromTokenizerJson(file, { eosTokens: [2] });
    const ids = tokenizerFromJson(file).encode("Hello");
    expect(vocabulary.decode(ids)).toBe(" Hello");
    expect(tokenizerFromJson(file).decode(ids)).toBe("Hello");
  });

  it("takes added tokens literally under a byte-level decoder", () => {
    const file = byteLevelFile();
    const vocabulary = vocabularyFromTokenizerJson(file);
    const [, think, accents] = file.added_tokens;
    expect([think, accents].map(({ id }) => vocabulary.decode([id]))).toEqual(["<think>", "é  è"]);
  });

  it("unites the end tokens of all files, and is overridden by eosTokens", () => {
    const files = {
      generationConfig: { eos_token_id: [5, 6] },
      config: { eos_token_id: 6, text_config: { eos_token_id: [7] } },
      tokenizerConfig: { eos_token: { content: "!" } },
    };
    const file = byteLevelFile();
    const exclamationMark = (file.model.vocab as Record<string, number>)["!"];
    expect(vocabularyFromTokenizerJson(file, files).eosTokens).toEqual([
      5,
      6,
      7,
      exclamationMark,
      file.added_tokens[0].id,
    ]);
    expect(vocabularyFromTokenizerJson(file, { ...files, eosTokens: [9] }).eosTokens).toEqual([9]);
  });

  it("is as wide as the widest of tokens, config.json and modelVocabSize", () => {
    const width = (options: TokenizerJsonOptions): number => vocabularyFromTokenizerJson(byteLevelFile(), options).size;
    const tokens = byteLevelFile().added_tokens.at(-1)!.id + 1;
    expect([width({}), width({ config: { vocab_size: 5 } }), width({ config: { vocab_size: 999 } })]).toEqual([
      tokens,
      tokens,
      999,
    ]);
    expect([width({ config: { text_config: { vocab_size: 777 } } }), width({ modelVocabSize: 888 })]).toEqual([
      777, 888,
    ]);
  });

  it("lets added_tokens_decoder of tokenizer_config.json win", () => {
    const file = byteLevelFile();
    const think = file.added_tokens[1].id;
    const tokenizerConfig = {
      added_tokens_decoder: {
        [think]: { content: "<think>", special: true },
        900: { content: "<new>" },
      },
    };
    const vocabulary = vocabularyFromTokenizerJson(file, { tokenizerConfig });
    expect([vocabulary.isSpecial(think), vocabulary.decode([900])]).toEqual([true, "<new>"]);
  });

  it("makes the unknown token special, listed or not", () => {
    for (const file of [sentencePieceFile(), unigramFile()]) {
      const unknown = file.added_tokens.find(({ content }) => content === "<unk>")!.id;
      const vocabulary = vocabularyFromTokenizerJson({ ...file, added_tokens: [] }, { eosTokens: [1] });
      expect(vocabulary.isSpecial(unknown)).toBe(true);
    }
  });

  it("reads the pre-tokenizer where there is no decoder", () => {
    for (const file of [byteLevelFile(), unigramFile()]) {
      const hash = (json: unknown): string => vocabularyFromTokenizerJson(json, { eosTokens: [1] }).contentHash;
      expect(hash({ ...file, decoder: null })).toBe(hash(file));
    }
  });

  it("strips each token where nothing fused them", () => {
    const vocab = { "::a:": 0, ":": 1, b: 2 };
    const decoder = {
      type: "Sequence",
      decoders: [{ type: "Strip", content: ":", start: 1, stop: 1 }],
    };
    const vocabulary = vocabularyFromTokenizerJson({ model: { vocab }, decoder }, { eosTokens: [] });
    expect([0, 1, 2].map((id) => vocabulary.decode([id]))).toEqual([":a", "", "b"]);
  });
});
