import type { TokenId } from "../vocabulary/token-id.ts";

/** The words of a mask over `size` tokens: 32 tokens a word. */
export function maskWordCount(size: number): number {
  return (size + 31) >>> 5;
}

export function isAllowed(words: Uint32Array, token: TokenId): boolean {
  return ((words[token >>> 5] >>> (token & 31)) & 1) === 1;
}

export function allow(words: Uint32Array, token: TokenId): void {
  words[token >>> 5] |= 1 << (token & 31);
}

export function forbid(words: Uint32Array, token: TokenId): void {
  words[token >>> 5] &= ~(1 << (token & 31));
}

export function allowAll(words: Uint32Array, tokens: Int32Array): void {
  for (let i = 0; i < tokens.length; i++) words[tokens[i] >>> 5] |= 1 << (tokens[i] & 31);
}

export function forbidAll(words: Uint32Array, tokens: Int32Array): void {
  for (let i = 0; i < tokens.length; i++) words[tokens[i] >>> 5] &= ~(1 << (tokens[i] & 31));
}

/** How many tokens the mask allows. */
export function countAllowed(words: Uint32Array): number {
  let count = 0;
  for (let w = 0; w < words.length; w++) if (words[w] !== 0) count += bitCount(words[w]);
  return count;
}

/** How many bits of a word are set. */
export function bitCount(word: number): number {
  const pairs = word - ((word >>> 1) & 0x55555555);
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Appends the allowed tokens to `into` in ascending order, at most `limit` of them; returns how many there were to append. */
export function listAllowed(words: Uint32Array, into: TokenId[], limit: number): number {
  let count = 0;
  for (let w = 0; w < words.length; w++) {
    let word = words[w];
    while (word !== 0) {
      if (count === limit) return count;
      const bit = 31 - Math.clz32(word & -word);
      into.push((w << 5) | bit);
      count++;
      word &= word - 1;
    }
  }
  return count;
}

/** The allowed tokens in ascending order. */
export function allowedTokens(words: Uint32Array): Int32Array {
  const tokens: TokenId[] = [];
  listAllowed(words, tokens, Infinity);
  return Int32Array.from(tokens);
}
