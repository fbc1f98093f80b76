import { RegExpSyntaxError } from "@eslint-community/regexpp";
import type { Expression } from "../../cfg/grammar.ts";
import { EspalierError } from "../../errors/espalier-error.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import { ANY_CHARACTER, exceptOf, repeatOf, sequenceOf } from "../expressions.ts";
import type { SourceText } from "../source-text.ts";
import { analysePattern, type PatternAnalysis } from "./pattern-analysis.ts";
import { type TranslatedPattern, translatePythonRegex } from "./python-regex.ts";

export interface AnalysedPattern extends TranslatedPattern {
  readonly analysis: PatternAnalysis;
}

/**
 * Translates a pattern of a Lark file and looks at it; errors point into the file.
 * @param offset of the first slash
 */
export function readPattern(pattern: string, flags: string, source: SourceText, offset: number): AnalysedPattern {
  if (/[\r\n]/.test(pattern) && !flags.includes("x")) {
    throw source.invalid(offset, "A pattern with a line end needs the flag x; it stands");
  }
  try {
    return analysed(translatePythonRegex(pattern, flags), source, offset);
  } catch (error) {
    if (!EspalierError.isInstance(error) || error.place === undefined || !/^\d+$/.test(error.place)) throw error;
    const place = offset + 1 + Number(error.place);
    throw error instanceof UnsupportedError
      ? source.unsupported(place, error.message)
      : source.invalid(place, `The pattern is not one of Python's: ${lowerFirst(error.message)},`);
  }
}

/** @throws InvalidInputError where the pattern is none */
export function analysed(pattern: TranslatedPattern, source: SourceText, offset: number): AnalysedPattern {
  try {
    return { ...pattern, analysis: analysePattern(pattern.source, pattern.flags) };
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    const reason = error.message.slice(error.message.lastIndexOf(": ") + 2);
    throw source.invalid(offset, `The pattern cannot be read (${reason})`);
  }
}

/**
 * The texts that a lexer would cut off: the pattern's, and of a lazy pattern only those of which no beginning is one.
 *
 * A lexer takes the match that backtracking finds first. Where the lazy repeat meets what may follow it (`".*?"`), that is the shortest; what
 * can be repeated behind it is taken as far as it goes.
 */
export function expressionOfPattern({ source, flags, analysis }: AnalysedPattern): Expression {
  if (!analysis.lazy) return { kind: "regex", source, flags };
  const head: Expression = { kind: "regex", source: source.slice(0, analysis.greedyEnd), flags };
  const tail = source.slice(analysis.greedyEnd);
  return sequenceOf([shortestOf(head), ...(tail === "" ? [] : [{ kind: "regex" as const, source: tail, flags }])]);
}

/** Those texts of a regular expression of which no beginning is one. */
export function shortestOf(item: Expression): Expression {
  return exceptOf(item, sequenceOf([item, repeatOf(ANY_CHARACTER, 1)]));
}

function lowerFirst(sentence: string): string {
  return sentence.slice(0, 1).toLowerCase() + sentence.slice(1);
}
