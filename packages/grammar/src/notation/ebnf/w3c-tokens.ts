import { createToken, type IToken, Lexer, type TokenType } from "chevrotain";
import { AnyCharacter, Define, Left, Operator, Or, Right, Stray, UnclosedClass } from "../postfix-tokens.ts";
import { stickyPattern } from "../sticky-pattern.ts";

/** Whether a backslash in a text or class begins an escape (XGrammar) or is a character (W3C). */
export type Backslash = "escape" | "character";

const Space = createToken({ name: "Space", pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
const BlockComment = createToken({
  name: "BlockComment",
  pattern: /\/\*[\s\S]*?\*\//,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
export const NumberedCharacter: TokenType = createToken({
  name: "NumberedCharacter",
  label: "a character such as #x20",
  pattern: /#x[0-9a-fA-F]+(?![\w])/,
});
const LineComment = createToken({ name: "LineComment", pattern: /#[^\r\n]*/, group: Lexer.SKIPPED });

/** `(=` of XGrammar, and the assertions of regular expressions, which people try. */
export const Assertion: TokenType = createToken({ name: "Assertion", label: '"(="', pattern: /\((?:=|\?<?[=!])/ });
/** Of the arguments of macros, and nowhere else. */
export const Comma: TokenType = createToken({ name: "Comma", label: '","', pattern: /,/ });
export const Equals: TokenType = createToken({ name: "Equals", label: '"="', pattern: /=/ });
export const Whole: TokenType = createToken({ name: "Whole", label: "a whole number", pattern: /\d+/ });
export const Minus: TokenType = createToken({ name: "Minus", label: '"-"', pattern: /-/ });
export const Counts: TokenType = createToken({
  name: "Counts",
  label: "{m,n}",
  pattern: /\{\s*(?:\d+\s*(?:,\s*(?:\d+\s*)?)?|,\s*\d+\s*)\}/,
  line_breaks: true,
});
export const Text: TokenType = createToken({ name: "Text", label: "a text in quotes", pattern: Lexer.NA });
const EscapedText = createToken({
  name: "EscapedText",
  pattern: /"(?:[^"\\]|\\[\s\S])*"|'(?:[^'\\]|\\[\s\S])*'/,
  line_breaks: true,
  categories: Text,
});
const PlainText = createToken({ name: "PlainText", pattern: /"[^"]*"|'[^']*'/, line_breaks: true, categories: Text });
export const CharacterClass: TokenType = createToken({
  name: "CharacterClass",
  label: "a class such as [a-z]",
  pattern: Lexer.NA,
});
const EscapedClass = createToken({
  name: "EscapedClass",
  pattern: /\[(?:[^\]\\]|\\[\s\S])*\]/,
  line_breaks: true,
  categories: CharacterClass,
});
const PlainClass = createToken({
  name: "PlainClass",
  pattern: /\[[^\]]*\]/,
  line_breaks: true,
  categories: CharacterClass,
});
/** A name, also in the angle brackets of BNF. Dots join names, but do not end one. */
export const Name: TokenType = createToken({
  name: "Name",
  label: "a rule name",
  pattern: stickyPattern(String.raw`[\p{L}_][\p{L}\p{N}_-]*(?:\.[\p{L}\p{N}_-]+)*|<[\p{L}_][^<>\r\n"']*>`),
  line_breaks: false,
});
/** Of grammars of the W3C: what comes next are terminals; what may stand between them. */
export const Terminals: TokenType = createToken({ name: "Terminals", label: "@terminals", pattern: /@terminals\b/ });
export const Pass: TokenType = createToken({ name: "Pass", label: "@pass", pattern: /@pass\b/ });

const UnclosedText = createToken({
  name: "UnclosedText",
  label: "a text that lacks its closing quote",
  pattern: /["'][\s\S]*/,
  line_breaks: true,
});
const UnclosedComment = createToken({
  name: "UnclosedComment",
  label: "a comment that lacks its end",
  pattern: /\/\*[\s\S]*/,
  line_breaks: true,
});

/** The tokens of one reading of backslashes, in the order in which they are tried. */
export function w3cTokens(backslash: Backslash): TokenType[] {
  return [
    Space,
    BlockComment,
    UnclosedComment,
    NumberedCharacter,
    LineComment,
    Define,
    Or,
    Assertion,
    Left,
    Right,
    Counts,
    Operator,
    backslash === "escape" ? EscapedText : PlainText,
    backslash === "escape" ? EscapedClass : PlainClass,
    Name,
    Terminals,
    Pass,
    Minus,
    Comma,
    Equals,
    Whole,
    AnyCharacter,
    UnclosedText,
    UnclosedClass,
    Stray,
  ];
}

export const W3C_VOCABULARY: TokenType[] = [...w3cTokens("escape"), PlainText, PlainClass, Text, CharacterClass];

/** Leaves out the numbers `[12]` before rules, where the first rule has one: standards print them. */
export function withoutRuleNumbers(tokens: readonly IToken[]): IToken[] {
  const isNumber = (index: number): boolean =>
    /^\[\d+[a-z]?\]$/.test(tokens[index].image) &&
    tokens[index + 1]?.tokenType === Name &&
    tokens[index + 2]?.tokenType === Define;
  if (tokens.length === 0 || !isNumber(0)) return [...tokens];
  return tokens.filter((_, index) => !isNumber(index));
}
