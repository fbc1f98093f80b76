import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { TokenId } from "./token-id.ts";

/** A key packs this many leading bytes, 0 past the end. */
const KEY_BYTES = 4;

/** Above this, (four leading bytes, token id) no longer fits into the 53 exact bits of a double. */
export const MAX_SORTABLE_TOKENS: number = Math.floor(Number.MAX_SAFE_INTEGER / 256 ** KEY_BYTES);

/**
 * The tokens that have bytes, in ascending byte order; equal bytes in ascending id order.
 *
 * Sorts by the first four bytes with the engine's native sort of doubles (no comparator: ten times faster),
 * then each run that shares them with a comparator. O(n log n) comparisons.
 *
 * @param bytes the bytes of all tokens, one after the other
 * @param offsets token `t` is `bytes[offsets[t] .. offsets[t + 1])`
 * @throws LimitExceededError above {@link MAX_SORTABLE_TOKENS} tokens.
 */
export function sortTokens(bytes: Uint8Array, offsets: Int32Array): Int32Array {
  const idCount = offsets.length - 1;
  if (idCount > MAX_SORTABLE_TOKENS) {
    throw new LimitExceededError({
      message: `The vocabulary has ${idCount} tokens, more than the ${MAX_SORTABLE_TOKENS} that a token trie can hold.`,
      limit: "MAX_SORTABLE_TOKENS",
      allowed: MAX_SORTABLE_TOKENS,
      needed: idCount,
    });
  }
  const keys = leadingByteKeys(bytes, offsets).sort();
  const sorted = new Int32Array(keys.length);
  const compare = (a: TokenId, b: TokenId): number => compareTails(bytes, offsets, a, b);
  let runStart = 0;
  let runPrefix = -1;
  for (let i = 0; i < keys.length; i++) {
    const prefix = Math.floor(keys[i] / idCount);
    sorted[i] = keys[i] - prefix * idCount;
    if (prefix === runPrefix) continue;
    if (i - runStart > 1) sorted.subarray(runStart, i).sort(compare);
    runStart = i;
    runPrefix = prefix;
  }
  if (keys.length - runStart > 1) sorted.subarray(runStart).sort(compare);
  return sorted;
}

function leadingByteKeys(bytes: Uint8Array, offsets: Int32Array): Float64Array {
  const idCount = offsets.length - 1;
  const keys = new Float64Array(idCount);
  let keyCount = 0;
  for (let token = 0; token < idCount; token++) {
    const start = offsets[token];
    const end = offsets[token + 1];
    if (start === end) continue;
    let prefix = 0;
    for (let i = start; i < start + KEY_BYTES; i++) {
      prefix = prefix * 256 + (i < end ? bytes[i] : 0);
    }
    keys[keyCount++] = prefix * idCount + token;
  }
  return keys.subarray(0, keyCount);
}

/** Compares two tokens whose first `KEY_BYTES` bytes are the same, 0 past the end: there, only their lengths can differ. */
function compareTails(bytes: Uint8Array, offsets: Int32Array, a: TokenId, b: TokenId): number {
  const aLength = offsets[a + 1] - offsets[a];
  const bLength = offsets[b + 1] - offsets[b];
  const shared = Math.min(aLength, bLength);
  for (let i = KEY_BYTES; i < shared; i++) {
    const difference = bytes[offsets[a] + i] - bytes[offsets[b] + i];
    if (difference !== 0) return difference;
  }
  return aLength - bLength || a - b;
}
