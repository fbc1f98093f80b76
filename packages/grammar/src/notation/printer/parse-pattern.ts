import { type AST, RegExpParser, RegExpSyntaxError } from "@eslint-community/regexpp";
import type { RegexExpression } from "../../cfg/grammar.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import type { RegexFlags } from "../../regex/character-class.ts";

export interface ParsedPattern {
  readonly pattern: AST.Pattern;
  readonly flags: RegexFlags;
}

/**
 * The syntax tree of a regular expression in a grammar, to be written in another notation.
 * @throws UnsupportedError for a pattern without u or v that is not plain ASCII: it matches by UTF-16 units, as no other notation does
 */
export function parsePattern({ source, flags }: RegexExpression, rule: string): ParsedPattern {
  const unicodeSets = flags.includes("v");
  const refuse = (reason: string): UnsupportedError =>
    new UnsupportedError({
      message: `The pattern /${source}/${flags} of the rule ${rule} cannot be written in another notation: ${reason}.`,
      place: `rule ${rule}`,
      hint: "Write it with the flag u or v.",
    });
  if (
    !unicodeSets &&
    !flags.includes("u") &&
    (/\.|\[\^|\\[^\\/^$*+?()[\]{}|.-]/.test(source) || /[^ -~]/.test(source))
  ) {
    throw refuse("it matches UTF-16 units");
  }
  try {
    const parser = new RegExpParser({ ecmaVersion: 2025 });
    const pattern = parser.parsePattern(source, 0, source.length, { unicode: !unicodeSets, unicodeSets });
    return {
      pattern,
      flags: {
        ignoreCase: flags.includes("i"),
        multiline: flags.includes("m"),
        dotAll: flags.includes("s"),
        unicode: !unicodeSets,
        unicodeSets,
      },
    };
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    throw refuse(error.message);
  }
}
