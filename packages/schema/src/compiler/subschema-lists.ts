import type { Steps } from "@espalier/grammar";
import type { ValueId } from "../formula/formula.ts";
import { list } from "./checks.ts";
import type { KeywordContext } from "./keyword.ts";

/** Well under a millisecond. */
const SUBSCHEMAS_AT_A_TIME = 64;

/** The values of each schema in the list that a keyword has. */
export function* subschemas(value: unknown, keyword: string, context: KeywordContext): Steps<readonly ValueId[]> {
  const values: ValueId[] = [];
  for (const [i, schema] of list(value, context.pointer(keyword)).entries()) {
    if (i % SUBSCHEMAS_AT_A_TIME === 0) yield;
    values.push(context.subschema(schema, keyword, i));
  }
  return values;
}
