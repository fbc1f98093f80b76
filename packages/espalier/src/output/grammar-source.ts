import {
  type Expression,
  type Grammar,
  grammar,
  GrammarLanguage,
  type GrammarOptions,
  InvalidInputError,
  type LarkImports,
  type LarkLexer,
  type Notation,
  parseGrammar,
  partsOf,
  type UndefinedRules,
} from "@espalier/grammar";
import { resolveJsonSchemas } from "@espalier/schema";

/** A grammar as a user has it: text in a notation, a grammar, or the expression that whole texts are texts of. */
export type GrammarSource = string | Grammar | Expression;

export interface GrammarSourceOptions extends Pick<GrammarOptions, "maxWork" | "vocabulary" | "signal"> {
  /** What a text is written in: GBNF (llama.cpp), Lark or EBNF (ISO 14977 or the W3C's). Needed for texts. */
  readonly notation?: Notation | undefined;
  /**
   * The rule that derives whole texts. Not for expressions.
   * @defaultValue what the notation says: `root`, `start`, or the first rule
   */
  readonly start?: string | undefined;
  /** Other files that a Lark grammar imports, by path. @defaultValue none */
  readonly imports?: LarkImports | undefined;
  /**
   * Of Lark grammars: how texts are cut into terminals. "dynamic_complete" is for those that count on Lark's Earley parser.
   * @defaultValue "contextual", the longest match
   */
  readonly lexer?: LarkLexer | undefined;
  /**
   * Of GBNF and EBNF: what becomes of names that no rule has.
   * @defaultValue "refuse"; "nothing" makes them rules without texts
   */
  readonly undefinedRules?: UndefinedRules | undefined;
  /** How errors call the text: a file name, say. @defaultValue none */
  readonly name?: string | undefined;
}

/**
 * The grammar that `source` says, its JSON Schemas compiled.
 * @throws InvalidInputError for a text without a notation, and whatever the notation's reader and the schemas throw
 * @internal
 */
export function readGrammar(source: GrammarSource, options: GrammarSourceOptions = {}): Grammar {
  const { signal } = options;
  // White space and escapes as `json` has them.
  return resolveJsonSchemas(parsed(source, options), { escapes: "minimal", signal });
}

function parsed(source: GrammarSource, options: GrammarSourceOptions): Grammar {
  if (typeof source === "string") {
    const { notation, name, maxWork, signal, start, imports, lexer, undefinedRules } = options;
    if (notation === undefined) {
      throw new InvalidInputError({
        message: "A grammar that is given as text needs the name of its notation.",
        place: "notation",
        hint: 'For example: grammar(text, { notation: "lark" }); also "gbnf" and "ebnf".',
      });
    }
    const limits = { maxNotationWork: maxWork, signal };
    return parseGrammar(source, { notation, name, start, imports, lexer, undefinedRules, ...limits });
  }
  if ("rules" in source) return options.start === undefined ? source : { ...source, start: options.start };
  return grammar(source, { maxWork: options.maxWork });
}

/** The tokens that a grammar names, by text or number. O(size of the grammar). @internal */
export function tokensIn(source: Grammar): (string | number)[] {
  const tokens = new Set<string | number>();
  const pending = [...source.rules.values()].map(({ expression }) => expression);
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part.kind === "token") tokens.add(part.token);
    for (const inner of partsOf(part)) pending.push(inner);
  }
  return [...tokens];
}

/** @internal */
export function grammarLanguage(source: GrammarSource, options: GrammarSourceOptions = {}): GrammarLanguage {
  const { maxWork, vocabulary, signal } = options;
  return new GrammarLanguage(readGrammar(source, options), { maxWork, vocabulary, signal });
}
