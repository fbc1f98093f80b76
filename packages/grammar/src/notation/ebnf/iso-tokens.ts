import { createToken, createTokenInstance, type IToken, Lexer, type TokenType } from "chevrotain";
import { stickyPattern } from "../sticky-pattern.ts";

/** Comments nest in ISO 14977, so a pattern cannot tell their end. */
function matchComment(text: string, from: number): [string] | null {
  if (!text.startsWith("(*", from) || text[from + 2] === ")") return null;
  let depth = 0;
  for (let i = from; i < text.length - 1; i++) {
    const two = text.slice(i, i + 2);
    if (two === "(*") {
      depth++;
      i++;
    } else if (two === "*)") {
      i++;
      if (--depth === 0) return [text.slice(from, i + 1)];
    }
  }
  return null;
}

const Space = createToken({ name: "Space", pattern: /\s+/, group: Lexer.SKIPPED, line_breaks: true });
const Comment = createToken({
  name: "Comment",
  pattern: matchComment,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const UnclosedComment = createToken({
  name: "UnclosedComment",
  label: "a comment that lacks its end",
  pattern: /\(\*(?!\))[\s\S]*/,
  line_breaks: true,
});
export const LeftOption: TokenType = createToken({ name: "LeftOption", label: '"["', pattern: /\[|\(\// });
export const RightOption: TokenType = createToken({ name: "RightOption", label: '"]"', pattern: /\]|\/\)/ });
export const LeftRepeat: TokenType = createToken({ name: "LeftRepeat", label: '"{"', pattern: /\{|\(:/ });
export const RightRepeat: TokenType = createToken({ name: "RightRepeat", label: '"}"', pattern: /\}|:\)/ });
export const Left: TokenType = createToken({ name: "Left", label: '"("', pattern: /\(/ });
export const Right: TokenType = createToken({ name: "Right", label: '")"', pattern: /\)/ });
export const Define: TokenType = createToken({ name: "Define", label: '"="', pattern: /=/ });
export const Or: TokenType = createToken({ name: "Or", label: '"|"', pattern: /[|/!]/ });
export const Comma: TokenType = createToken({ name: "Comma", label: '","', pattern: /,/ });
export const End: TokenType = createToken({ name: "End", label: '";"', pattern: /[;.]/ });
export const Minus: TokenType = createToken({ name: "Minus", label: '"-"', pattern: /-/ });
export const Star: TokenType = createToken({ name: "Star", label: '"*"', pattern: /\*/ });
export const Integer: TokenType = createToken({ name: "Integer", label: "a number", pattern: /\d+/ });
export const Text: TokenType = createToken({
  name: "Text",
  label: "a text in quotes",
  pattern: /"[^"]+"|'[^']+'/,
  line_breaks: true,
});
export const Special: TokenType = createToken({
  name: "Special",
  label: "a special sequence ?…?",
  pattern: /\?[^?]*\?/,
  line_breaks: true,
});
export const Name: TokenType = createToken({
  name: "Name",
  label: "a rule name",
  pattern: stickyPattern(String.raw`[\p{L}_][\p{L}\p{N}_]*(?:-[\p{L}\p{N}_]+)*`),
  line_breaks: false,
});
const UnclosedText = createToken({
  name: "UnclosedText",
  label: "a text that is empty or lacks its closing quote",
  pattern: /["'][\s\S]*/,
  line_breaks: true,
});
const UnclosedSpecial = createToken({
  name: "UnclosedSpecial",
  label: "a special sequence that lacks its end",
  pattern: /\?[\s\S]*/,
  line_breaks: true,
});
const Stray = createToken({ name: "Stray", label: "this character", pattern: /[\s\S]/, line_breaks: true });

export const ISO_TOKENS: TokenType[] = [
  Space,
  Comment,
  UnclosedComment,
  LeftOption,
  RightOption,
  LeftRepeat,
  RightRepeat,
  Left,
  Right,
  Define,
  Or,
  Comma,
  End,
  Minus,
  Star,
  Integer,
  Text,
  Special,
  Name,
  UnclosedText,
  UnclosedSpecial,
  Stray,
];

/**
 * Names may have spaces in them (the standard leaves gaps out), so words in a row become one token; their parts are joined by
 * one space. The standard knows no `-` in names, but people write it: `a-b` is a name where one is defined so, else a difference.
 */
export function withWholeNames(tokens: readonly IToken[]): IToken[] {
  const defined = new Set<string>();
  tokens.forEach((token, index) => {
    if (token.tokenType === Name && tokens[index + 1]?.tokenType === Define) defined.add(token.image);
  });
  const split: IToken[] = [];
  for (const token of tokens) {
    if (token.tokenType !== Name || !token.image.includes("-") || defined.has(token.image)) split.push(token);
    else splitAtDashes(token, split);
  }
  const joined: IToken[] = [];
  let words: IToken[] = [];
  const flush = (): void => {
    if (words.length === 1) joined.push(words[0]);
    else if (words.length > 1)
      joined.push(tokenAt(Name, words.map((word) => word.image).join(" "), words[0].startOffset));
    words = [];
  };
  for (const token of split) {
    if (token.tokenType === Name || (token.tokenType === Integer && words.length > 0)) words.push(token);
    else {
      flush();
      joined.push(token);
    }
  }
  flush();
  return joined;
}

function splitAtDashes(token: IToken, into: IToken[]): void {
  let offset = token.startOffset;
  token.image.split("-").forEach((part, index) => {
    if (index > 0) into.push(tokenAt(Minus, "-", offset++));
    into.push(tokenAt(/^\d+$/.test(part) ? Integer : Name, part, offset));
    offset += part.length;
  });
}

function tokenAt(type: TokenType, image: string, offset: number): IToken {
  return createTokenInstance(
    type,
    image,
    offset,
    offset + image.length - 1,
    Number.NaN,
    Number.NaN,
    Number.NaN,
    Number.NaN,
  );
}
