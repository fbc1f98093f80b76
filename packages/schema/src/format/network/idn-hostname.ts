import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";
import { asciiHostname } from "./ascii-hostname.ts";
import { idnLabels } from "./idn-label.ts";

export const idnHostname: StringFormat = {
  name: "idn-hostname",
  standard: "RFC 5890, section 2.3.2.3 (code points: RFC 5892, direction: RFC 5893)",
  exactness: "subset",
  outer: String.raw`[^\x00-,/:-@\[-\x60\{-\x7f]+`,
  note:
    "ASCII host names, and names of up to four labels out of lower-case Latin, Greek, Cyrillic, Han, kana, Hangul, Hebrew and " +
    "Arabic letters. Left out: other scripts, combining marks, code points with context rules (middle dots, joiners, " +
    "Arabic-Indic digits, geresh), long labels whose Punycode might exceed 63 octets, encoded labels.",
  term: perArena(buildIdnHostname),
};

/** Four labels of 61 octets stay below the 253 of a name. */
const MAX_LABELS = 4;

function buildIdnHostname(arena: TermArena): Term {
  // Full stop, ideographic, fullwidth and halfwidth ideographic full stop.
  const separator = arena.words([".", "\u3002", "\uff0e", "\uff61"]);
  const name = (label: Term): Term =>
    arena.concat(label, arena.repeat(arena.concat(separator, label), 0, MAX_LABELS - 1));
  const { leftToRight, inBidiNames } = idnLabels(arena);
  // Hyphens at the places three and four mark an encoded label, of whatever encoding.
  const character = asciiClass(arena, "a-zA-Z0-9-");
  const ascii = asciiHostname(arena, arena.concat(character, character, arena.text("--")));
  return arena.union(ascii, name(leftToRight), name(inBidiNames));
}
