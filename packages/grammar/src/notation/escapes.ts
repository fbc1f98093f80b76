import type { SourceText } from "./source-text.ts";

/** What `\` and a character stand for, where the character alone says it. */
export interface EscapeTable {
  /** Such as `n` to U+000A. */
  readonly simple: ReadonlyMap<string, string>;
  /** How many hexadecimal digits follow: `x` to 2, `u` to 4, `U` to 8. */
  readonly hexadecimal: ReadonlyMap<string, number>;
  /** "refuse": any other escape is an error. "keep": the backslash is a character like any other. */
  readonly others: "refuse" | "keep";
}

const CONTROLS: readonly (readonly [string, string])[] = [
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
];
const SIZES: readonly (readonly [string, number])[] = [
  ["x", 2],
  ["u", 4],
  ["U", 8],
];

export const GBNF_ESCAPES: EscapeTable = {
  simple: new Map([...CONTROLS, ["\\", "\\"], ['"', '"'], ["[", "["], ["]", "]"]]),
  hexadecimal: new Map(SIZES),
  others: "refuse",
};

/** XGrammar's: those of GBNF and C, and punctuation. */
export const EBNF_ESCAPES: EscapeTable = {
  simple: new Map([
    ...CONTROLS,
    ["a", "\u0007"],
    ["b", "\b"],
    ["e", "\u001b"],
    ["f", "\f"],
    ["v", "\v"],
    ["0", "\0"],
    ...[..."\\\"'`[](){}<>|/*+?.,;:=^$#%&!@~-_ "].map((each) => [each, each] as const),
  ]),
  hexadecimal: new Map(SIZES),
  others: "refuse",
};

/** Lark's, which are Python's but for octal numbers and names of characters. */
export const LARK_ESCAPES: EscapeTable = {
  simple: new Map([...CONTROLS, ["f", "\f"], ["\\", "\\"], ['"', '"']]),
  hexadecimal: new Map(SIZES),
  others: "keep",
};

/** One character, and how much of the text spells it. */
export interface ReadCharacter {
  readonly codePoint: number;
  readonly length: number;
}

/**
 * The character at `offset`, which may be an escape.
 * @throws InvalidInputError for an escape that the table does not know, or one that is cut off, or a lone surrogate
 */
export function readCharacter(source: SourceText, offset: number, table: EscapeTable | undefined): ReadCharacter {
  const { text } = source;
  const codePoint = text.codePointAt(offset) as number;
  if (codePoint !== 0x5c || table === undefined) return { codePoint, length: codePoint > 0xffff ? 2 : 1 };
  const name = text[offset + 1] ?? "";
  const simple = table.simple.get(name);
  if (simple !== undefined) return { codePoint: simple.codePointAt(0) as number, length: 2 };
  const digits = table.hexadecimal.get(name);
  if (digits === undefined) {
    if (table.others === "keep") return { codePoint, length: 1 };
    throw source.invalid(offset, `The escape \\${name} is not known`);
  }
  const number = text.slice(offset + 2, offset + 2 + digits);
  if (number.length < digits || !/^[0-9a-fA-F]+$/.test(number)) {
    throw source.invalid(offset, `The escape \\${name} needs ${digits} hexadecimal digits`);
  }
  const value = Number.parseInt(number, 16);
  if (value > 0x10_ffff || (value >= 0xd800 && value <= 0xdfff)) {
    throw source.invalid(offset, `The escape \\${name}${number} is no character of Unicode`);
  }
  return { codePoint: value, length: 2 + digits };
}

/** The text between two offsets, escapes read. */
export function readText(source: SourceText, from: number, to: number, table: EscapeTable | undefined): string {
  const parts: string[] = [];
  for (let offset = from; offset < to;) {
    const { codePoint, length } = readCharacter(source, offset, table);
    if (codePoint >= 0xd800 && codePoint <= 0xdfff) throw source.invalid(offset, "A lone surrogate is no text");
    parts.push(String.fromCodePoint(codePoint));
    offset += length;
  }
  return parts.join("");
}
