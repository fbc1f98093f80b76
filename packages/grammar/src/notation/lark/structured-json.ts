import type { IToken } from "chevrotain";
import type { SourceText } from "../source-text.ts";

/**
 * The directive and the JSON of a token such as `%json {…}`.
 * @throws InvalidInputError where the braces do not hold JSON
 */
export function readStructured(
  token: IToken,
  source: SourceText,
): { readonly directive: string; readonly content: unknown } {
  const brace = token.image.indexOf("{");
  const directive = token.image.slice(1, brace).trim();
  if (directive === "lark") {
    throw source.unsupported(token.startOffset, "Grammars inside grammars (%lark {…}) are not supported");
  }
  try {
    return { directive, content: JSON.parse(token.image.slice(brace)) };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw source.invalid(token.startOffset + brace, `%${directive} holds no JSON: ${error.message};`);
  }
}
