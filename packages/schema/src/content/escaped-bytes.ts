import {
  astral,
  isHexDigit,
  OUTSIDE,
  reachableLowRange,
  reachableRanges,
  escapable,
  simpleEscape,
  spelledInHex,
  type CodePointRange,
  type EscapePolicy,
  type EscapeState,
} from "../frames/escapes.ts";
import { utf8Bytes } from "../frames/utf8.ts";

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** What a byte inside an escape sequence does. */
export type EscapeStep =
  /** The sequence goes on as `escape`; `spelled` is the next byte of the character, where it is known by now. */
  | { readonly escape: EscapeState; readonly spelled: number | undefined }
  /** The sequence ends, and with it the character, whose last byte is `spelled`. */
  | { readonly escape: typeof OUTSIDE; readonly spelled: number };

/**
 * How escape sequences spell the bytes of characters: each byte of a sequence tells at most one byte of the character, and the last
 * one tells the last. `\u00E9` tells the byte C3 at the digit E and A9 at the digit 9.
 */
export function stepEscape(escape: EscapeState, byte: number, policy: EscapePolicy): EscapeStep | undefined {
  if (escape === "\\") {
    if (byte === LETTER_U) return onward("\\", "u", policy);
    const char = simpleEscape(byte, policy);
    return char === undefined ? undefined : { escape: OUTSIDE, spelled: char };
  }
  const typed = String.fromCharCode(byte).toUpperCase();
  if (escape.startsWith("u")) {
    if (!isHexDigit(byte)) return undefined;
    const digits = escape.slice(1) + typed;
    if (digits.length < 4) return onward(escape, `u${digits}`, policy);
    const unit = Number.parseInt(digits, 16);
    if (unit >= 0xd800 && unit <= 0xdbff) return onward(escape, digits, policy);
    if (reachable(`u${digits}`, policy).length === 0) return undefined;
    return { escape: OUTSIDE, spelled: utf8Bytes(unit).at(-1)! };
  }
  const high = escape.slice(0, 4);
  const rest = escape.slice(4);
  if (rest === "") return byte === BACKSLASH ? onward(escape, `${high}\\`, policy) : undefined;
  if (rest === "\\") return byte === LETTER_U ? onward(escape, `${high}u`, policy) : undefined;
  if (!isHexDigit(byte)) return undefined;
  const digits = rest.slice(1) + typed;
  if (digits.length < 4) return onward(escape, `${high}u${digits}`, policy);
  if (reachable(`${high}u${digits}`, policy).length === 0) return undefined;
  const codePoint = astral(Number.parseInt(high, 16), Number.parseInt(digits, 16));
  return { escape: OUTSIDE, spelled: utf8Bytes(codePoint).at(-1)! };
}

/** The code points that a sequence can still spell. */
export function reachable(escape: EscapeState, policy: EscapePolicy): readonly CodePointRange[] {
  if (escape === "\\") return escapable(policy);
  if (escape.startsWith("u")) return spelledInHex(reachableRanges(escape.slice(1)), policy);
  const written = escape.slice(4);
  const range = reachableLowRange(
    Number.parseInt(escape.slice(0, 4), 16),
    written.startsWith("u") ? written.slice(1) : "",
  );
  return range === undefined ? [] : spelledInHex([range], policy);
}

/** How many bytes of the character a sequence has told so far. */
export function spelledCount(escape: EscapeState): number {
  if (escape.startsWith("u")) {
    const digits = escape.slice(1);
    if (digits.length < 2 || isHighSurrogate(digits)) return 0;
    const first = Number.parseInt(digits.padEnd(4, "0"), 16);
    if (first >= 0x800) return digits.length - 1;
    return digits.length === 3 && first >= 0x80 ? 1 : 0;
  }
  if (escape === OUTSIDE || escape === "\\") return 0;
  const written = escape.slice(4);
  if (!written.startsWith("u")) return 1;
  return written.length === 4 ? 3 : 2;
}

/** The text of a sequence so far, from its backslash on. */
export function escapeText(escape: EscapeState): string {
  if (escape === OUTSIDE || escape === "\\") return escape;
  if (escape.startsWith("u")) return `\\${escape}`;
  const written = escape.slice(4);
  return `\\u${escape.slice(0, 4)}${written.startsWith("u") ? `\\${written}` : written}`;
}

/** A code point as `\uXXXX`, or two of them. */
export function hexEscape(codePoint: number): string {
  return String.fromCodePoint(codePoint)
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`)
    .join("");
}

function onward(from: EscapeState, escape: EscapeState, policy: EscapePolicy): EscapeStep | undefined {
  const ranges = reachable(escape, policy);
  if (ranges.length === 0) return undefined;
  const told = spelledCount(from);
  // All that can be reached begin with the same bytes as far as they have been told.
  return { escape, spelled: spelledCount(escape) > told ? utf8Bytes(ranges[0][0])[told] : undefined };
}

/** Two or three digits of which a high surrogate comes. */
function isHighSurrogate(digits: string): boolean {
  return /^D[89AB]/.test(digits);
}
