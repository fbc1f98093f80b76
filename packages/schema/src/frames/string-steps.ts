import { ACTION_DEAD, ACTION_UNKNOWN, gotoFrame, popResult, type Action, type Frame } from "@espalier/grammar";
import { MANY } from "../formula/abundance.ts";
import {
  astral,
  escapable,
  findCodePoint,
  isHexDigit,
  OUTSIDE,
  reachableLowRange,
  reachableRanges,
  simpleEscape,
  spelledInHex,
  type CodePointRange,
  type EscapePolicy,
  type EscapeState,
} from "./escapes.ts";
import type { Cursor, TextCursors } from "./text-cursors.ts";
import { utf8Bytes } from "./utf8.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
/** Characters that are escaped whatever the policy. */
const ESCAPED = [QUOTE, BACKSLASH, 0x0a];

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/**
 * The layer between the bytes of a JSON string and the text that they spell: constraints are about the text, so an escape is as
 * good as the character, and an escape is only begun when some character that it can still spell is possible.
 */
export class StringSteps {
  readonly #cursors: TextCursors;
  readonly #policy: EscapePolicy;
  readonly #frameOf: (cursor: Cursor, escape: EscapeState) => Frame;

  constructor(cursors: TextCursors, policy: EscapePolicy, frameOf: (cursor: Cursor, escape: EscapeState) => Frame) {
    this.#cursors = cursors;
    this.#policy = policy;
    this.#frameOf = frameOf;
  }

  /** The action of a byte inside the quotes. */
  step(cursor: Cursor, escape: EscapeState, byte: number): Action {
    if (escape === OUTSIDE) return this.#stepOutside(cursor, byte);
    if (escape === "\\") {
      if (byte === LETTER_U) return this.#begin(cursor, this.#inHex(""), "u");
      const char = simpleEscape(byte, this.#policy);
      return char === undefined ? ACTION_DEAD : this.#afterText(this.#cursors.next(cursor, char));
    }
    return escape.startsWith("u") ? this.#stepHex(cursor, escape, byte) : this.#stepLowSurrogate(cursor, escape, byte);
  }

  /**
   * The action of a byte inside the quotes of a text that must not be one of a few that are not known: where many go on, some are left.
   * @param frameOf the frame at a cursor
   */
  stepUnknown(cursor: Cursor, byte: number, frameOf: (cursor: Cursor) => Frame): Action {
    if (cursor === 0) return ACTION_UNKNOWN;
    if (this.#stepOutside(cursor, byte) === ACTION_DEAD) return ACTION_DEAD;
    if (byte === QUOTE) return ACTION_UNKNOWN;
    const isMany = (next: Cursor): boolean => next !== 0 && this.#cursors.hasMembers(next, MANY);
    if (byte === BACKSLASH) {
      const goesOn =
        (this.#policy === "any" && isMany(cursor)) || ESCAPED.some((char) => isMany(this.#cursors.next(cursor, char)));
      // Nothing is said of what comes after the backslash.
      return goesOn ? gotoFrame(frameOf(0)) : ACTION_UNKNOWN;
    }
    const next = this.#cursors.next(cursor, byte);
    return isMany(next) ? gotoFrame(frameOf(next)) : ACTION_UNKNOWN;
  }

  /** The rest of a string, its closing quote included. */
  complete(cursor: Cursor, escape: EscapeState): Uint8Array {
    const [prefix, from] = escape === OUTSIDE ? ["", cursor] : this.#completeEscape(cursor, escape);
    const rest = this.#cursors.shortest(from);
    // Inside a character of several bytes the rest begins in the middle of it, which no string can hold.
    let begun = 0;
    while (begun < rest.length && (rest[begun] & 0xc0) === 0x80) begun++;
    const quoted = encoder.encode(JSON.stringify(decoder.decode(rest.subarray(begun))).slice(1));
    return Uint8Array.from([...encoder.encode(prefix), ...rest.subarray(0, begun), ...quoted]);
  }

  #stepOutside(cursor: Cursor, byte: number): Action {
    if (byte === QUOTE) {
      const result = this.#cursors.result(cursor);
      return result < 0 ? ACTION_DEAD : popResult(result);
    }
    if (byte === BACKSLASH) return this.#begin(cursor, escapable(this.#policy), "\\");
    return byte < 0x20 ? ACTION_DEAD : this.#afterText(this.#cursors.next(cursor, byte));
  }

  #stepHex(cursor: Cursor, escape: EscapeState, byte: number): Action {
    if (!isHexDigit(byte)) return ACTION_DEAD;
    const digits = escape.slice(1) + String.fromCharCode(byte).toUpperCase();
    const ranges = this.#inHex(digits);
    if (digits.length < 4) return this.#reach(cursor, ranges, `u${digits}`);
    const unit = Number.parseInt(digits, 16);
    if (unit >= 0xd800 && unit <= 0xdbff) return this.#reach(cursor, ranges, digits);
    return ranges.length === 0 ? ACTION_DEAD : this.#afterCodePoint(cursor, unit);
  }

  /** After a high surrogate: `\\`, `u` and four digits. */
  #stepLowSurrogate(cursor: Cursor, escape: EscapeState, byte: number): Action {
    const high = escape.slice(0, 4);
    const rest = escape.slice(4);
    if (rest === "") return byte === BACKSLASH ? gotoFrame(this.#frameOf(cursor, `${high}\\`)) : ACTION_DEAD;
    if (rest === "\\") return byte === LETTER_U ? gotoFrame(this.#frameOf(cursor, `${high}u`)) : ACTION_DEAD;
    if (!isHexDigit(byte)) return ACTION_DEAD;
    const digits = rest.slice(1) + String.fromCharCode(byte).toUpperCase();
    const range = reachableLowRange(Number.parseInt(high, 16), digits);
    if (range === undefined) return ACTION_DEAD;
    if (digits.length < 4) return this.#reach(cursor, [range], `${high}u${digits}`);
    return this.#afterCodePoint(cursor, astral(Number.parseInt(high, 16), Number.parseInt(digits, 16)));
  }

  #inHex(digits: string): readonly CodePointRange[] {
    return spelledInHex(reachableRanges(digits), this.#policy);
  }

  /** {@link #reach}, where an escape may spell all code points of the policy. */
  #begin(cursor: Cursor, ranges: readonly CodePointRange[], escape: EscapeState): Action {
    const goesOn = this.#policy === "any" && this.#cursors.isBeforeSome(cursor);
    return goesOn ? gotoFrame(this.#frameOf(cursor, escape)) : this.#reach(cursor, ranges, escape);
  }

  /** Goes on inside an escape if some code point of `ranges` is possible. */
  #reach(cursor: Cursor, ranges: readonly CodePointRange[], escape: EscapeState): Action {
    const isPossible = this.#cursors.isBeforeAny(cursor) ? ranges.length > 0 : this.#find(cursor, ranges) !== undefined;
    return isPossible ? gotoFrame(this.#frameOf(cursor, escape)) : ACTION_DEAD;
  }

  #find(cursor: Cursor, ranges: readonly CodePointRange[]): { codePoint: number; state: Cursor } | undefined {
    for (const [low, high] of ranges) {
      const found = findCodePoint(cursor, low, high, (state, byte) => this.#cursors.next(state, byte));
      if (found !== undefined) return found;
    }
    return undefined;
  }

  #afterCodePoint(cursor: Cursor, codePoint: number): Action {
    let next = cursor;
    for (const byte of utf8Bytes(codePoint)) {
      next = this.#cursors.next(next, byte);
      if (next === 0) return ACTION_DEAD;
    }
    return this.#afterText(next);
  }

  #afterText(cursor: Cursor): Action {
    return cursor === 0 ? ACTION_DEAD : gotoFrame(this.#frameOf(cursor, OUTSIDE));
  }

  /** The rest of an escape sequence, and the cursor behind it. */
  #completeEscape(cursor: Cursor, escape: EscapeState): [string, Cursor] {
    if (escape === "\\") {
      for (const letter of 'ntrbf"\\/') {
        const char = simpleEscape(letter.charCodeAt(0), this.#policy);
        const next = char === undefined ? 0 : this.#cursors.next(cursor, char);
        if (next !== 0) return [letter, next];
      }
      const [rest, after] = this.#completeEscape(cursor, "u");
      return [`u${rest}`, after];
    }
    if (escape.startsWith("u")) {
      const digits = escape.slice(1);
      const { codePoint, state } = this.#find(cursor, this.#inHex(digits))!;
      return [escapedUnits(codePoint).slice(2 + digits.length), state];
    }
    // `high`, then what there is of `\\uXXXX`.
    const written = escape.slice(4);
    const digits = written.startsWith("u") ? written.slice(1) : "";
    const { codePoint, state } = this.#find(cursor, [
      reachableLowRange(Number.parseInt(escape.slice(0, 4), 16), digits)!,
    ])!;
    const writtenLength = written.startsWith("u") ? written.length + 1 : written.length;
    return [escapedUnits(codePoint).slice(6 + writtenLength), state];
  }
}

/** A code point as `\\uXXXX`, or two of them. */
function escapedUnits(codePoint: number): string {
  return String.fromCodePoint(codePoint)
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).toUpperCase().padStart(4, "0")}`)
    .join("");
}
