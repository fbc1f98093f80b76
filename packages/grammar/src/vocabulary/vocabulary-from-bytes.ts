import { type VocabularyOptions, Vocabulary } from "./vocabulary.ts";

/**
 * A vocabulary from a plain list: token `i` adds `tokens[i]`, text as UTF-8.
 * `undefined` and empty entries are special tokens.
 * @throws InvalidInputError when an id in `options` is out of range.
 */
export function vocabularyFromBytes(
  tokens: readonly (Uint8Array | string | undefined)[],
  options: Omit<VocabularyOptions, "tokens">,
): Vocabulary {
  const encoder = new TextEncoder();
  return new Vocabulary({
    ...options,
    tokens: tokens.map((token) => (typeof token === "string" ? encoder.encode(token) : token)),
  });
}
