import fc from "fast-check";
import cl100kRanks from "gpt-tokenizer/bpeRanks/cl100k_base";
import o200kRanks from "gpt-tokenizer/bpeRanks/o200k_base";
import { encode as encodeCl100k } from "gpt-tokenizer/encoding/cl100k_base";
import { encode as encodeO200k } from "gpt-tokenizer/encoding/o200k_base";
import llama3Tokenizer from "llama3-tokenizer-js";
import { describe, expect, it } from "vitest";
import type { Vocabulary } from "../../../packages/grammar/src/vocabulary/vocabulary.ts";
import { gptVocabulary, llama3Vocabulary } from "../../support/vocabularies.ts";

interface Oracle {
  readonly vocabulary: Vocabulary;
  readonly encode: (text: string) => number[];
  /** What a token stands for, as the library has it: text, or bytes where they are no text. */
  readonly expected: (id: number) => string | readonly number[];
  readonly textTokens: number;
}

const ORACLES: readonly [string, () => Oracle][] = [
  [
    "Llama 3",
    () => ({
      vocabulary: llama3Vocabulary(),
      encode: (text) => llama3Tokenizer.encode(text, { bos: false, eos: false }),
      expected: (id) => llama3Tokenizer.decode([id]),
      textTokens: 128_000,
    }),
  ],
  [
    "cl100k_base",
    () => ({
      vocabulary: gptVocabulary("cl100k_base"),
      encode: encodeCl100k,
      expected: (id) => cl100kRanks[id],
      textTokens: 100_256,
    }),
  ],
  [
    "o200k_base",
    () => ({
      vocabulary: gptVocabulary("o200k_base"),
      encode: encodeO200k,
      expected: (id) => o200kRanks[id],
      textTokens: 199_998,
    }),
  ],
];

const TEXTS = [
  "Hello, world!",
  '{"name": "Ada Lovelace", "age": 36, "tags": []}\n',
  "  indented\n\t\ttabs   \r\n",
  "Ünïcödé — naïve café",
  "日本語のテキスト。中文，한국어",
  "👩‍👩‍👧‍👦 🫠 🇦🇶 👍🏿",
  "e\u0301 combining, \u200b zero width, \u0000 control",
  "𝕸𝖆𝖙𝖍 ꙮ 𓀀",
];

describe.each(ORACLES)("%s", (_, oracleOf) => {
  it("spells what its library encodes", () => {
    const { vocabulary, encode } = oracleOf();
    for (const text of TEXTS) expect(vocabulary.decode(encode(text))).toBe(text);
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...TEXTS.join("")), maxLength: 40 }),
        fc.string({ unit: "binary" }),
        (words, any) => {
          const text = words + any;
          expect(Buffer.from(vocabulary.decodeBytes(encode(text)))).toEqual(Buffer.from(text, "utf8"));
        },
      ),
    );
  });

  it("has tokens that end inside a character", () => {
    const { vocabulary, encode } = oracleOf();
    const pieces = encode("🫠𓀀").map((id) => vocabulary.decode([id]));
    expect(pieces.join("")).toContain("\ufffd");
  });

  it("agrees with its library on every token", () => {
    const { vocabulary, expected, textTokens } = oracleOf();
    // Llama 3's decoder takes a byte order mark away, as a plain TextDecoder does.
    const textDecoder = new TextDecoder();
    const differing: number[] = [];
    for (let id = 0; id < textTokens; id++) {
      const bytes = vocabulary.bytes(id);
      const token = expected(id);
      const actual = typeof token === "string" ? textDecoder.decode(bytes) : bytes.join();
      if (actual !== (typeof token === "string" ? token.replace(/^\ufeff/, "") : token.join())) differing.push(id);
    }
    expect(differing).toEqual([]);
  });

  it("has every single byte as a token", () => {
    const { vocabulary } = oracleOf();
    const ids = Array.from({ length: 256 }, (_byte, byte) => vocabulary.tokenOfByte(byte));
    expect(new Set(ids).size).toBe(256);
    expect(ids).not.toContain(undefined);
  });
});

describe("support vocabularies", () => {
  it("have the published sizes and end tokens", () => {
    const shapes = [llama3Vocabulary(), gptVocabulary("cl100k_base"), gptVocabulary("o200k_base")].map(
      ({ size, eosTokens }) => [size, eosTokens],
    );
    expect(shapes).toEqual([
      [128_256, [128_001, 128_009]],
      [100_277, [100_257]],
      [200_019, [199_999]],
    ]);
  });

  it("give Llama 3 a tokenizer", () => {
    const { tokenizer } = llama3Vocabulary();
    expect(tokenizer?.encode("Hi", { addSpecialTokens: true })).toEqual([
      128_000,
      ...llama3Tokenizer.encode("Hi", { bos: false, eos: false }),
    ]);
    expect(tokenizer?.decode([128_000, 13_347, 128_009])).toBe("Hi");
  });
});
