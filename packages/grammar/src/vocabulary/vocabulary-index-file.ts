import { readFile, rename, rm, writeFile } from "node:fs/promises";
import { endianness } from "node:os";
import { AbortedError } from "../errors/aborted-error.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { ModelError } from "../errors/model-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import type { Tokenizer } from "./tokenizer.ts";
import type { Vocabulary } from "./vocabulary.ts";
import { decodeVocabularyIndex, encodeVocabularyIndex } from "./vocabulary-index.ts";

export interface LoadVocabularyIndexOptions {
  /**
   * {@link Vocabulary.contentHash} of the vocabulary that is expected: an index of another one is refused.
   * @defaultValue any vocabulary will do
   */
  readonly contentHash?: string | undefined;
  /** Text to tokens; an index does not hold it. Without one, nothing is forced. */
  readonly tokenizer?: Tokenizer | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Writes the vocabulary with its token trie to `file` (about 5 MB for 128,000 tokens), so that later processes need neither read
 * tokenizer.json nor build the trie. The file is complete or not there: it is written beside its place and moved.
 *
 * @throws ModelError when it cannot be written; `cause` says why.
 */
export async function saveVocabularyIndex(vocabulary: Vocabulary, file: string): Promise<void> {
  refuseBigEndian();
  const beside = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(beside, encodeVocabularyIndex(vocabulary));
    await rename(beside, file);
  } catch (cause) {
    await rm(beside, { force: true });
    throw new ModelError({ message: `The vocabulary index ${file} cannot be written.`, place: file, cause });
  }
}

/**
 * The vocabulary that {@link saveVocabularyIndex} wrote, its trie ready.
 *
 * @throws ModelError when the file is missing, of another version, truncated or damaged (its SHA-256 is checked).
 * @throws InvalidInputError when it holds another vocabulary than `contentHash` says.
 * @throws AbortedError when the signal fires.
 */
export async function loadVocabularyIndex(file: string, options: LoadVocabularyIndexOptions = {}): Promise<Vocabulary> {
  refuseBigEndian();
  const { contentHash, tokenizer, signal } = options;
  let bytes: Uint8Array;
  try {
    bytes = await readFile(file, signal && { signal });
  } catch (cause) {
    AbortedError.throwIfAborted(signal);
    throw new ModelError({ message: `The vocabulary index ${file} cannot be read.`, place: file, cause });
  }
  const vocabulary = decodeVocabularyIndex(bytes, file, tokenizer);
  if (contentHash === undefined || vocabulary.contentHash === contentHash) return vocabulary;
  throw new InvalidInputError({
    message: `${file} is the index of another vocabulary: its content hash is ${vocabulary.contentHash}, not ${contentHash}.`,
    place: file,
    hint: "Write it again with saveVocabularyIndex.",
  });
}

/** The arrays are taken from the file as they are. */
function refuseBigEndian(): void {
  if (endianness() === "LE") return;
  throw new UnsupportedError({ message: "Vocabulary indices are little-endian files, and this machine is not." });
}
