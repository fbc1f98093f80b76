import type { TokenText } from "@espalier/decoder";

/** The end of text in {@link byteVocabulary}. */
export const EOS = 256;

/** Tokens 0 .. 255 are the bytes, 256 ends the text, further ones spell `words`. */
export function byteVocabulary(words: readonly string[] = []): TokenText {
  const encoder = new TextEncoder();
  const tokens = [
    ...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)),
    new Uint8Array(0),
    ...words.map((word) => encoder.encode(word)),
  ];
  return { size: tokens.length, eosTokens: [EOS], bytes: (token) => tokens[token] };
}

/** One token a byte. */
export function byteTokens(text: string): number[] {
  return [...new TextEncoder().encode(text)];
}
