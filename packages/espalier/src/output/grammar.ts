import { createHash } from "node:crypto";
import { Constraint, GrammarLanguage, UnsatisfiableError } from "@espalier/grammar";
import {
  grammarLanguage,
  type GrammarSource,
  type GrammarSourceOptions,
  readGrammar,
  tokensIn,
} from "./grammar-source.ts";
import type { Output } from "./output.ts";

export interface GrammarOutputOptions extends Omit<GrammarSourceOptions, "vocabulary" | "signal"> {
  /** Steps that reading and that compiling may take. @defaultValue 20,000,000 each (some seconds) */
  readonly maxWork?: number | undefined;
  /**
   * Special tokens of the vocabulary that the text may be written with, by their texts (`["<|python_tag|>"]`), beside those that
   * the grammar names as tokens.
   * @defaultValue none
   */
  readonly specialTokens?: readonly string[] | undefined;
}

/**
 * Text of a context-free grammar: in the notation of llama.cpp (`gbnf`), `lark` or `ebnf`; or one that was built, as a `Grammar` or
 * an expression. Grammars may embed JSON Schemas (`%json {…}` in Lark, `jsonSchema(…)` of `@espalier/schema`).
 *
 * Compiling throws InvalidInputError for a text that is no grammar, with line and column; UnsupportedError for what is not
 * context-free, or not supported of a notation; UnsatisfiableError when no text is in the language; LimitExceededError at `maxWork`.
 *
 * @example
 * output: grammar('root ::= "yes" | "no" " "+ [a-z]+', { notation: "gbnf" })
 */
export function grammar(source: GrammarSource, options: GrammarOutputOptions = {}): Output<string, never> {
  return {
    kind: "grammar",
    cacheKey: keyOf(source, options),
    instruction: () => undefined,
    compile: (modelVocabulary, signal) => {
      const { maxWork, specialTokens = [] } = options;
      const read = readGrammar(source, { ...options, signal });
      const vocabulary = modelVocabulary.spelling([...tokensIn(read), ...specialTokens]);
      const language = new GrammarLanguage(read, { maxWork, vocabulary, signal });
      if (!language.isSatisfiable) {
        throw new UnsatisfiableError({
          message: "No text is in the language of the grammar.",
          hint: `Rules that derive no text: ${language.report.unproductive.slice(0, 10).join(", ")}.`,
        });
      }
      return new Constraint({
        automaton: language.automaton,
        vocabulary,
        subject: "the grammar",
        // From the source on: embedded schemas are compiled afresh as well.
        renew: () => grammarLanguage(source, { ...options, vocabulary }).automaton,
      });
    },
    finish: (written) => Promise.resolve(written),
  };
}

/** `undefined` where the grammar is more than its text. */
function keyOf(source: GrammarSource, options: GrammarOutputOptions): string | undefined {
  if (typeof source !== "string" || options.imports !== undefined) return undefined;
  const content = JSON.stringify([source, options]);
  return `grammar ${createHash("sha256").update(content).digest("base64url")}`;
}
