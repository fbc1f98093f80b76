import { createHash } from "node:crypto";
import { ModelError } from "../errors/model-error.ts";
import type { TokenId } from "./token-id.ts";
import { TokenTrie } from "./token-trie.ts";
import type { Tokenizer } from "./tokenizer.ts";
import { Vocabulary } from "./vocabulary.ts";

/**
 * A vocabulary with its token trie as bytes. Little-endian, arrays one after the other, each aligned by those before it:
 *
 *     bytes  content
 *         8  magic
 *         4  format version
 *         4  0
 *        32  SHA-256 of all that follows
 *        28  lengths, 32 bit: tokens, longest token, end-of-text tokens, bytes of all tokens, trie nodes, tokens in the trie,
 *            bytes of the texts of special tokens
 *            end-of-text tokens, offsets, nodeEnd, tokenStart, trie tokens (32 bit)
 *            nodeDepth (16 bit)
 *            nodeByte, bytes of all tokens
 *            texts of special tokens: JSON, [[token, text], …]
 */
const MAGIC = "ESPVOCAB";
const FORMAT_VERSION = 1;
const HASH_START = 16;
const HASHED_FROM = 48;
const HEADER_BYTES = 76;

/** The index of a vocabulary as a file's bytes. O(bytes). */
export function encodeVocabularyIndex(vocabulary: Vocabulary): Uint8Array {
  const { trie, flatBytes, offsets, eosTokens, size, maxTokenBytes } = vocabulary;
  const specialTexts = new TextEncoder().encode(JSON.stringify([...vocabulary.specialTexts]));
  const arrays = [
    Int32Array.from(eosTokens),
    offsets,
    trie.nodeEnd,
    trie.tokenStart,
    trie.tokens,
    trie.nodeDepth,
    trie.nodeByte,
    flatBytes,
    specialTexts,
  ];
  const file = new Uint8Array(arrays.reduce((length, array) => length + array.byteLength, HEADER_BYTES));
  new TextEncoder().encodeInto(MAGIC, file);
  const view = new DataView(file.buffer);
  view.setUint32(8, FORMAT_VERSION, true);
  const lengths = [size, maxTokenBytes, eosTokens.length, flatBytes.length, trie.nodeCount, trie.tokens.length];
  [...lengths, specialTexts.length].forEach((length, i) => view.setUint32(HASHED_FROM + 4 * i, length, true));
  let at = HEADER_BYTES;
  for (const array of arrays) {
    file.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), at);
    at += array.byteLength;
  }
  file.set(hashOf(file), HASH_START);
  return file;
}

/**
 * The vocabulary that {@link encodeVocabularyIndex} wrote. It is made of views of `file`.
 * @param place the file, for errors
 * @throws ModelError when the file is of another format or version, truncated or damaged.
 */
export function decodeVocabularyIndex(file: Uint8Array, place: string, tokenizer?: Tokenizer): Vocabulary {
  const refuse = (why: string): never => {
    throw new ModelError({
      message: `${place} is not a vocabulary index that can be used: ${why}.`,
      place,
      hint: "Write it again with saveVocabularyIndex.",
    });
  };
  const aligned = file.byteOffset % 4 === 0 ? file : file.slice();
  if (aligned.length < HEADER_BYTES || new TextDecoder().decode(aligned.subarray(0, 8)) !== MAGIC) {
    refuse(`it does not begin with ${MAGIC}`);
  }
  const view = new DataView(aligned.buffer, aligned.byteOffset, aligned.byteLength);
  const version = view.getUint32(8, true);
  if (version !== FORMAT_VERSION) refuse(`its format is version ${version}, not ${FORMAT_VERSION}`);
  const lengths = Array.from({ length: 7 }, (_, i) => view.getUint32(HASHED_FROM + 4 * i, true));
  const [size, maxTokenBytes, eosCount, byteCount, nodeCount, tokenCount, specialCount] = lengths;
  const words = eosCount + (size + 1) + nodeCount + (nodeCount + 1) + tokenCount;
  const needed = HEADER_BYTES + 4 * words + 3 * nodeCount + byteCount + specialCount;
  if (aligned.length !== needed) refuse(`it has ${aligned.length} bytes where its header says ${needed}`);
  const expected = aligned.subarray(HASH_START, HASHED_FROM);
  if (!hashOf(aligned).every((byte, i) => byte === expected[i])) refuse("its content does not match its SHA-256");

  let at = aligned.byteOffset + HEADER_BYTES;
  const { buffer } = aligned;
  const next32 = (length: number): Int32Array => new Int32Array(buffer, (at += 4 * length) - 4 * length, length);
  const eosTokens: TokenId[] = [...next32(eosCount)];
  const offsets = next32(size + 1);
  const nodeEnd = next32(nodeCount);
  const tokenStart = next32(nodeCount + 1);
  const tokens = next32(tokenCount);
  const nodeDepth = new Uint16Array(buffer, at, nodeCount);
  const nodeByte = new Uint8Array(buffer, at + 2 * nodeCount, nodeCount);
  const flatBytes = new Uint8Array(buffer, at + 3 * nodeCount, byteCount);
  const specialTexts = readSpecialTexts(new Uint8Array(buffer, at + 3 * nodeCount + byteCount, specialCount), size);
  const trie = new TokenTrie({ nodeByte, nodeEnd, nodeDepth, tokenStart, tokens });
  // The hash finds accidents. What was made on purpose may be wrong, but must not lead a walk in circles or out of the arrays.
  if (
    !isAscending(offsets, byteCount) ||
    !isAscending(tokenStart, tokenCount) ||
    !isTree(trie, maxTokenBytes) ||
    specialTexts === undefined ||
    ![...eosTokens, ...tokens].every((token) => token >= 0 && token < size)
  ) {
    return refuse("its arrays do not fit each other");
  }
  return new Vocabulary({ flatBytes, offsets, eosTokens, maxTokenBytes, trie, tokenizer, specialTexts });
}

function readSpecialTexts(bytes: Uint8Array, size: number): Map<TokenId, string> | undefined {
  let entries: unknown;
  try {
    entries = JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    return undefined;
  }
  const isEntry = (entry: unknown): entry is [TokenId, string] =>
    Array.isArray(entry) &&
    Number.isInteger(entry[0]) &&
    entry[0] >= 0 &&
    entry[0] < size &&
    typeof entry[1] === "string";
  return Array.isArray(entries) && entries.every(isEntry) ? new Map(entries) : undefined;
}

function hashOf(file: Uint8Array): Uint8Array {
  return createHash("sha256").update(file.subarray(HASHED_FROM)).digest();
}

/** From 0 to `last`, never down. */
function isAscending(positions: Int32Array, last: number): boolean {
  for (let i = 1; i < positions.length; i++) if (positions[i] < positions[i - 1]) return false;
  return positions[0] === 0 && positions[positions.length - 1] === last;
}

/** Whether subtrees are nested, and depths are those of a depth-first order. */
function isTree({ nodeEnd, nodeDepth, nodeCount }: TokenTrie, maxDepth: number): boolean {
  if (nodeCount === 0 || nodeEnd[0] !== nodeCount || nodeDepth[0] !== 0) return false;
  const open = new Int32Array(maxDepth + 1);
  open[0] = nodeCount;
  for (let node = 1; node < nodeCount; node++) {
    const depth = nodeDepth[node];
    if (depth < 1 || depth > maxDepth || depth > nodeDepth[node - 1] + 1) return false;
    // What is no ancestor has ended right here.
    for (let ended = depth; ended <= nodeDepth[node - 1]; ended++) if (open[ended] !== node) return false;
    if (nodeEnd[node] <= node || nodeEnd[node] > open[depth - 1]) return false;
    open[depth] = nodeEnd[node];
  }
  for (let last = nodeDepth[nodeCount - 1]; last > 0; last--) if (open[last] !== nodeCount) return false;
  return true;
}
