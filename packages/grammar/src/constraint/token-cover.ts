import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import { TokenCovers } from "./token-covers.ts";

/**
 * The fewest tokens of `vocabulary` that spell `bytes`, in order; undefined when it cannot spell them. O(bytes × longest token).
 * @param maxBytes texts longer than this are refused @defaultValue 1,000,000
 * @throws LimitExceededError for longer texts
 */
export function coverWithTokens(vocabulary: Vocabulary, bytes: Uint8Array, maxBytes?: number): TokenId[] | undefined {
  return new TokenCovers(vocabulary, maxBytes).of(bytes);
}
