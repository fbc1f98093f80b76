import type { Expression } from "../../cfg/grammar.ts";
import { choiceOf } from "../expressions.ts";
import type { SourceText } from "../source-text.ts";

/** Tokens that one range list may name one by one. */
const MOST_TOKENS = 4096;

/**
 * `<think>`, `<[12]>`, `<[12-15,20]>` or `<[^12]>`.
 * @throws UnsupportedError for `<[*]>`, for more than one negated token, and for more than 4,096 tokens
 */
export function larkToken(image: string, source: SourceText, offset: number): Expression {
  if (!image.startsWith("<[")) return { kind: "token", token: image };
  const list = /^<\[(\^?)(\d{1,9}(?:-\d{1,9})?(?:,\d{1,9}(?:-\d{1,9})?)*)\]>$/.exec(image);
  if (list === null) {
    if (image === "<[*]>") throw source.unsupported(offset, "Any token (<[*]>) is not supported");
    throw source.invalid(offset, `The token ${image} has no numbers in its brackets`);
  }
  const tokens: number[] = [];
  for (const range of list[2].split(",")) {
    const [from, to = from] = range.split("-").map(Number);
    if (to < from) throw source.invalid(offset, `The range ${range} runs backwards`);
    if (tokens.length + to - from >= MOST_TOKENS) {
      throw source.unsupported(offset, `A list of more than ${MOST_TOKENS} tokens is not supported`);
    }
    for (let token = from; token <= to; token++) tokens.push(token);
  }
  if (list[1] === "") return choiceOf(tokens.map((token): Expression => ({ kind: "token", token })));
  if (tokens.length > 1) throw source.unsupported(offset, "Negating more than one token is not supported");
  return { kind: "token", token: tokens[0], negated: true };
}
