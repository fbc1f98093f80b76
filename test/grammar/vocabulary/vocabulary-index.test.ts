import { createHash } from "node:crypto";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadVocabularyIndex, saveVocabularyIndex, type Vocabulary, vocabularyFromBytes } from "@espalier/grammar";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  decodeVocabularyIndex,
  encodeVocabularyIndex,
} from "../../../packages/grammar/src/vocabulary/vocabulary-index.ts";
import { runs } from "../../support/runs.ts";
import { byteVocabulary, llama3Vocabulary } from "../../support/vocabularies.ts";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-index-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** Everything that can be read off a vocabulary. */
function contentOf(vocabulary: Vocabulary): unknown {
  const { nodeByte, nodeEnd, nodeDepth, tokenStart, tokens, nodeCount } = vocabulary.trie;
  const { size, eosTokens, maskWords, maxTokenBytes, flatBytes, offsets, contentHash } = vocabulary;
  const arrays = [nodeByte, nodeEnd, nodeDepth, tokenStart, tokens, flatBytes, offsets].map((array) => [...array]);
  return { size, eosTokens, maskWords, maxTokenBytes, contentHash, nodeCount, arrays };
}

const vocabularyArbitrary = fc
  .record({
    tokens: fc.array(fc.option(fc.uint8Array({ maxLength: 6 }), { nil: undefined }), { minLength: 1, maxLength: 40 }),
    spare: fc.nat(40),
    eos: fc.array(fc.nat(), { maxLength: 3 }),
  })
  .map(({ tokens, spare, eos }) =>
    vocabularyFromBytes(tokens, { size: tokens.length + spare, eosTokens: eos.map((token) => token % tokens.length) }),
  );

describe("an index file", () => {
  test("holds the vocabulary", () => {
    fc.assert(
      fc.property(vocabularyArbitrary, (vocabulary) => {
        const copy = decodeVocabularyIndex(encodeVocabularyIndex(vocabulary), "file");
        expect(contentOf(copy)).toEqual(contentOf(vocabulary));
      }),
      { numRuns: runs(200) },
    );
  });

  test("of 128,256 tokens, by way of the disk", async () => {
    const file = join(folder, "llama3.index");
    const vocabulary = llama3Vocabulary();
    await saveVocabularyIndex(vocabulary, file);
    const { contentHash, tokenizer } = vocabulary;
    const copy = await loadVocabularyIndex(file, { contentHash, tokenizer });
    expect(Buffer.compare(encodeVocabularyIndex(copy), encodeVocabularyIndex(vocabulary))).toBe(0);
    expect(copy.contentHash).toBe(contentHash);
    expect(copy.tokenizer).toBe(tokenizer);
    // Written again over itself: complete at every moment.
    await saveVocabularyIndex(copy, file);
    expect((await loadVocabularyIndex(file)).size).toBe(vocabulary.size);
  });

  test("of another vocabulary is refused", async () => {
    const file = join(folder, "other.index");
    await saveVocabularyIndex(byteVocabulary(["ab"]), file);
    const contentHash = byteVocabulary(["ac"]).contentHash;
    await expect(loadVocabularyIndex(file, { contentHash })).rejects.toMatchObject({
      code: "invalid-input",
      place: file,
      message: expect.stringContaining(contentHash),
    });
  });

  test("that is missing, or cannot be written, is an error with its place", async () => {
    const file = join(folder, "nowhere", "file.index");
    await expect(loadVocabularyIndex(file)).rejects.toMatchObject({ code: "model", place: file });
    await expect(saveVocabularyIndex(byteVocabulary(), file)).rejects.toMatchObject({ code: "model", place: file });
    await expect(loadVocabularyIndex(file, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
  });

  test("that was damaged in any byte, or cut anywhere, is refused", async () => {
    const file = encodeVocabularyIndex(byteVocabulary(["ab", "abc"]));
    const path = join(folder, "damaged.index");
    await writeFile(path, file.subarray(0, 100));
    await expect(loadVocabularyIndex(path)).rejects.toMatchObject({ code: "model", place: path });
    expect((await readFile(path)).length).toBe(100);
    fc.assert(
      fc.property(fc.nat(file.length - 1), fc.integer({ min: 1, max: 255 }), (at, change) => {
        // Bytes 12 to 15 say nothing.
        fc.pre(at < 12 || at > 15);
        const damaged = file.slice();
        damaged[at] ^= change;
        expect(() => decodeVocabularyIndex(damaged, "file")).toThrow(expect.objectContaining({ code: "model" }));
        expect(() => decodeVocabularyIndex(file.subarray(0, at), "file")).toThrow(
          expect.objectContaining({ code: "model" }),
        );
      }),
      { numRuns: runs(500) },
    );
  });

  test("whose hash was made to match is refused, or is a vocabulary that can be walked", () => {
    const file = encodeVocabularyIndex(byteVocabulary(["ab", "abc", "zz"]));
    fc.assert(
      fc.property(fc.integer({ min: 48, max: file.length - 1 }), fc.integer({ min: 1, max: 255 }), (at, change) => {
        const forged = file.slice();
        forged[at] ^= change;
        forged.set(createHash("sha256").update(forged.subarray(48)).digest(), 16);
        let vocabulary: Vocabulary;
        try {
          vocabulary = decodeVocabularyIndex(forged, "file");
        } catch (error) {
          expect(error).toMatchObject({ code: "model" });
          return;
        }
        const { trie, size } = vocabulary;
        let steps = 0;
        for (let node = 0; node < trie.nodeCount; node++) {
          for (let child = node + 1; child < trie.nodeEnd[node]; child = trie.nodeEnd[child]) steps++;
          for (let i = trie.tokenStart[node]; i < trie.tokenStart[node + 1]; i++) {
            expect(trie.tokens[i]).toBeLessThan(size);
          }
        }
        expect(steps).toBe(trie.nodeCount - 1);
      }),
      // A subtree that ends inside another one.
      { numRuns: runs(500), examples: [[1528, 24]] },
    );
  });
});
