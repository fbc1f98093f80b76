import type { Term, TermArena } from "@espalier/grammar";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { characterEscape } from "./escape.ts";

/** Ranges beyond those between two letters or digits, whose order an automaton cannot compare cheaply. */
const FURTHER_RANGES = [
  " -~",
  "!-~",
  "!-/",
  ":-@",
  "À-ÿ",
  "À-Ö",
  "Ø-ö",
  "ø-ÿ",
  "а-я",
  "А-Я",
  "一-龥",
  "ぁ-ん",
  "ァ-ヶ",
  "가-힣",
  String.raw`\x00-\x1f`,
  String.raw`\x00-\x1F`,
  String.raw`\x00-\x7f`,
  String.raw`\x00-\x7F`,
  String.raw`\x20-\x7e`,
  String.raw`\x20-\x7E`,
  String.raw`\u0000-\u001f`,
  String.raw`\u0000-\u001F`,
  String.raw`\u00c0-\u00ff`,
  String.raw`\u00C0-\u00FF`,
  String.raw`\u00C0-\u017F`,
  String.raw`\u4e00-\u9fa5`,
  String.raw`\u4e00-\u9fff`,
  String.raw`\u4E00-\u9FFF`,
];

/**
 * `[...]` and `[^...]`. A hyphen that is no range stands first or last. An opening bracket is escaped, so that the
 * named classes of other dialects, `[[:alpha:]]`, which mean something else here, are refused.
 */
export function characterClass(arena: TermArena): Term {
  const hyphen = arena.text("-");
  // Everything but - [ \ ].
  const plain = arena.codePoints([
    [0, 0x2c],
    [0x2e, 0x5a],
    [0x5e, 0x10_ffff],
  ]);
  const first = arena.difference(plain, arena.text("^"));
  const escape = arena.union(characterEscape(arena), arena.words(["\\b", "\\-"]));
  const range = arena.union(asciiRanges(arena), arena.words(FURTHER_RANGES));
  const rest = anyNumberOf(arena, arena.union(plain, escape, range));
  const items = arena.union(
    hyphen,
    arena.text(""),
    arena.concat(optional(arena, hyphen), arena.union(first, escape, range), rest),
  );
  return arena.concat(
    arena.text("["),
    optional(arena, arena.text("^")),
    items,
    optional(arena, hyphen),
    arena.text("]"),
  );
}

/** `a-z` and the like: two letters of one case, or two digits, in order. */
function asciiRanges(arena: TermArena): Term {
  const ranges: Term[] = [];
  for (const [low, high] of ["az", "AZ", "09"]) {
    for (let code = low.charCodeAt(0); code <= high.charCodeAt(0); code++) {
      const from = String.fromCharCode(code);
      ranges.push(arena.concat(arena.text(`${from}-`), asciiClass(arena, `${from}-${high}`)));
    }
  }
  return arena.unionAll(ranges);
}
