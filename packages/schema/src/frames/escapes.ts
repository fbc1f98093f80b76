import { utf8Bytes } from "./utf8.ts";

/**
 * Where a string stands inside an escape sequence (RFC 8259, section 7), as a string so that it can be part of a key:
 * `""` outside; `"\\"` after a backslash; `"u"` and up to three hexadecimal digits inside `\uXXXX`; and, after a high
 * surrogate, `"D83D"` (waiting for a backslash), `"D83D\\"` (for u), `"D83Du"` and digits.
 */
export type EscapeState = string;

export const OUTSIDE: EscapeState = "";

/** Which escape sequences strings may use: all that JSON has, or only those without which a text could not be written. */
export type EscapePolicy = "any" | "minimal";

export type CodePointRange = readonly [low: number, high: number];

const ALL_CODE_POINTS: readonly CodePointRange[] = [
  [0, 0xd7ff],
  [0xe000, 0x10ffff],
];

/** Control characters that have no one-letter escape. */
const ONLY_AS_HEX: readonly CodePointRange[] = [
  [0x00, 0x07],
  [0x0b, 0x0b],
  [0x0e, 0x1f],
];

const NEEDS_ESCAPE: readonly CodePointRange[] = [
  [0x00, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
];

/** The code points that some escape sequence may spell. */
export function escapable(policy: EscapePolicy): readonly CodePointRange[] {
  return policy === "any" ? ALL_CODE_POINTS : NEEDS_ESCAPE;
}

/** Narrows ranges to the code points that `\u` may spell. */
export function spelledInHex(ranges: readonly CodePointRange[], policy: EscapePolicy): readonly CodePointRange[] {
  if (policy === "any") return ranges;
  return ranges.flatMap(([low, high]) =>
    ONLY_AS_HEX.flatMap(([first, last]): CodePointRange[] =>
      Math.max(low, first) <= Math.min(high, last) ? [[Math.max(low, first), Math.min(high, last)]] : [],
    ),
  );
}

const SIMPLE: ReadonlyMap<number, number> = new Map(
  [...'""\\\\//b\bf\fn\nr\rt\t'].reduce<[number, number][]>((pairs, char, i, all) => {
    if (i % 2 === 0) pairs.push([char.charCodeAt(0), all[i + 1].charCodeAt(0)]);
    return pairs;
  }, []),
);

/** The character that a one-letter escape spells, or undefined. */
export function simpleEscape(byte: number, policy: EscapePolicy): number | undefined {
  const char = SIMPLE.get(byte);
  return policy === "minimal" && char === 0x2f ? undefined : char;
}

/** Ranges of code points that a `\u` escape with the given digits so far can still spell by itself or begin. */
export function reachableRanges(digits: string): [low: number, high: number][] {
  const missing = 4 - digits.length;
  const low = digits === "" ? 0 : Number.parseInt(digits, 16) * 16 ** missing;
  const high = low + 16 ** missing - 1;
  const ranges: [number, number][] = [];
  if (low <= 0xd7ff) ranges.push([low, Math.min(high, 0xd7ff)]);
  if (high >= 0xe000) ranges.push([Math.max(low, 0xe000), high]);
  const firstHigh = Math.max(low, 0xd800);
  const lastHigh = Math.min(high, 0xdbff);
  if (firstHigh <= lastHigh) ranges.push([astral(firstHigh, 0xdc00), astral(lastHigh, 0xdfff)]);
  return ranges;
}

/** The code points that a low surrogate with the given digits so far can complete. */
export function reachableLowRange(high: number, digits: string): [low: number, high: number] | undefined {
  const missing = 4 - digits.length;
  const first = digits === "" ? 0 : Number.parseInt(digits, 16) * 16 ** missing;
  const low = Math.max(first, 0xdc00);
  const last = Math.min(first + 16 ** missing - 1, 0xdfff);
  return low <= last ? [astral(high, low), astral(high, last)] : undefined;
}

export function astral(high: number, low: number): number {
  return 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00);
}

export function isHexDigit(byte: number): boolean {
  return (byte >= 0x30 && byte <= 0x39) || (byte >= 0x41 && byte <= 0x46) || (byte >= 0x61 && byte <= 0x66);
}

/** Code points whose encodings have one length, without surrogates. */
const OF_ONE_LENGTH: readonly CodePointRange[] = [
  [0, 0x7f],
  [0x80, 0x7ff],
  [0x800, 0xd7ff],
  [0xe000, 0xffff],
  [0x10000, 0x10ffff],
];

/**
 * A code point of [low, high] (no surrogates among them) whose encoding `step` can take from `start`, with the state behind it;
 * undefined when there is none. Goes through the encodings as a tree, so that a dead prefix is tried once.
 * @param step the state after a byte, 0 when dead
 */
export function findCodePoint(
  start: number,
  low: number,
  high: number,
  step: (state: number, byte: number) => number,
): { codePoint: number; state: number } | undefined {
  for (const [from, to] of OF_ONE_LENGTH) {
    if (high < from || to < low) continue;
    const found = search(start, Math.max(low, from), Math.min(high, to), step);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Within one encoding length: tries each prefix that some code point of the range has, depth first. */
function search(
  start: number,
  low: number,
  high: number,
  step: (state: number, byte: number) => number,
): { codePoint: number; state: number } | undefined {
  if (low > high) return undefined;
  const length = utf8Bytes(low).length;
  const descend = (
    state: number,
    depth: number,
    from: number,
    to: number,
  ): { codePoint: number; state: number } | undefined => {
    if (depth === length) return { codePoint: from, state };
    const shift = 6 * (length - depth - 1);
    for (let part = from >> shift; part <= to >> shift; part++) {
      const first = Math.max(from, part << shift);
      const last = Math.min(to, ((part + 1) << shift) - 1);
      const next = step(state, utf8Bytes(first)[depth]);
      if (next === 0) continue;
      const found = descend(next, depth + 1, first, last);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return descend(start, 0, low, high);
}
