import { Tokenizer as HuggingFaceTokenizer } from "@huggingface/tokenizers";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import type { TokenId } from "./token-id.ts";
import type { Tokenizer } from "./tokenizer.ts";

/** The part of `@huggingface/tokenizers` that is used here: its declarations do not resolve under Node's module resolution. */
interface BackingTokenizer {
  encode(text: string, options: { readonly add_special_tokens: boolean }): { readonly ids: number[] };
  decode(
    ids: number[],
    options: { readonly skip_special_tokens: boolean; readonly clean_up_tokenization_spaces: boolean },
  ): string;
  id_to_token(id: number): string | undefined;
}

const Backing = HuggingFaceTokenizer as unknown as new (tokenizer: object, config: unknown) => BackingTokenizer;

/**
 * A tokenizer from a parsed tokenizer.json and tokenizer_config.json; `@huggingface/tokenizers` does the work.
 *
 * Decoding never cleans up spaces (`clean_up_tokenization_spaces`): the text is what the tokens say. Encoding may lose text, as the
 * tokenizer itself does: characters that it cannot spell become the unknown token or, without one, nothing.
 *
 * @throws InvalidInputError when the files do not describe a tokenizer that it knows; `cause` is its error.
 *   The tokenizer throws the same for ids that do not exist.
 */
export function tokenizerFromJson(tokenizerJson: unknown, tokenizerConfig: unknown = {}): Tokenizer {
  const tokenizer = guard("tokenizer.json does not describe a usable tokenizer", () => {
    const optional = {
      added_tokens: [],
      normalizer: null,
      pre_tokenizer: null,
      post_processor: null,
      decoder: null,
    };
    return new Backing({ ...optional, ...(tokenizerJson as object) }, tokenizerConfig ?? {});
  });
  return {
    encode(text: string, options?: { readonly addSpecialTokens?: boolean }): TokenId[] {
      const { ids } = guard("The tokenizer failed to encode a text", () =>
        tokenizer.encode(text, { add_special_tokens: options?.addSpecialTokens ?? false }),
      );
      // A file may name an unknown token that it does not have: it comes back as undefined.
      if (!ids.every(Number.isInteger)) {
        throw new InvalidInputError({
          message: "The text has a character that no token of the tokenizer spells.",
          place: "text",
        });
      }
      return ids;
    },
    decode(ids: readonly TokenId[], options?: { readonly skipSpecialTokens?: boolean }): string {
      if (ids.length === 0) return "";
      for (const id of ids) {
        if (tokenizer.id_to_token(id) !== undefined) continue;
        throw new InvalidInputError({ message: `The tokenizer has no token ${id}.`, place: "ids" });
      }
      return guard("The tokenizer failed to decode tokens", () =>
        tokenizer.decode([...ids], {
          skip_special_tokens: options?.skipSpecialTokens ?? true,
          clean_up_tokenization_spaces: false,
        }),
      );
    },
  };
}

function guard<Result>(problem: string, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw new InvalidInputError({
      message: `${problem}: ${cause instanceof Error ? cause.message : String(cause)}`,
      place: "tokenizer.json",
      cause,
    });
  }
}
