import { createToken, type IToken, Lexer, type TokenType } from "chevrotain";

/** `%json` and its like take a JSON value: braces are counted outside of texts. */
function matchStructured(text: string, from: number): [string] | null {
  const head = STRUCTURED_HEAD;
  head.lastIndex = from;
  const found = head.exec(text);
  if (found === null) return null;
  let depth = 0;
  for (let i = from + found[0].length - 1; i < text.length; i++) {
    const character = text[i];
    if (character === '"') {
      for (i++; i < text.length && text[i] !== '"'; i++) if (text[i] === "\\") i++;
    } else if (character === "{") depth++;
    else if (character === "}" && --depth === 0) return [text.slice(from, i + 1)];
  }
  return null;
}
const STRUCTURED_HEAD = /%(?:json|regex|llguidance|lark)\s*\{/y;

export const Newline: TokenType = createToken({
  name: "Newline",
  label: "the end of the line",
  pattern: /(?:\r\n?|\n)+/,
  line_breaks: true,
});
const Space = createToken({ name: "Space", pattern: /[ \t\f\uFEFF]+/, group: Lexer.SKIPPED });
const Continuation = createToken({
  name: "Continuation",
  pattern: /\\[ ]*(?:\r\n?|\n)/,
  group: Lexer.SKIPPED,
  line_breaks: true,
});
const Comment = createToken({ name: "Comment", pattern: /(?:\/\/|#)[^\r\n]*/, group: Lexer.SKIPPED });

export const Structured: TokenType = createToken({
  name: "Structured",
  label: "%json {…}",
  pattern: matchStructured,
  line_breaks: true,
});
const UnclosedStructured = createToken({
  name: "UnclosedStructured",
  label: "a JSON object that lacks its closing brace",
  pattern: /%(?:json|regex|llguidance|lark)\s*\{[\s\S]*/,
  line_breaks: true,
});
export const Ignore: TokenType = createToken({ name: "Ignore", label: "%ignore", pattern: /%ignore\b/ });
export const Import: TokenType = createToken({ name: "Import", label: "%import", pattern: /%import\b/ });
export const Declare: TokenType = createToken({ name: "Declare", label: "%declare", pattern: /%declare\b/ });
export const Override: TokenType = createToken({ name: "Override", label: "%override", pattern: /%override\b/ });
export const Extend: TokenType = createToken({ name: "Extend", label: "%extend", pattern: /%extend\b/ });
export const SpecialToken: TokenType = createToken({
  name: "SpecialToken",
  label: "a token such as <think>",
  pattern: /<[^<>\s]+>/,
});
export const Arrow: TokenType = createToken({ name: "Arrow", label: '"->"', pattern: /->/ });
export const Range: TokenType = createToken({ name: "Range", label: '".."', pattern: /\.\./ });
export const Dot: TokenType = createToken({ name: "Dot", label: '"."', pattern: /\./ });
export const Parameter: TokenType = createToken({ name: "Parameter", label: '"::"', pattern: /::/ });
export const Colon: TokenType = createToken({ name: "Colon", label: '":"', pattern: /:/ });
export const Comma: TokenType = createToken({ name: "Comma", label: '","', pattern: /,/ });
export const Or: TokenType = createToken({ name: "Or", label: '"|"', pattern: /\|/ });
export const And: TokenType = createToken({ name: "And", label: '"&"', pattern: /&/ });
export const Tilde: TokenType = createToken({ name: "Tilde", label: '"~"', pattern: /~/ });
export const Equals: TokenType = createToken({ name: "Equals", label: '"="', pattern: /=/ });
export const At: TokenType = createToken({ name: "At", label: '"@"', pattern: /@/ });
export const Left: TokenType = createToken({ name: "Left", label: '"("', pattern: /\(/ });
export const Right: TokenType = createToken({ name: "Right", label: '")"', pattern: /\)/ });
export const LeftBracket: TokenType = createToken({ name: "LeftBracket", label: '"["', pattern: /\[/ });
export const RightBracket: TokenType = createToken({ name: "RightBracket", label: '"]"', pattern: /\]/ });
export const LeftBrace: TokenType = createToken({ name: "LeftBrace", label: '"{"', pattern: /\{/ });
export const RightBrace: TokenType = createToken({ name: "RightBrace", label: '"}"', pattern: /\}/ });
/** `?` and `!` before the name of a rule shape its tree, and say nothing about texts. */
export const Modifier: TokenType = createToken({
  name: "Modifier",
  label: '"?" or "!"',
  pattern: /(?:!\??|\?!?)(?=[_a-z])/,
});
export const Operator: TokenType = createToken({ name: "Operator", label: '"*", "+", "?"', pattern: /[*+?]/ });
export const NumberToken: TokenType = createToken({
  name: "Number",
  label: "a number",
  pattern: /[+-]?\d+(?:\.\d+)?/,
});
export const Text: TokenType = createToken({
  name: "Text",
  label: "a text in quotes",
  pattern: /"(?:[^"\\\r\n]|\\[^\r\n])*"i?/,
});
export const Regex: TokenType = createToken({
  name: "Regex",
  label: "a pattern /…/",
  pattern: /\/(?!\/)(?:[^/\\]|\\[\s\S])*\/[imslux]*/,
  line_breaks: true,
});
export const Name: TokenType = createToken({
  name: "Name",
  label: "a name",
  pattern: /_*[A-Za-z][A-Za-z0-9_]*(?:-[A-Za-z0-9_]+)*/,
});
const UnclosedText = createToken({
  name: "UnclosedText",
  label: "a text that lacks its closing quote",
  pattern: /"[^\r\n]*/,
});
const UnclosedRegex = createToken({
  name: "UnclosedRegex",
  label: "a pattern that lacks its closing slash",
  pattern: /\/[\s\S]*/,
  line_breaks: true,
});
export const UnknownDirective: TokenType = createToken({
  name: "UnknownDirective",
  label: "a directive",
  pattern: /%[a-zA-Z_]*/,
});
const Stray = createToken({ name: "Stray", label: "this character", pattern: /[\s\S]/, line_breaks: true });

export const LARK_TOKENS: TokenType[] = [
  Newline,
  Space,
  Continuation,
  Comment,
  Structured,
  UnclosedStructured,
  Ignore,
  Import,
  Declare,
  Override,
  Extend,
  UnknownDirective,
  SpecialToken,
  Arrow,
  Range,
  Dot,
  Parameter,
  Colon,
  Comma,
  Or,
  And,
  Tilde,
  Equals,
  At,
  Left,
  Right,
  LeftBracket,
  RightBracket,
  LeftBrace,
  RightBrace,
  Modifier,
  Operator,
  NumberToken,
  Text,
  Regex,
  Name,
  UnclosedText,
  UnclosedRegex,
  Stray,
];

export const OPENING: ReadonlySet<TokenType> = new Set([Left, LeftBracket, LeftBrace]);
export const CLOSING: ReadonlySet<TokenType> = new Set([Right, RightBracket, RightBrace]);
const DIRECTIVES: ReadonlySet<TokenType> = new Set([Ignore, Import, Declare, Override, Extend, UnknownDirective]);

/** Tokens that a head may have before its colon, so that looking for one costs little. */
const LONGEST_HEAD = 400;

/**
 * Leaves out the line ends that do not end a statement: inside brackets, before `|`, and after `:` and `|` where
 * the next line does not begin a statement of its own. One is left between two statements.
 */
export function withoutIdleNewlines(tokens: readonly IToken[]): IToken[] {
  const kept: IToken[] = [];
  let depth = 0;
  tokens.forEach((token, index) => {
    const type = token.tokenType;
    if (OPENING.has(type)) depth++;
    else if (CLOSING.has(type)) depth = Math.max(0, depth - 1);
    else if (type === Newline) {
      const before = kept.at(-1)?.tokenType;
      if (before === undefined || before === Newline) return;
      let next = index + 1;
      while (tokens[next]?.tokenType === Newline) next++;
      const starts = beginsStatement(tokens, next);
      if (starts) depth = 0;
      else if (depth > 0 || tokens[next]?.tokenType === Or) return;
      else if ((before === Colon || before === Or) && next < tokens.length) return;
    }
    kept.push(token);
  });
  return kept;
}

/** Whether a directive, or a name with what belongs to it and a colon, comes next. */
function beginsStatement(tokens: readonly IToken[], from: number): boolean {
  const first = tokens[from]?.tokenType;
  if (first === undefined) return false;
  if (DIRECTIVES.has(first) || (first === Structured && tokens[from].image.startsWith("%llguidance"))) return true;
  let index = first === Modifier ? from + 1 : from;
  if (tokens[index]?.tokenType !== Name) return false;
  index++;
  let depth = 0;
  for (const end = index + LONGEST_HEAD; index < tokens.length && index < end; index++) {
    const type = tokens[index].tokenType;
    if (depth === 0 && (type === Colon || type === Parameter)) return true;
    if (type === LeftBrace || type === LeftBracket) depth++;
    else if (type === RightBrace || type === RightBracket) depth--;
    else if (depth === 0 && type !== Dot && type !== NumberToken) return false;
    else if (type === Newline) return false;
  }
  return false;
}
