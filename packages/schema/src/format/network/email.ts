import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { perArena } from "../support/per-arena.ts";
import { separated } from "../support/separated.ts";

/** RFC 5322, section 3.2.3, atext. */
export const ATOM_CHARACTERS = "a-zA-Z0-9!#$%&'*+/=?^_`{|}~-";

export const email: StringFormat = {
  name: "email",
  standard: "RFC 5321, section 4.1.2, Mailbox",
  exactness: "subset",
  outer: "[^@]+@[^]+",
  note:
    "Left out, since common validators refuse them: quoted local parts, address literals, domains of one label. " +
    "Like the grammar rule, it sets no lengths.",
  term: perArena(buildEmail),
};

function buildEmail(arena: TermArena): Term {
  const dot = arena.text(".");
  const letterOrDigit = asciiClass(arena, "a-zA-Z0-9");
  const subdomain = arena.concat(
    letterOrDigit,
    optional(arena, arena.concat(anyNumberOf(arena, asciiClass(arena, "a-zA-Z0-9-")), letterOrDigit)),
  );
  const local = separated(arena, anyNumberOf(arena, asciiClass(arena, ATOM_CHARACTERS), 1), dot);
  return arena.concat(local, arena.text("@"), separated(arena, subdomain, dot, 2));
}
