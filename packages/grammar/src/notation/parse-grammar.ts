import type { Grammar } from "../cfg/grammar.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { type EbnfOptions, parseEbnf } from "./ebnf/parse-ebnf.ts";
import { parseGbnf } from "./gbnf/parse-gbnf.ts";
import { type LarkOptions, parseLark } from "./lark/parse-lark.ts";

/** The notations that grammars are read from and printed to. */
export type Notation = "gbnf" | "lark" | "ebnf";

export interface ParseGrammarOptions extends LarkOptions, EbnfOptions {
  readonly notation: Notation;
}

/**
 * Reads a grammar in one of the notations: {@link parseGbnf}, {@link parseLark}, {@link parseEbnf}. Options of the others are
 * not looked at.
 * @throws InvalidInputError for a notation that does not exist, and whatever the notation's reader throws
 */
export function parseGrammar(text: string, options: ParseGrammarOptions): Grammar {
  switch (options.notation) {
    case "gbnf":
      return parseGbnf(text, options);
    case "lark":
      return parseLark(text, options);
    case "ebnf":
      return parseEbnf(text, options);
    default:
      throw new InvalidInputError({
        message: `The notation ${JSON.stringify(options.notation)} is not known.`,
        hint: 'Write "gbnf", "lark" or "ebnf".',
      });
  }
}
