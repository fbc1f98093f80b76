import { createToken, type TokenType } from "chevrotain";

// The tokens that GBNF and the W3C's EBNF have in common. Each token that may lack its end has an "Unclosed" twin which takes the
// rest of the text, so that a text full of opening brackets is not searched for closing ones again and again.

export const Define: TokenType = createToken({ name: "Define", label: '"::="', pattern: /::=/ });
export const Or: TokenType = createToken({ name: "Or", label: '"|"', pattern: /\|/ });
export const Left: TokenType = createToken({ name: "Left", label: '"("', pattern: /\(/ });
export const Right: TokenType = createToken({ name: "Right", label: '")"', pattern: /\)/ });
export const AnyCharacter: TokenType = createToken({ name: "AnyCharacter", label: '"."', pattern: /\./ });
export const Operator: TokenType = createToken({ name: "Operator", label: '"*", "+", "?"', pattern: /[*+?]/ });
export const UnclosedClass: TokenType = createToken({
  name: "UnclosedClass",
  label: "a class that lacks its closing bracket",
  pattern: /\[[\s\S]*/,
  line_breaks: true,
});
/** Whatever no other token takes, so that cutting never fails. */
export const Stray: TokenType = createToken({
  name: "Stray",
  label: "this character",
  pattern: /[\s\S]/,
  line_breaks: true,
});
