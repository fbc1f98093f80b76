import type { TokenId } from "./token-id.ts";

/** Text to tokens and back, as the model was trained: what a prompt and a forced text are cut with. */
export interface Tokenizer {
  /**
   * Cuts `text` into tokens.
   * @param options.addSpecialTokens whether to add what the tokenizer puts around a prompt (a begin-of-text token, say); defaults to false
   */
  encode(text: string, options?: { readonly addSpecialTokens?: boolean }): TokenId[];
  /**
   * The text of `ids`.
   * @param options.skipSpecialTokens whether to leave special tokens out of the text; defaults to true
   */
  decode(ids: readonly TokenId[], options?: { readonly skipSpecialTokens?: boolean }): string;
}
