import type { Term, TermArena } from "@espalier/grammar";
import { asciiClass } from "../support/ascii-class.ts";

type Ranges = readonly (readonly [number, number])[];

/**
 * Letters written from left to right that IDNA2008 admits anywhere in a label (PVALID, no context rule), that no
 * neighbour combines with under NFC, and that lie close together.
 */
const ALPHABETS: Ranges = [
  [0xdf, 0xf6],
  [0xf8, 0xff],
  ...everySecond(0x101, 0x131),
  [0x131, 0x131],
  ...everySecond(0x135, 0x137),
  [0x138, 0x138],
  ...everySecond(0x13a, 0x13e),
  ...everySecond(0x142, 0x148),
  ...everySecond(0x14b, 0x177),
  ...everySecond(0x17a, 0x17e),
  [0x3ac, 0x3ce],
  [0x430, 0x45f],
  [0x491, 0x491],
];

/** More of them, far apart: Tibetan tsheg, Han, Hiragana, Katakana, Hangul. */
const EAST_ASIAN: Ranges = [
  [0xf0b, 0xf0b],
  [0x3005, 0x3007],
  [0x3041, 0x3096],
  [0x309d, 0x309e],
  [0x30a1, 0x30fa],
  [0x30fc, 0x30fe],
  [0x3400, 0x4db5],
  [0x4e00, 0x9fef],
  [0xac00, 0xd7a3],
];

/** Hebrew and Arabic letters, written from right to left. */
const RIGHT_TO_LEFT: Ranges = [
  [0x5d0, 0x5ea],
  [0x620, 0x63f],
  [0x641, 0x64a],
  [0x67e, 0x67e],
  [0x686, 0x686],
  [0x698, 0x698],
  [0x6a9, 0x6a9],
  [0x6af, 0x6af],
  [0x6cc, 0x6cc],
  [0x6fd, 0x6fe],
];

/**
 * Code points in a label with letters beyond ASCII. A search for the worst Punycode found no label whose ASCII form
 * is longer than 61 (of 63) octets within these bounds.
 */
const MAX_ALPHABETIC = 22;
const MAX_EAST_ASIAN = 14;

export interface IdnLabels {
  /** Labels for names without a letter written from right to left. */
  readonly leftToRight: Term;
  /** Labels for names with one: those of {@link leftToRight} that start with a letter (RFC 5893, section 2), and such labels. */
  readonly inBidiNames: Term;
}

/** Labels of which at least one code point may lie beyond ASCII. */
export function idnLabels(arena: TermArena): IdnLabels {
  const alphabetic = label(arena, ALPHABETS, MAX_ALPHABETIC);
  const eastAsian = label(arena, [...ALPHABETS, ...EAST_ASIAN], MAX_EAST_ASIAN);
  const leftToRight = arena.union(alphabetic, eastAsian);
  const rightToLeft = arena.repeat(arena.codePoints(RIGHT_TO_LEFT), 1, MAX_ALPHABETIC);
  const startsWithDigit = arena.concat(asciiClass(arena, "0-9"), arena.anyBytes);
  return { leftToRight, inBidiNames: arena.union(arena.difference(leftToRight, startsWithDigit), rightToLeft) };
}

/** Lower-case labels without hyphens at the ends, or at the places three and four, which mark encoded labels. */
function label(arena: TermArena, letters: Ranges, maxLength: number): Term {
  const outer = arena.codePoints([[0x30, 0x39], [0x61, 0x7a], ...letters]);
  const inner = arena.codePoints([[0x2d, 0x2d], [0x30, 0x39], [0x61, 0x7a], ...letters]);
  const hyphens = arena.text("--");
  const shape = arena.concat(outer, arena.repeat(arena.concat(arena.repeat(inner, 0, maxLength - 2), outer), 0, 1));
  const encoded = arena.concat(arena.repeat(inner, 2, 2), hyphens, arena.anyBytes);
  return arena.difference(shape, encoded);
}

function everySecond(from: number, to: number): Ranges {
  return Array.from({ length: (to - from) / 2 + 1 }, (_, i) => [from + 2 * i, from + 2 * i] as const);
}
