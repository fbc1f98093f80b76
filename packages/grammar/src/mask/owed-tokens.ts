import type { TokenId } from "../vocabulary/token-id.ts";
import { allow, bitCount, isAllowed } from "./bitmask.ts";
import type { TokenSink } from "./passages.ts";

/** More tokens are not listed. */
const MANY_TOKENS = 4_096;

const NO_WORDS = new Uint32Array(0);
const NO_TOKENS = new Int32Array(0);

/**
 * A mask that is being made, and what of it the top frame of the state does not allow by itself: the tokens that it owes to the frames below,
 * listed as long as they are few.
 */
export class OwedTokens implements TokenSink {
  /** The mask. */
  words: Uint32Array = NO_WORDS;
  readonly #listed = new Int32Array(MANY_TOKENS);
  #count = 0;
  #isWide = false;

  /** Begins with a mask that allows nothing. */
  begin(words: Uint32Array): void {
    words.fill(0);
    this.words = words;
    this.#count = 0;
    this.#isWide = false;
  }

  addToken(token: TokenId): void {
    allow(this.words, token);
    if (this.#count < MANY_TOKENS) this.#listed[this.#count++] = token;
    else this.#isWide = true;
  }

  addWords(wide: Uint32Array): void {
    this.#isWide = true;
    const { words } = this;
    for (let word = 0; word < wide.length; word++) words[word] |= wide[word];
  }

  /**
   * Adds the tokens of a mask that are in another one.
   * @param texts overwritten
   */
  addCommon(texts: Uint32Array, others: Uint32Array): void {
    const { words } = this;
    let count = 0;
    for (let word = 0; word < others.length; word++) {
      const added = texts[word] & others[word] & ~words[word];
      texts[word] = added;
      if (added === 0) continue;
      words[word] |= added;
      count += bitCount(added);
    }
    this.#isWide ||= this.#count + count > MANY_TOKENS;
    if (!this.#isWide && count > 0) this.#list(texts, others.length);
  }

  #list(words: Uint32Array, length: number): void {
    for (let word = 0; word < length; word++) {
      for (let rest = words[word]; rest !== 0; rest &= rest - 1) {
        this.#listed[this.#count++] = word * 32 + 31 - Math.clz32(rest & -rest);
      }
    }
  }

  /** The tokens that were added; undefined when they are too many to list. */
  list(): Int32Array | undefined {
    if (this.#isWide) return undefined;
    // A difference may have taken away what its base had added.
    let count = 0;
    for (let i = 0; i < this.#count; i++) {
      const token = this.#listed[i];
      if (isAllowed(this.words, token)) this.#listed[count++] = token;
    }
    return count === 0 ? NO_TOKENS : this.#listed.slice(0, count);
  }
}
