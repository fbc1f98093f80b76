import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EspalierError } from "../../../packages/grammar/src/errors/espalier-error.ts";
import { tokenizerFromJson } from "../../../packages/grammar/src/vocabulary/tokenizer-from-json.ts";
import {
  type TokenizerJsonOptions,
  vocabularyFromTokenizerJson,
} from "../../../packages/grammar/src/vocabulary/vocabulary-from-tokenizer-json.ts";
import { byteLevelFile, gemmaFile, sentencePieceFile, unigramFile } from "./tokenizer-files.ts";

const model = (vocab: unknown, more: object = {}): object => ({
  model: { type: "BPE", vocab, merges: [], ...more },
  decoder: { type: "ByteLevel" },
});
const decoder = (section: unknown): object => ({ ...model({ a: 0 }), decoder: section });
const sequence = (...decoders: unknown[]): object => decoder({ type: "Sequence", decoders });
const selfContaining: { type: string; decoders: unknown[] } = { type: "Sequence", decoders: [] };
selfContaining.decoders.push(selfContaining, selfContaining);

describe("malformed files", () => {
  it.each<[string, unknown, TokenizerJsonOptions, string]>([
    ["a number", 5, {}, "tokenizer.json"],
    ["nothing", undefined, {}, "tokenizer.json#/model"],
    ["a file without a model", {}, {}, "tokenizer.json#/model"],
    ["a model that is a list", { model: [] }, {}, "tokenizer.json#/model"],
    ["a model without vocab", { ...model(undefined) }, {}, "tokenizer.json#/model/vocab"],
    ["an id that is text", model({ "a/b": "1" }), {}, "tokenizer.json#/model/vocab/a~1b"],
    ["a negative id", model({ a: -1 }), {}, "tokenizer.json#/model/vocab/a"],
    ["an id that would fill the memory", model({ a: 1e15 }), {}, "tokenizer.json#/model/vocab/a"],
    ["an id twice", model({ a: 0, b: 0 }), {}, "tokenizer.json#/model/vocab/b"],
    [
      "a piece without text",
      model([
        ["a", 0],
        [3, 0],
      ]),
      {},
      "tokenizer.json#/model/vocab/1",
    ],
    ["an unknown piece out of range", model([["a", 0]], { unk_id: 1 }), {}, "tokenizer.json#/model/unk_id"],
    ["added tokens that are no list", { ...model({ a: 0 }), added_tokens: {} }, {}, "tokenizer.json#/added_tokens"],
    [
      "an added token without id",
      { ...model({ a: 0 }), added_tokens: [{ content: "b" }] },
      {},
      "tokenizer.json#/added_tokens/0/id",
    ],
    [
      "an added token without content",
      { ...model({ a: 0 }), added_tokens: [{ id: 1 }] },
      {},
      "tokenizer.json#/added_tokens/0/content",
    ],
    [
      "an added token that is special in words",
      { ...model({ a: 0 }), added_tokens: [{ id: 1, content: "b", special: "yes" }] },
      {},
      "tokenizer.json#/added_tokens/0/special",
    ],
    ["a decoder without type", decoder({}), {}, "tokenizer.json#/decoder/type"],
    ["a sequence without steps", decoder({ type: "Sequence" }), {}, "tokenizer.json#/decoder/decoders"],
    [
      "a replacement of nothing",
      sequence({ type: "Replace", pattern: { String: "" }, content: "" }),
      {},
      "tokenizer.json#/decoder/decoders/0/pattern/String",
    ],
    [
      "a Metaspace of nothing",
      decoder({ type: "Metaspace", replacement: "" }),
      {},
      "tokenizer.json#/decoder/replacement",
    ],
    [
      "a strip of half a character",
      sequence({ type: "Strip", content: " ", start: 0.5 }),
      {},
      "tokenizer.json#/decoder/decoders/0/start",
    ],
    [
      "an end token out of range",
      model({ a: 0 }),
      { generationConfig: { eos_token_id: [0, 1] } },
      "generation_config.json#/eos_token_id/1",
    ],
    ["an end token that is text", model({ a: 0 }), { config: { eos_token_id: "a" } }, "config.json#/eos_token_id"],
    [
      "an end token by a name that does not exist",
      model({ a: 0 }),
      { tokenizerConfig: { eos_token: "b" } },
      "tokenizer_config.json#/eos_token",
    ],
    ["no end token", model({ a: 0 }), {}, "eosTokens"],
    ["a width that is no number", model({ a: 0 }), { config: { vocab_size: "3" } }, "config.json#/vocab_size"],
    ["a width that would fill the memory", model({ a: 0 }), { modelVocabSize: 1e15 }, "modelVocabSize"],
    [
      "an added token under a name",
      model({ a: 0 }),
      { tokenizerConfig: { added_tokens_decoder: { x: { content: "b" } } } },
      "tokenizer_config.json#/added_tokens_decoder/x",
    ],
  ])("refuses %s", (_, json, options, place) => {
    expect(() => vocabularyFromTokenizerJson(json, options)).toThrow(
      expect.objectContaining({
        code: "invalid-input",
        place,
        message: expect.stringMatching(/^[A-Z].*\.$/s),
      }),
    );
  });

  it.each<[string, unknown, string]>([
    ["WordPiece", { ...model({ a: 0 }), model: { type: "WordPiece", vocab: { a: 0 } } }, "tokenizer.json#/model"],
    ["end-of-word suffixes", model({ a: 0 }, { end_of_word_suffix: "</w>" }), "tokenizer.json#/model"],
    ["words joined by spaces", decoder(null), "tokenizer.json#/decoder"],
    ["a WordPiece decoder", decoder({ type: "WordPiece" }), "tokenizer.json#/decoder"],
    ["a CTC decoder", sequence({ type: "CTC" }), "tokenizer.json#/decoder/decoders/0"],
    [
      "a replacement by pattern",
      sequence({ type: "Replace", pattern: { Regex: "a+" }, content: "b" }),
      "tokenizer.json#/decoder/decoders/0",
    ],
    [
      "a replacement that grows",
      sequence({ type: "Replace", pattern: { String: "a" }, content: "aa" }),
      "tokenizer.json#/decoder/decoders/0",
    ],
    [
      "a replacement across tokens",
      sequence({ type: "Fuse" }, { type: "Replace", pattern: { String: "ab" }, content: "" }),
      "tokenizer.json#/decoder/decoders/1",
    ],
    [
      "an end that is stripped",
      sequence({ type: "Fuse" }, { type: "Strip", content: " ", stop: 1 }),
      "tokenizer.json#/decoder/decoders/1",
    ],
    ["a decoder that contains itself", decoder(selfContaining), "tokenizer.json#/decoder"],
  ])("does not support %s", (_, json, place) => {
    expect(() => vocabularyFromTokenizerJson(json, { eosTokens: [0] })).toThrow(
      expect.objectContaining({ code: "unsupported", place }),
    );
  });

  it("ends in a vocabulary or a typed error when any part of a file is anything", () => {
    const files = [byteLevelFile, sentencePieceFile, gemmaFile, unigramFile];
    const paths = [
      "",
      "added_tokens",
      "pre_tokenizer",
      "decoder",
      "model",
      "model/vocab",
      "model/unk_token",
      "model/unk_id",
      "added_tokens/0",
      "decoder/type",
      "decoder/decoders",
      "decoder/decoders/0",
      "added_tokens/1/id",
    ];
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 3 }),
      fc.constantFrom(null, [], {}, -1, 1e15, [[]], [null], { type: "Sequence", decoders: [null] }),
    );
    fc.assert(
      fc.property(
        fc.constantFrom(...files),
        fc.constantFrom(...paths),
        values,
        fc.boolean(),
        (fileOf, path, value, asTokenizer) => {
          const json = replaceAt(fileOf(), path === "" ? [] : path.split("/"), value);
          try {
            if (asTokenizer) tokenizerFromJson(json).encode("Hello wörld");
            else vocabularyFromTokenizerJson(json, { generationConfig: { eos_token_id: 1 } });
          } catch (error) {
            if (!(error instanceof EspalierError)) throw error;
          }
        },
      ),
      { numRuns: 600 },
    );
  });

  it("names the cause when the library refuses a tokenizer", () => {
    expect(() => tokenizerFromJson({ ...byteLevelFile(), normalizer: { type: "Rot13" } })).toThrow(
      expect.objectContaining({
        code: "invalid-input",
        place: "tokenizer.json",
        cause: expect.any(Error),
      }),
    );
  });

  it("refuses to encode to a token that does not exist, and to decode one", () => {
    const tokenizer = tokenizerFromJson(model({ a: 0 }, { unk_token: "<unk>" }));
    expect(tokenizer.encode("a")).toEqual([0]);
    expect(() => tokenizer.encode("ab")).toThrow(expect.objectContaining({ code: "invalid-input", place: "text" }));
    expect(tokenizer.decode([])).toBe("");
    expect(() => tokenizerFromJson(model({ a: 0 })).decode([7])).toThrow(
      expect.objectContaining({ code: "invalid-input" }),
    );
  });
});

function replaceAt(container: unknown, path: readonly string[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy = structuredClone(container);
  if (typeof copy !== "object" || copy === null) return copy;
  (copy as Record<string, unknown>)[key] = replaceAt((copy as Record<string, unknown>)[key], rest, value);
  return copy;
}
