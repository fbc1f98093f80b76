import { EOF, type IParserErrorMessageProvider, type IToken, Lexer, tokenLabel, type TokenType } from "chevrotain";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { WorkBudget } from "../budget/work-budget.ts";
import type { SourceText } from "./source-text.ts";

/** Brackets inside brackets, beyond which readers would recurse too deep. */
const MAX_NESTING = 200;

/** Postfix operators on one item (`a?*+`), each of which is a level of its own. */
export const MAX_POSTFIX_OPERATORS = 4;

/** A lexer that tries its tokens in turn: chevrotain's table of first characters leaves out those of `[\s\S]`. */
export function lexerOf(tokens: TokenType[]): Lexer {
  return new Lexer(tokens, { positionTracking: "onlyOffset", safeMode: true });
}

/**
 * Cuts a text into tokens. Every lexer of ours ends in a token for whatever it does not know, so that cutting never fails
 * and the parser is the one to complain.
 */
export function readTokens(lexer: Lexer, source: SourceText, budget: WorkBudget): IToken[] {
  budget.spend(source.text.length);
  const { tokens, errors } = lexer.tokenize(source.text);
  budget.spend(tokens.length);
  if (errors.length > 0) throw source.invalid(errors[0].offset, "There is a character that belongs to no token");
  return tokens;
}

/** @throws LimitExceededError where brackets nest more than 200 deep */
export function checkNesting(
  tokens: readonly IToken[],
  opening: ReadonlySet<TokenType>,
  closing: ReadonlySet<TokenType>,
  source: SourceText,
): void {
  let depth = 0;
  for (const token of tokens) {
    if (closing.has(token.tokenType)) depth = Math.max(0, depth - 1);
    else if (opening.has(token.tokenType) && ++depth > MAX_NESTING) throw tooDeep(token, source);
  }
}

export function tooDeep(token: IToken, source: SourceText): LimitExceededError {
  return new LimitExceededError({
    message: `Groups nest more than ${MAX_NESTING} deep at ${source.describe(token.startOffset)}.`,
    limit: "maxNesting",
    allowed: MAX_NESTING,
    place: source.describe(token.startOffset),
    hint: "Give the inner groups rules of their own.",
  });
}

interface ParserOfSyntax {
  input: IToken[];
  readonly errors: readonly { readonly message: string; readonly token: IToken; readonly previousToken?: IToken }[];
}

/**
 * Runs one rule of a chevrotain parser over tokens.
 * @throws InvalidInputError at the first token that does not fit
 */
export function parseTokens<P extends ParserOfSyntax, T>(
  parser: P,
  tokens: IToken[],
  source: SourceText,
  rule: (parser: P) => T,
): T {
  parser.input = tokens;
  const result = rule(parser);
  const [error] = parser.errors;
  parser.input = [];
  if (error === undefined) return result;
  const offset = Number.isNaN(error.token.startOffset) ? endOf(tokens, source) : error.token.startOffset;
  throw source.invalid(offset, error.message);
}

/** Errors at the end point behind the last token. */
function endOf(tokens: readonly IToken[], source: SourceText): number {
  const last = tokens.at(-1);
  return last === undefined ? source.text.length : last.startOffset + last.image.length;
}

function isUnclosed(token: IToken): boolean {
  return token.tokenType.name.startsWith("Unclosed");
}

function found(token: IToken): string {
  if (token.tokenType === EOF) return "the end of the text";
  if (/^[\r\n]/.test(token.image)) return "the end of the line";
  return `"${token.image.length > 40 ? `${token.image.slice(0, 40)}…` : token.image}"`;
}

function expectedBut(expected: readonly TokenType[], actual: IToken): string {
  if (isUnclosed(actual)) return `There is ${tokenLabel(actual.tokenType)}`;
  const labels = [...new Set(expected.map((type) => (type === EOF ? "the end of the text" : tokenLabel(type))))];
  const last = labels.pop() ?? "";
  return `Expected ${labels.length === 0 ? last : `${labels.join(", ")} or ${last}`}, but found ${found(actual)},`;
}

function firstsOf(paths: readonly (readonly TokenType[])[]): TokenType[] {
  return paths.filter((path) => path.length > 0).map((path) => path[0]);
}

/** What parsers of ours say: what was expected, and what was found; the place is added where the error is thrown. */
export const SYNTAX_MESSAGES: IParserErrorMessageProvider = {
  buildMismatchTokenMessage: ({ expected, actual }) => expectedBut([expected], actual),
  buildNotAllInputParsedMessage: ({ firstRedundant }) =>
    isUnclosed(firstRedundant) ? expectedBut([], firstRedundant) : `Did not expect ${found(firstRedundant)}`,
  buildNoViableAltMessage: ({ expectedPathsPerAlt, actual }) =>
    expectedBut(expectedPathsPerAlt.flatMap(firstsOf), actual[0]),
  buildEarlyExitMessage: ({ expectedIterationPaths, actual }) =>
    expectedBut(firstsOf(expectedIterationPaths), actual[0]),
};
