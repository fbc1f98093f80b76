import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

/**
 * The fewest tokens of `vocabulary` that spell `bytes`, in order; undefined when it cannot spell them. O(bytes × longest token).
 * @param maxBytes texts longer than this are refused @defaultValue 1,000,000
 */
export function coverWithTokens(
  vocabulary: Vocabulary,
  bytes: Uint8Array,
  maxBytes = 1_000_000,
): TokenId[] | undefined {
  if (bytes.length > maxBytes) {
    throw new LimitExceededError({
      message: `A text of ${bytes.length} bytes is longer than maxBytes (${maxBytes}).`,
      limit: "maxBytes",
      allowed: maxBytes,
      needed: bytes.length,
    });
  }
  const { trie } = vocabulary;
  const fewest = new Int32Array(bytes.length + 1).fill(0x7fffffff);
  const token = new Int32Array(bytes.length + 1);
  fewest[bytes.length] = 0;
  for (let start = bytes.length - 1; start >= 0; start--) {
    let node = 0;
    for (let end = start; end < bytes.length;) {
      node = trie.child(node, bytes[end++]);
      if (node < 0) break;
      const here = trie.tokenStart[node];
      if (here === trie.tokenStart[node + 1] || fewest[end] === 0x7fffffff) continue;
      if (fewest[end] + 1 <= fewest[start]) {
        fewest[start] = fewest[end] + 1;
        token[start] = trie.tokens[here]!;
      }
    }
  }
  if (fewest[0] === 0x7fffffff) return undefined;
  const cover: TokenId[] = [];
  for (let at = 0; at < bytes.length; at += vocabulary.bytes(cover.at(-1)!).length) cover.push(token[at]);
  return cover;
}
