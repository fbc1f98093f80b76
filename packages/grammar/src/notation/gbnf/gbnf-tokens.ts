import { createToken, type IToken, Lexer, type TokenType } from "chevrotain";

// The order decides among tokens that begin alike. Each token that may lack its end has an "Unclosed" twin which takes the rest of
// the text, so that a text full of opening brackets is not searched for closing ones again and again.

export const Newline: TokenType = createToken({
  name: "Newline",
  label: "the end of the line",
  pattern: /(?:\r\n?|\n)+/,
  line_breaks: true,
});
const Space = createToken({ name: "Space", pattern: /[ \t]+/, group: Lexer.SKIPPED });
const Comment = createToken({ name: "Comment", pattern: /#[^\r\n]*/, group: Lexer.SKIPPED });

export const Define: TokenType = createToken({ name: "Define", label: '"::="', pattern: /::=/ });
export const Or: TokenType = createToken({ name: "Or", label: '"|"', pattern: /\|/ });
export const Left: TokenType = createToken({ name: "Left", label: '"("', pattern: /\(/ });
export const Right: TokenType = createToken({ name: "Right", label: '")"', pattern: /\)/ });
export const AnyCharacter: TokenType = createToken({ name: "AnyCharacter", label: '"."', pattern: /\./ });
export const Operator: TokenType = createToken({ name: "Operator", label: '"*", "+", "?"', pattern: /[*+?]/ });
export const Counts: TokenType = createToken({
  name: "Counts",
  label: "{m,n}",
  pattern: /\{[ \t]*\d+[ \t]*(?:,[ \t]*(?:\d+[ \t]*)?)?\}/,
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
const UnclosedClass = createToken({
  name: "UnclosedClass",
  label: "a class that lacks its closing bracket",
  pattern: /\[[\s\S]*/,
  line_breaks: true,
});
const Stray = createToken({ name: "Stray", label: "this character", pattern: /[\s\S]/, line_breaks: true });

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
 * Leaves out the line ends that do not end a rule: inside parentheses, after `::=` and after `|`, as llama.cpp does; and all but
 * one of several.
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
    kept.push(token);
  }
  return kept;
}
