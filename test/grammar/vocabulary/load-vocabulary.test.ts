import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { loadVocabulary } from "../../../packages/grammar/src/vocabulary/load-vocabulary.ts";
import { byteLevelFile, sentencePieceFile } from "./tokenizer-files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-vocabulary-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function write(files: Record<string, unknown>): Promise<void> {
  for (const [name, content] of Object.entries(files)) {
    await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  }
}

describe("loadVocabulary", () => {
  it("reads a folder with all four files", async () => {
    await write({
      "tokenizer.json": sentencePieceFile(),
      "tokenizer_config.json": { eos_token: "</s>", tokenizer_class: "LlamaTokenizer" },
      "generation_config.json": { eos_token_id: [2, 1] },
      "config.json": { vocab_size: 512, eos_token_id: 2 },
    });
    const vocabulary = await loadVocabulary(folder);
    expect([vocabulary.size, vocabulary.eosTokens]).toEqual([512, [2, 1]]);
    const ids = vocabulary.tokenizer!.encode("Hello world");
    expect([vocabulary.decode(ids), vocabulary.tokenizer!.decode(ids)]).toEqual([" Hello world", "Hello world"]);
  });

  it("needs only tokenizer.json", async () => {
    await write({ "tokenizer.json": byteLevelFile() });
    expect((await loadVocabulary(folder)).eosTokens).toEqual([byteLevelFile().added_tokens[0].id]);
    expect((await loadVocabulary(folder, { eosTokens: [3] })).eosTokens).toEqual([3]);
  });

  it("says which file is missing or broken", async () => {
    const failure = (file: string): object => expect.objectContaining({ code: "model", place: join(folder, file) });
    await expect(loadVocabulary(folder)).rejects.toThrow(failure("tokenizer.json"));
    await write({ "tokenizer.json": JSON.stringify(byteLevelFile()).slice(0, 1000) });
    await expect(loadVocabulary(folder)).rejects.toThrow(failure("tokenizer.json"));
    await write({ "tokenizer.json": byteLevelFile(), "config.json": "{" });
    await expect(loadVocabulary(folder)).rejects.toThrow(failure("config.json"));
    await write({ "config.json": { vocab_size: -1 } });
    await expect(loadVocabulary(folder)).rejects.toThrow(
      expect.objectContaining({ code: "invalid-input", place: "config.json#/vocab_size" }),
    );
  });

  it("stops at its signal", async () => {
    await write({ "tokenizer.json": byteLevelFile() });
    await expect(loadVocabulary(folder, { signal: AbortSignal.abort("enough") })).rejects.toThrow(
      expect.objectContaining({ code: "aborted", cause: "enough" }),
    );
  });
});
