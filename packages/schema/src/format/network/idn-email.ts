import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { perArena } from "../support/per-arena.ts";
import { separated } from "../support/separated.ts";
import { ATOM_CHARACTERS } from "./email.ts";
import { idnLabels } from "./idn-label.ts";
import { ipv4 } from "./ipv4.ts";
import { ipv6 } from "./ipv6.ts";

export const idnEmail: StringFormat = {
  name: "idn-email",
  standard: "RFC 6531, section 3.3, Mailbox",
  exactness: "subset",
  outer: "[^@]+@[^]+",
  note: "International labels of the domain are those of idn-hostname. Left out: address literals with other tags than IPv6.",
  term: perArena(buildIdnEmail),
};

function buildIdnEmail(arena: TermArena): Term {
  const local = arena.union(dotString(arena), quotedString(arena));
  return arena.concat(local, arena.text("@"), arena.union(domain(arena), addressLiteral(arena)));
}

function beyondAscii(arena: TermArena): Term {
  return arena.codePoints([[0x80, 0x10_ffff]]);
}

function dotString(arena: TermArena): Term {
  const atomCharacter = arena.union(asciiClass(arena, ATOM_CHARACTERS), beyondAscii(arena));
  return separated(arena, anyNumberOf(arena, atomCharacter, 1), arena.text("."));
}

function quotedString(arena: TermArena): Term {
  const plain = arena.union(asciiClass(arena, " !#-[]-~"), beyondAscii(arena));
  const escaped = arena.concat(arena.text("\\"), asciiClass(arena, " -~"));
  return arena.concat(arena.text('"'), anyNumberOf(arena, arena.union(plain, escaped)), arena.text('"'));
}

function domain(arena: TermArena): Term {
  const dot = arena.text(".");
  const letterOrDigit = asciiClass(arena, "a-zA-Z0-9");
  const ascii = arena.concat(
    letterOrDigit,
    optional(arena, arena.concat(anyNumberOf(arena, asciiClass(arena, "a-zA-Z0-9-")), letterOrDigit)),
  );
  const { leftToRight, inBidiNames } = idnLabels(arena);
  return arena.union(separated(arena, arena.union(ascii, leftToRight), dot), separated(arena, inBidiNames, dot));
}

function addressLiteral(arena: TermArena): Term {
  const tag = arena.concat(
    asciiClass(arena, "Ii"),
    asciiClass(arena, "Pp"),
    asciiClass(arena, "Vv"),
    arena.text("6:"),
    ipv6.term(arena),
  );
  return arena.concat(arena.text("["), arena.union(ipv4.term(arena), tag), arena.text("]"));
}
