import type { Expression } from "../../cfg/grammar.ts";
import { LimitExceededError } from "../../errors/limit-exceeded-error.ts";
import { choiceOf, EMPTY_TEXT, literalOf, optionalOf, sequenceOf } from "../expressions.ts";
import type { SourceText } from "../source-text.ts";

const MAX_CHUNKS = 1000;

/**
 * What llguidance's `%regex {…}` describes: a run of neighbouring chunks of a list.
 * @param define makes a terminal for an expression, and answers a reference to it
 * @throws UnsupportedError for other keys
 */
export function structuredRegex(
  content: unknown,
  source: SourceText,
  offset: number,
  define: (expression: Expression) => Expression,
): Expression {
  const [key = "", ...more] = Object.keys(content as object);
  const value = (content as Record<string, unknown>)[key];
  const chunks = more.length > 0 ? undefined : chunksOf(key, value);
  if (chunks === undefined) {
    throw source.unsupported(
      offset,
      `%regex with ${JSON.stringify(content).slice(0, 60)} is not supported`,
      "Known are substring_chunks, substring_words and substring_chars.",
    );
  }
  if (chunks.length > MAX_CHUNKS) {
    throw new LimitExceededError({
      message: `%regex has ${chunks.length} chunks, more than ${MAX_CHUNKS}, at ${source.describe(offset)}.`,
      limit: "maxChunks",
      allowed: MAX_CHUNKS,
      needed: chunks.length,
      place: source.describe(offset),
    });
  }
  // Each run begins somewhere and ends where it likes; a terminal for each beginning keeps the size linear.
  const beginnings: Expression[] = [EMPTY_TEXT];
  let rest: Expression = EMPTY_TEXT;
  for (let i = chunks.length - 1; i >= 0; i--) {
    rest = define(sequenceOf([literalOf(chunks[i]), optionalOf(rest)]));
    beginnings.push(rest);
  }
  return choiceOf(beginnings);
}

function chunksOf(key: string, value: unknown): readonly string[] | undefined {
  if (key === "substring_chunks" && Array.isArray(value) && value.every((each) => typeof each === "string"))
    return value;
  if (typeof value !== "string") return undefined;
  if (key === "substring_chars") return [...value];
  return key === "substring_words" ? (value.match(/[\p{L}\p{N}_]+|[^\p{L}\p{N}_]/gu) ?? []) : undefined;
}
