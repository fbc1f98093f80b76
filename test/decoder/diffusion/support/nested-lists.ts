import { vocabularyFromBytes, type Constraint, type Vocabulary } from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";

/** Tokens of nested lists: brackets and commas, some of them stuck together; 7 ends the text, 8 pads. */
export const LIST_VOCABULARY: Vocabulary = vocabularyFromBytes(
  ["[", "]", ",", "[[", "]]", "[]", "],[", undefined, undefined],
  { eosTokens: [7] },
);
export const LIST_PADDING: readonly number[] = [8];

/** Lists of lists of lists …, without whitespace: no regular language, and a stack of any depth. */
export function nestedLists(): Constraint {
  const schema = { type: "array", items: { $ref: "#" } };
  return new JsonSchema(schema, { whitespace: "" }).constraint(LIST_VOCABULARY);
}

/** Whether `text` is such a list: what JSON itself says. */
export function isNestedList(text: string): boolean {
  if (/[^[\],]/.test(text)) return false;
  try {
    return Array.isArray(JSON.parse(text));
  } catch {
    return false;
  }
}
