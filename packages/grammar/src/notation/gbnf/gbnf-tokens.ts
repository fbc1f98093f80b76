import { createToken, type IToken, Lexer, type TokenType } from "chevrotain";
import { AnyCharacter, Define, Left, Operator, Or, Right, Stray, UnclosedClass } from "../postfix-tokens.ts";

export const Newline: TokenType = createToken({
  name: "Newline",
  label: "the end of the line",
  pattern: /(?:\r\n?|\n)+/,
  line_breaks: true,
});
const Space = createToken({ name: "Space", pattern: /[ \t]+/, group: Lexer.SKIPPED });
const Comment = createToken({ name: "Comment", pattern: /#[^\r\n]*/, group: Lexer.SKIPPED });

export const Counts: TokenType = createToken({
  name: "Counts",
  label: "{m,n}",
  pattern: /\{[ \t]*(?:\d+[ \t]*(?:,[ \t]*(?:\d+[ \t]*)?)?|,[ \t]*\d+[ \t]*)\}/,
});
export const Text: TokenType = createToken({
  name: "Text",
  label: "a text in quotes",
  pattern: /"(?:[^"\\]|\\[\s\S])*"/,
  line_breaks: true,
});
export const CharacterClass: TokenType = createToken({
  name: "CharacterClass",
  label: "a class such as [a-z]",
  pattern: /\[(?:[^\]\\]|\\[\s\S])*\]/,
  line_breaks: true,
});
export const TokenName: TokenType = createToken({
  name: "TokenName",
  label: "a token such as <think> or <[1000]>",
  pattern: /!?<[^<>\r\n]+>/,
});
export const Name: TokenType = createToken({ name: "Name", label: "a rule name", pattern: /[a-zA-Z0-9_-]+/ });

const UnclosedText = createToken({
  name: "UnclosedText",
  label: "a text that lacks its closing quote",
  pattern: /"[\s\S]*/,
  line_breaks: true,
});
/** The order decides among tokens that begin alike. */
export const GBNF_TOKENS: TokenType[] = [
  Newline,
  Space,
  Comment,
  Define,
  Or,
  Left,
  Right,
  AnyCharacter,
  Operator,
  Counts,
  Text,
  CharacterClass,
  TokenName,
  Name,
  UnclosedText,
  UnclosedClass,
  Stray,
];

/**
 * Leaves out the line ends that do not end a rule: inside parentheses, after `::=` and after `|`, as llama.cpp does; before `|`, which begins no
 * rule; and all but one of several.
 */
export function withoutIdleNewlines(tokens: readonly IToken[]): IToken[] {
  const kept: IToken[] = [];
  let depth = 0;
  for (const token of tokens) {
    const type = token.tokenType;
    const before = kept.at(-1)?.tokenType;
    if (type === Left) depth++;
    else if (type === Right) depth = Math.max(0, depth - 1);
    else if (type === Newline) {
      if (depth > 0 || before === undefined || before === Define || before === Or || before === Newline) continue;
    }
    if (type === Or && before === Newline) kept.pop();
    kept.push(token);
  }
  return kept;
}
