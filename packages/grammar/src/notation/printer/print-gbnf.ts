import type { Grammar } from "../../cfg/grammar.ts";
import { ATOM } from "./expression-printer.ts";
import { printBnf } from "./print-bnf.ts";
import type { PrintOptions } from "./print-options.ts";

/**
 * Prints a grammar in GBNF, as llama.cpp reads it. Rules keep their names as far as GBNF can spell them; `root` is the start.
 * Patterns are written as characters and repeats. O(what is printed).
 *
 * llama.cpp refuses left recursion itself, which is printed all the same.
 *
 * @throws UnsupportedError for lexing (see the option), differences, intersections, embedded languages and automata, assertions in
 * patterns, and the empty language; it names the rule
 * @throws LimitExceededError at the limit of work
 */
export function printGbnf(grammar: Grammar, options: PrintOptions = {}): string {
  return printBnf(
    grammar,
    {
      title: "GBNF",
      any: ".",
      other: (expression) => {
        if (expression.kind !== "token") return undefined;
        const token = typeof expression.token === "number" ? `<[${expression.token}]>` : expression.token;
        if (!/^<[^<>\r\n]+>$/.test(token)) return undefined;
        return { text: `${expression.negated === true ? "!" : ""}${token}`, level: ATOM };
      },
    },
    options,
  );
}
