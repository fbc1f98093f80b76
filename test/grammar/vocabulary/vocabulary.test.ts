import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InvalidInputError } from "../../../packages/grammar/src/errors/invalid-input-error.ts";
import { vocabularyFromBytes } from "../../../packages/grammar/src/vocabulary/vocabulary-from-bytes.ts";
import { Vocabulary, type VocabularyOptions } from "../../../packages/grammar/src/vocabulary/vocabulary.ts";
import { byteVocabulary, wordVocabulary } from "../../support/vocabularies.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe("Vocabulary", () => {
  it("gives each token its bytes and the special ones none", () => {
    const vocabulary = vocabularyFromBytes(["a", "<eos>", "é", undefined, "<pad>"], {
      eosTokens: [1, 1],
      specialTokens: [4],
      size: 40,
    });
    expect(Array.from({ length: 6 }, (_, id) => [...vocabulary.bytes(id)])).toEqual([
      [97],
      [],
      [0xc3, 0xa9],
      [],
      [],
      [],
    ]);
    expect([0, 1, 2, 3, 4, 39].filter((id) => vocabulary.isSpecial(id))).toEqual([1, 3, 4, 39]);
    expect(vocabulary.eosTokens).toEqual([1]);
    expect([vocabulary.size, vocabulary.maskWords, vocabulary.maxTokenBytes]).toEqual([40, 2, 2]);
    expect(String(vocabulary)).toBe("Vocabulary(40 tokens, at most 2 bytes each, eos 1)");
  });

  it("keeps its own copy of the bytes", () => {
    const bytes = utf8("a");
    const vocabulary = vocabularyFromBytes([bytes], { eosTokens: [] });
    bytes[0] = 0;
    expect([...vocabulary.bytes(0)]).toEqual([97]);
  });

  it("decodes to the bytes of the tokens, one after the other", () => {
    const vocabulary = byteVocabulary(["he", "llo", "€"]);
    fc.assert(
      fc.property(fc.array(fc.nat(vocabulary.size - 1)), (ids) => {
        const bytes = ids.flatMap((id) => [...vocabulary.bytes(id)]);
        expect([...vocabulary.decodeBytes(ids)]).toEqual(bytes);
        expect(vocabulary.decode(ids)).toBe(Buffer.from(bytes).toString("utf8"));
      }),
    );
    expect(vocabulary.decode([256, 257, 0xe2, 0x82, 0xac, 258, 259])).toBe("hello€€");
    expect(vocabulary.decode([0xef, 0xbb, 0xbf])).toBe("\ufeff");
  });

  it("knows the lowest token of a single byte", () => {
    expect(byteVocabulary(["a"]).tokenOfByte(97)).toBe(97);
    const vocabulary = wordVocabulary(["bc", "a", "a"]);
    expect([vocabulary.tokenOfByte(97), vocabulary.tokenOfByte(98), vocabulary.tokenOfByte(0)]).toEqual([
      1,
      undefined,
      undefined,
    ]);
  });

  it("hashes what masks depend on", () => {
    const hash = (tokens: (string | undefined)[], options: Omit<VocabularyOptions, "tokens">): string =>
      vocabularyFromBytes(tokens, options).contentHash;
    const base = hash(["a", "b", undefined], { eosTokens: [2] });
    expect(base).toMatch(/^[0-9a-f]{64}$/);
    expect(hash(["a", "b", "</s>"], { eosTokens: [2] })).toBe(base);
    const others = [
      hash(["a", "c", undefined], { eosTokens: [2] }),
      hash(["b", "a", undefined], { eosTokens: [2] }),
      hash(["ab", undefined, undefined], { eosTokens: [2] }),
      hash(["a", "b", undefined], { eosTokens: [] }),
      hash(["a", "b", undefined], { eosTokens: [2], size: 4 }),
    ];
    expect(new Set([base, ...others]).size).toBe(6);
  });

  it.each<[string, VocabularyOptions, string]>([
    ["an end token that does not exist", { tokens: [utf8("a")], eosTokens: [1] }, "eosTokens"],
    ["a negative special token", { tokens: [utf8("a")], eosTokens: [], specialTokens: [-1] }, "specialTokens"],
    ["half a token", { tokens: [utf8("a")], eosTokens: [0.5] }, "eosTokens"],
    ["a size below the tokens", { tokens: [utf8("a"), utf8("b")], eosTokens: [], size: 1 }, "size"],
    ["a size without end", { tokens: [], eosTokens: [], size: 1e12 }, "size"],
    ["a size that is no number", { tokens: [], eosTokens: [], size: Number.NaN }, "size"],
    ["a token too long", { tokens: [new Uint8Array(0x10000)], eosTokens: [] }, "tokens[0]"],
  ])("refuses %s", (_, options, place) => {
    expect(() => new Vocabulary(options)).toThrow(expect.objectContaining({ code: "invalid-input", place }));
  });

  it("refuses ids out of range", () => {
    const vocabulary = wordVocabulary(["a"]);
    for (const id of [-1, 2, 0.5, Number.NaN]) {
      expect(() => vocabulary.bytes(id)).toThrow(InvalidInputError);
      expect(() => vocabulary.isSpecial(id)).toThrow(InvalidInputError);
      expect(() => vocabulary.decode([0, id])).toThrow(InvalidInputError);
    }
  });
});
