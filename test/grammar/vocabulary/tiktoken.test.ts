import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { vocabularyFromTiktoken } from "../../../packages/grammar/src/vocabulary/vocabulary-from-tiktoken.ts";

const base64 = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64");

describe("vocabularyFromTiktoken", () => {
  it("reads ranks in any order, with holes, and special tokens above them", () => {
    const vocabulary = vocabularyFromTiktoken("Yg== 3\nYQ== 0\r\n\n", {
      specialTokens: { "<|end|>": 7, "<|pad|>": 5 },
      eosTokens: [7],
    });
    expect(Array.from({ length: 8 }, (_, id) => vocabulary.decode([id]))).toEqual(["a", "", "", "b", "", "", "", ""]);
    expect([vocabulary.size, vocabulary.eosTokens]).toEqual([8, [7]]);
  });

  it("pads to the model's width", () => {
    expect(vocabularyFromTiktoken("YQ== 0", { eosTokens: [], size: 64 }).size).toBe(64);
  });

  it("gives back the bytes of every token", () => {
    const lists = fc.array(fc.uint8Array({ minLength: 1, maxLength: 12 }), { minLength: 1 });
    fc.assert(
      fc.property(lists, (tokens) => {
        const text = tokens.map((bytes, rank) => `${base64(bytes)} ${rank}`).join("\n");
        const vocabulary = vocabularyFromTiktoken(text, { eosTokens: [] });
        tokens.forEach((bytes, rank) => expect(base64(vocabulary.bytes(rank))).toBe(base64(bytes)));
      }),
    );
  });

  it.each([
    ["no rank", "YQ== 0\nYg==", "line 2"],
    ["a negative rank", "YQ== -1", "line 1"],
    ["half a rank", "YQ== 0.5", "line 1"],
    ["a rank that would fill the memory", "YQ== 99999999999", "line 1"],
    ["a third field", "YQ== 0 x", "line 1"],
    ["text that is not base64", "Y*== 0", "line 1"],
    ["base64 cut short", "Y 0", "line 1"],
    ["a rank twice", "YQ== 0\nYg== 0", "line 2"],
  ])("refuses %s", (_, text, place) => {
    expect(() => vocabularyFromTiktoken(text, { eosTokens: [] })).toThrow(
      expect.objectContaining({ code: "invalid-input", place }),
    );
  });
});
