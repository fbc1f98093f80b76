import type { Grammar } from "../../cfg/grammar.ts";
import { ATOM, ITEM } from "./expression-printer.ts";
import { printBnf } from "./print-bnf.ts";
import type { PrintOptions } from "./print-options.ts";

/**
 * Prints a grammar in the EBNF of the W3C, with the escapes and counts of XGrammar. Rules keep their names as far as it can spell
 * them; `root` is the start. Patterns are written as characters and repeats. O(what is printed).
 *
 * @throws UnsupportedError for lexing (see the option), intersections, tokens, embedded languages and automata, assertions in
 * patterns, and the empty language; it names the rule
 * @throws LimitExceededError at the limit of work
 */
export function printEbnf(grammar: Grammar, options: PrintOptions = {}): string {
  return printBnf(
    grammar,
    {
      title: "EBNF",
      any: String.raw`[\x00-\U0010FFFF]`,
      other: (expression, print) => {
        if (expression.kind !== "except") return undefined;
        return { text: `(${print(expression.item, ITEM)} - ${print(expression.without, ITEM)})`, level: ATOM };
      },
    },
    options,
  );
}
