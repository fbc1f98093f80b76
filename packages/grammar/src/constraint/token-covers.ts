import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { TokenId } from "../vocabulary/token-id.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";

const UNREACHABLE = 0x7fffffff;
/** A longer text is not kept for the next one. */
const KEPT_BYTES = 65_536;

/**
 * The fewest tokens of a vocabulary that spell texts. What a text has in common with the end of the one before is not looked at again:
 * the ways to complete the states after a thousand tokens are alike but for their beginnings.
 *
 * O(bytes that are not alike × longest token), and a comparison of the others.
 */
export class TokenCovers {
  readonly #vocabulary: Vocabulary;
  readonly #maxBytes: number;
  #text: Uint8Array = new Uint8Array(0);
  /** By how many bytes of the text are left: how many tokens spell them. */
  #fewest = new Int32Array(1);
  /** The first of those tokens. */
  #first = new Int32Array(1);

  /** @param maxBytes texts longer than this are refused @defaultValue 1,000,000 */
  constructor(vocabulary: Vocabulary, maxBytes = 1_000_000) {
    this.#vocabulary = vocabulary;
    this.#maxBytes = maxBytes;
  }

  /** How many tokens it takes; undefined when the vocabulary cannot spell `bytes`. */
  count(bytes: Uint8Array): number | undefined {
    this.#cover(bytes);
    const count = this.#fewest[bytes.length];
    this.#release();
    return count === UNREACHABLE ? undefined : count;
  }

  /** The tokens in order; undefined when the vocabulary cannot spell `bytes`. */
  of(bytes: Uint8Array): TokenId[] | undefined {
    this.#cover(bytes);
    let cover: TokenId[] | undefined;
    if (this.#fewest[bytes.length] !== UNREACHABLE) {
      cover = [];
      for (let left = bytes.length; left > 0; left -= this.#vocabulary.bytes(cover.at(-1)!).length) {
        cover.push(this.#first[left]);
      }
    }
    this.#release();
    return cover;
  }

  #cover(bytes: Uint8Array): void {
    const { length } = bytes;
    if (length > this.#maxBytes) {
      throw new LimitExceededError({
        message: `A text of ${length} bytes is longer than maxBytes (${this.#maxBytes}).`,
        limit: "maxBytes",
        allowed: this.#maxBytes,
        needed: length,
      });
    }
    const before = this.#text;
    const mostAlike = Math.min(length, before.length);
    let alike = 0;
    while (alike < mostAlike && bytes[length - 1 - alike] === before[before.length - 1 - alike]) alike++;
    this.#text = bytes;
    this.#grow(length + 1);
    const { trie } = this.#vocabulary;
    const fewest = this.#fewest;
    const first = this.#first;
    fewest[0] = 0;
    for (let left = alike + 1; left <= length; left++) {
      let best = UNREACHABLE;
      let node = 0;
      for (let rest = left; rest > 0;) {
        node = trie.child(node, bytes[length - rest--]);
        if (node < 0) break;
        const token = trie.tokenStart[node];
        if (token === trie.tokenStart[node + 1] || fewest[rest] === UNREACHABLE) continue;
        if (fewest[rest] < best) {
          // Of several tokens that lead to as few, the longest.
          best = fewest[rest] + 1;
          first[left] = trie.tokens[token]!;
        }
      }
      fewest[left] = best;
    }
  }

  #grow(size: number): void {
    if (this.#fewest.length >= size) return;
    const capacity = Math.max(size, 2 * this.#fewest.length);
    const fewest = new Int32Array(capacity);
    const first = new Int32Array(capacity);
    fewest.set(this.#fewest);
    first.set(this.#first);
    this.#fewest = fewest;
    this.#first = first;
  }

  #release(): void {
    if (this.#text.length <= KEPT_BYTES) return;
    this.#text = new Uint8Array(0);
    this.#fewest = new Int32Array(1);
    this.#first = new Int32Array(1);
  }
}
