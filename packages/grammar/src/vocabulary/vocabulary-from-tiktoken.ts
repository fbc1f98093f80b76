import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { MAX_SORTABLE_TOKENS } from "./sort-tokens.ts";
import type { TokenId } from "./token-id.ts";
import { Vocabulary, type VocabularyOptions } from "./vocabulary.ts";

export interface TiktokenOptions extends Omit<VocabularyOptions, "tokens" | "specialTokens"> {
  /** The special tokens that the rank file does not list, by name: `{ "<|endoftext|>": 100257 }`. */
  readonly specialTokens?: Readonly<Record<string, TokenId>> | undefined;
}

/** Standard base64, padding optional: `Buffer.from` alone would skip what it does not know. */
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}(?:==)?|[A-Za-z0-9+/]{3}=?)?$/;

/**
 * A vocabulary from a tiktoken rank file: lines of `base64 rank`, the rank being the token's id.
 *
 * @param ranksText the text of a file such as `cl100k_base.tiktoken`
 * @throws InvalidInputError when a line is malformed or a rank is given twice; `place` is the line.
 */
export function vocabularyFromTiktoken(ranksText: string, options: TiktokenOptions): Vocabulary {
  const tokens: (Uint8Array | undefined)[] = [];
  for (const [index, line] of ranksText.split("\n").entries()) {
    if (line.trim() === "") continue;
    const place = `line ${index + 1}`;
    const [base64 = "", rankText = "", ...rest] = line.trim().split(/\s+/);
    const rank = /^\d+$/.test(rankText) ? Number(rankText) : -1;
    if (rank < 0 || rank >= MAX_SORTABLE_TOKENS || rest.length > 0 || !BASE64.test(base64)) {
      throw new InvalidInputError({
        message: `Expected "base64 rank" with a rank below ${MAX_SORTABLE_TOKENS} at ${place}, found ${JSON.stringify(line.slice(0, 80))}.`,
        place,
      });
    }
    if (tokens[rank] !== undefined) {
      throw new InvalidInputError({ message: `Rank ${rank} is given again at ${place}.`, place });
    }
    // A copy of its own: Buffer hands out views of a shared pool.
    tokens[rank] = Uint8Array.from(Buffer.from(base64, "base64"));
  }
  const specialTokens = Object.values(options.specialTokens ?? {});
  const highestId = Math.max(tokens.length - 1, ...specialTokens, ...options.eosTokens);
  return new Vocabulary({
    ...options,
    tokens,
    specialTokens,
    specialTexts: new Map(Object.entries(options.specialTokens ?? {}).map(([text, token]) => [token, text])),
    size: Math.max(options.size ?? 0, highestId + 1),
  });
}
