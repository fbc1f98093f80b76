import { UnsupportedError } from "../../errors/unsupported-error.ts";
import { InvalidInputError } from "../../errors/invalid-input-error.ts";

/** A pattern of ECMA-262. */
export interface TranslatedPattern {
  readonly source: string;
  /** `u`, or `v` where classes stand inside classes, and `i` and `s` where the whole pattern has them. */
  readonly flags: string;
}

interface Scope {
  readonly ignoreCase: boolean;
  readonly multiline: boolean;
  readonly dotAll: boolean;
  readonly verbose: boolean;
  readonly ascii: boolean;
}

const MAX_NESTING = 200;

/** The contents of classes for `\d`, `\w` and `\s`, as `str.isdecimal`, `str.isalnum` (with `_`) and `str.isspace` have them. */
const UNICODE_SETS = {
  d: String.raw`\p{Nd}`,
  w: String.raw`\p{L}\p{N}_`,
  s: String.raw`\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000`,
} as const;
const ASCII_SETS = { d: "0-9", w: "0-9A-Z_a-z", s: String.raw`\t-\r\x20` } as const;

const WORD = `[${UNICODE_SETS.w}]`;
const BOUNDARIES = {
  b: `(?:(?<=${WORD})(?!${WORD})|(?<!${WORD})(?=${WORD}))`,
  B: `(?:(?<=${WORD})(?=${WORD})|(?<!${WORD})(?!${WORD}))`,
} as const;

/** `\\b` or `\\B` where a part of a translated pattern stands for one. */
export function boundaryAsWritten(part: string): string | undefined {
  return part === BOUNDARIES.b ? "\\b" : part === BOUNDARIES.B ? "\\B" : undefined;
}

const CONTROLS: Readonly<Record<string, string>> = {
  a: "\u0007",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

/**
 * Translates a pattern of Python's `re` (3.13), as Lark writes it, to ECMA-262. The languages are equal: `\d`, `\w`, `\s` and `\b` know all
 * of Unicode, `.` is everything but `\n`, `$` also holds before a last `\n`.
 *
 * @param flags of `imslux`
 * @throws InvalidInputError for what Python refuses; `place` is the offset
 * @throws UnsupportedError for references, conditions, atomic groups, possessive repeats, `\N{…}` and locales
 */
export function translatePythonRegex(source: string, flags: string): TranslatedPattern {
  return new PythonRegex(source, flags).translate();
}

class PythonRegex {
  readonly #source: string;
  #at = 0;
  #depth = 0;
  #nestedClasses = false;
  #scope: Scope;

  constructor(source: string, flags: string) {
    this.#source = source;
    this.#scope = withFlags(
      { ignoreCase: false, multiline: false, dotAll: false, verbose: false, ascii: false },
      flags,
    );
    if (flags.includes("l")) throw this.#unsupported(0, "The flag l (locale)");
  }

  translate(): TranslatedPattern {
    for (let head; (head = /^\(\?([a-zA-Z]+)\)/.exec(this.#source.slice(this.#at, this.#at + 20))) !== null;) {
      this.#checkFlags(head[1]);
      this.#scope = withFlags(this.#scope, head[1]);
      this.#at += head[0].length;
    }
    const { ignoreCase, dotAll } = this.#scope;
    const pattern = this.#alternatives();
    if (this.#at < this.#source.length) throw this.#invalid(this.#at, "a closing parenthesis without an opening one");
    const flags = `${ignoreCase ? "i" : ""}${dotAll ? "s" : ""}${this.#nestedClasses ? "v" : "u"}`;
    return { source: pattern, flags };
  }

  #alternatives(): string {
    const parts: string[] = [];
    for (;;) {
      if (this.#scope.verbose) this.#skipSpace();
      const character = this.#source[this.#at];
      if (character === undefined || character === ")") return parts.join("");
      if (character === "|") {
        this.#at++;
        parts.push("|");
      } else parts.push(this.#quantified());
    }
  }

  #skipSpace(): void {
    const skipped = /(?:\s+|#[^\n]*)*/y;
    skipped.lastIndex = this.#at;
    this.#at += skipped.exec(this.#source)?.[0].length ?? 0;
  }

  #quantified(): string {
    const start = this.#at;
    const atom = this.#atom();
    if (this.#scope.verbose) this.#skipSpace();
    const quantifier = this.#quantifier();
    if (quantifier === "") return atom;
    if (atom === "") throw this.#invalid(start, "a repeat of nothing");
    const rest = this.#source[this.#at];
    if (rest === "+") throw this.#unsupported(this.#at, "A possessive repeat");
    if (rest === "?") {
      this.#at++;
      return `${atom}${quantifier}?`;
    }
    if (rest === "*") throw this.#invalid(this.#at, "a repeat of a repeat");
    return atom + quantifier;
  }

  #quantifier(): string {
    const character = this.#source[this.#at];
    if (character === "*" || character === "+" || character === "?") {
      this.#at++;
      return character;
    }
    if (character !== "{") return "";
    const counts = /^\{(\d*)(,?)(\d*)\}/.exec(this.#source.slice(this.#at, this.#at + 40));
    // Other braces are characters.
    if (counts === null || (counts[1] === "" && counts[3] === "")) return "";
    this.#at += counts[0].length;
    return `{${counts[1] === "" ? "0" : counts[1]}${counts[2]}${counts[3]}}`;
  }

  #atom(): string {
    const start = this.#at;
    const character = this.#next();
    switch (character) {
      case "(":
        return this.#group(start);
      case "[":
        return this.#class(start);
      case ".":
        return this.#scope.dotAll ? "." : String.raw`[^\n]`;
      case "^":
        return this.#scope.multiline ? String.raw`(?<![^\n])` : "^";
      case "$":
        return this.#scope.multiline ? String.raw`(?![^\n])` : String.raw`(?=\n?$)`;
      case "*":
      case "+":
      case "?":
        throw this.#invalid(start, "a repeat of nothing");
      case "\\":
        return this.#escape(start);
      default:
        return escaped(character.codePointAt(0) as number);
    }
  }

  #group(start: number): string {
    if (++this.#depth > MAX_NESTING)
      throw this.#unsupported(start, `More than ${MAX_NESTING} groups inside each other`);
    const outer = this.#scope;
    const open = this.#opening(start);
    if (open === undefined) {
      this.#depth--;
      return "";
    }
    const inner = this.#alternatives();
    if (this.#source[this.#at] !== ")") throw this.#invalid(start, "a group that lacks its closing parenthesis");
    this.#at++;
    this.#depth--;
    this.#scope = outer;
    return `${open}${inner})`;
  }

  /** What opens the group in ECMA-262; nothing for a comment. */
  #opening(start: number): string | undefined {
    const rest = this.#source.slice(this.#at, this.#at + 40);
    if (!rest.startsWith("?")) return "(?:";
    const plain = /^\?(?:[:=!]|<[=!])/.exec(rest);
    if (plain !== null) {
      this.#at += plain[0].length;
      return `(${plain[0]}`;
    }
    const named = /^\?P?<[^>]*>/.exec(rest);
    if (named !== null) {
      this.#at += named[0].length;
      return "(?:";
    }
    if (rest.startsWith("?#")) {
      const end = this.#source.indexOf(")", this.#at);
      if (end < 0) throw this.#invalid(start, "a comment that lacks its closing parenthesis");
      this.#at = end + 1;
      return undefined;
    }
    if (/^\?P[=>]/.test(rest)) throw this.#unsupported(start, "A reference to a group");
    if (rest.startsWith("?(")) throw this.#unsupported(start, "A condition (?(…)…)");
    if (rest.startsWith("?>")) throw this.#unsupported(start, "An atomic group (?>…)");
    const scoped = /^\?([a-zA-Z]*)(?:-([a-zA-Z]+))?:/.exec(rest);
    if (scoped === null) throw this.#invalid(start, "a group of an unknown kind");
    this.#checkFlags(scoped[1]);
    this.#checkFlags(scoped[2] ?? "");
    this.#at += scoped[0].length;
    const outer = this.#scope;
    this.#scope = withFlags(withFlags(outer, scoped[1]), scoped[2] ?? "", false);
    const on = [
      !outer.ignoreCase && this.#scope.ignoreCase ? "i" : "",
      !outer.dotAll && this.#scope.dotAll ? "s" : "",
    ].join("");
    const off = outer.ignoreCase && !this.#scope.ignoreCase ? "-i" : "";
    return `(?${on}${off}:`;
  }

  #checkFlags(flags: string): void {
    if (/L/.test(flags)) throw this.#unsupported(this.#at, "The flag L (locale)");
    if (/[^imsxau]/.test(flags)) throw this.#invalid(this.#at, `the flags "${flags}"`);
  }

  #class(start: number): string {
    const negated = this.#source[this.#at] === "^";
    if (negated) this.#at++;
    const parts: string[] = [];
    const shorthands = new Set<string>();
    for (let first = true; ; first = false) {
      const at = this.#at;
      if (at >= this.#source.length) throw this.#invalid(start, "a class that lacks its closing bracket");
      const character = this.#next();
      if (character === "]" && !first) break;
      const low = character === "\\" ? this.#classEscape(at, shorthands) : (character.codePointAt(0) as number);
      if (typeof low === "string") {
        parts.push(low);
        continue;
      }
      let high = low;
      if (this.#source[this.#at] === "-" && this.#source[this.#at + 1] !== "]" && this.#at + 1 < this.#source.length) {
        this.#at++;
        const end = this.#next();
        const read = end === "\\" ? this.#classEscape(this.#at - 1, shorthands) : (end.codePointAt(0) as number);
        if (typeof read === "string") throw this.#invalid(at, "a range to a set of characters");
        high = read;
      }
      if (high < low) throw this.#invalid(at, "a range that runs backwards");
      // Flag v has a meaning for some characters that are doubled.
      const part = high === low ? escaped(low, true) : `${escaped(low, true)}-${escaped(high, true)}`;
      if (parts[parts.length - 1] !== part) parts.push(part);
    }
    if (["d", "w", "s"].some((name) => shorthands.has(name) && shorthands.has(name.toUpperCase()))) {
      return negated ? "[]" : "[^]";
    }
    return `[${negated ? "^" : ""}${parts.join("")}]`;
  }

  /** A character, or the contents of a set. */
  #classEscape(start: number, shorthands: Set<string>): number | string {
    const name = this.#source[this.#at];
    if (name === "b") {
      this.#at++;
      return 8;
    }
    const set = this.#set(true, shorthands);
    return set ?? this.#characterEscape(start, true);
  }

  #escape(start: number): string {
    const name = this.#source[this.#at];
    const ascii = this.#scope.ascii;
    if (name === "A" || name === "Z" || name === "z" || name === "b" || name === "B") {
      this.#at++;
      if (name === "A") return "^";
      if (name !== "b" && name !== "B") return "$";
      if (ascii) return `\\${name}`;
      return BOUNDARIES[name];
    }
    return this.#set(false) ?? escaped(this.#characterEscape(start, false));
  }

  /** `\d` and its like, and `\p{…}`, which Python lacks and Rust has. */
  #set(inClass: boolean, shorthands?: Set<string>): string | undefined {
    const name = this.#source[this.#at] ?? "";
    const property = /^[pP](?:\{([A-Za-z_]+(?:=[A-Za-z_]+)?)\}|([A-Z]))/.exec(
      this.#source.slice(this.#at, this.#at + 60),
    );
    if (property !== null) {
      this.#at += property[0].length;
      return `\\${property[0][0]}{${property[1] ?? property[2]}}`;
    }
    if (!/^[dDwWsS]$/.test(name)) return undefined;
    this.#at++;
    shorthands?.add(name);
    const contents = (this.#scope.ascii ? ASCII_SETS : UNICODE_SETS)[name.toLowerCase() as "d" | "w" | "s"];
    if (name === name.toLowerCase()) {
      if (inClass) return contents;
      return contents === UNICODE_SETS.d ? contents : `[${contents}]`;
    }
    if (inClass) this.#nestedClasses = true;
    return `[^${contents}]`;
  }

  #characterEscape(start: number, inClass: boolean): number {
    if (this.#at >= this.#source.length) throw this.#invalid(start, "a backslash at the end");
    const name = this.#next();
    const size = { x: 2, u: 4, U: 8 }[name];
    if (size !== undefined) {
      const digits = this.#source.slice(this.#at, this.#at + size);
      if (digits.length < size || !/^[0-9a-fA-F]+$/.test(digits))
        throw this.#invalid(start, `\\${name} without its digits`);
      this.#at += size;
      const codePoint = Number.parseInt(digits, 16);
      if (codePoint > 0x10_ffff) throw this.#invalid(start, `\\${name}${digits}, which is no character`);
      return codePoint;
    }
    if (name === "N") throw this.#unsupported(start, String.raw`The name of a character (\N{…})`);
    if (/[0-9]/.test(name)) {
      const pattern = inClass ? /^(?:[0-3]?[0-7]{1,2})/ : /^(?:0[0-7]{0,2}|[0-3][0-7]{2})/;
      const octal = pattern.exec(this.#source.slice(start + 1, start + 4))?.[0];
      if (octal !== undefined) {
        this.#at = start + 1 + octal.length;
        return Number.parseInt(octal, 8);
      }
      if (!inClass) throw this.#unsupported(start, `The back-reference \\${name}`);
    }
    const control = CONTROLS[name];
    if (control !== undefined) return control.codePointAt(0) as number;
    if (/[A-Za-z0-9]/.test(name)) throw this.#invalid(start, `\\${name}, which means nothing`);
    return name.codePointAt(0) as number;
  }

  /** The character at the cursor, which moves behind it. */
  #next(): string {
    const character = String.fromCodePoint(this.#source.codePointAt(this.#at) ?? 0);
    this.#at += character.length;
    return character;
  }

  #invalid(offset: number, what: string): InvalidInputError {
    return new InvalidInputError({ message: `There is ${what}`, place: String(offset) });
  }

  #unsupported(offset: number, what: string): UnsupportedError {
    return new UnsupportedError({ message: `${what} is not supported`, place: String(offset) });
  }
}

function withFlags(scope: Scope, flags: string, value = true): Scope {
  const changed: { -readonly [Key in keyof Scope]: Scope[Key] } = { ...scope };
  for (const flag of flags) {
    if (flag === "i") changed.ignoreCase = value;
    else if (flag === "m") changed.multiline = value;
    else if (flag === "s") changed.dotAll = value;
    else if (flag === "x") changed.verbose = value;
    else if (flag === "a") changed.ascii = value;
    else if (flag === "u") changed.ascii = !value;
  }
  return changed;
}

/** A character as a pattern, or inside a class, with u as with v. */
function escaped(codePoint: number, inClass = false): string {
  const named = { 9: "\\t", 10: "\\n", 11: "\\v", 12: "\\f", 13: "\\r" }[codePoint];
  if (named !== undefined) return named;
  if (codePoint < 0x20 || (codePoint >= 0x7f && codePoint < 0xa0)) {
    return `\\x${codePoint.toString(16).padStart(2, "0")}`;
  }
  if (codePoint === 0x2028 || codePoint === 0x2029 || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
    return `\\u${codePoint.toString(16)}`;
  }
  const character = String.fromCodePoint(codePoint);
  if ("^$\\.*+?()[]{}|/".includes(character) || (inClass && character === "-")) return `\\${character}`;
  return character;
}

export { escaped as escapedCharacter };
