import type { Term, TermArena } from "@espalier/grammar";
import { asciiClass } from "../support/ascii-class.ts";

/** Values of `\p{...}` that models write; the full list is the Unicode Character Database's and grows. */
const PROPERTIES = [
  ..."L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf".split(" "),
  ..."Letter Uppercase_Letter Lowercase_Letter Number Punctuation Symbol Alphabetic Uppercase Lowercase".split(" "),
  ..."White_Space Emoji Emoji_Presentation ASCII".split(" "),
  ..."Latin Greek Cyrillic Han Hiragana Katakana Hangul Arabic Hebrew Thai Devanagari"
    .split(" ")
    .flatMap((script) => [`Script=${script}`, `sc=${script}`]),
];

/**
 * Escapes of one character or of a set of characters that mean the same inside and outside of a class, and are valid
 * with and without the flag `u`. Not `\0`, after which no digit may stand, and no references to groups.
 */
export function characterEscape(arena: TermArena): Term {
  const hex = asciiClass(arena, "0-9a-fA-F");
  return arena.concat(
    arena.text("\\"),
    arena.union(
      asciiClass(arena, "dDsSwWtnvfr^$\\.*+?()[]{}|/"),
      arena.concat(arena.text("c"), asciiClass(arena, "a-zA-Z")),
      arena.concat(arena.text("x"), hex, hex),
      arena.concat(arena.text("u"), arena.repeat(hex, 4, 4)),
      arena.concat(asciiClass(arena, "pP"), arena.text("{"), arena.words(PROPERTIES), arena.text("}")),
    ),
  );
}
