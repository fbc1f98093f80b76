import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";

export const ipv4: StringFormat = {
  name: "ipv4",
  standard: "RFC 2673, section 3.2, dotted-quad (without leading zeros, as in RFC 3986, section 3.2.2)",
  exactness: "exact",
  term: perArena(buildIpv4),
};

function buildIpv4(arena: TermArena): Term {
  const digit = asciiClass(arena, "0-9");
  const octet = arena.union(
    digit,
    arena.concat(asciiClass(arena, "1-9"), digit),
    arena.concat(arena.text("1"), digit, digit),
    arena.concat(arena.text("2"), asciiClass(arena, "0-4"), digit),
    arena.concat(arena.text("25"), asciiClass(arena, "0-5")),
  );
  return arena.concat(arena.repeat(arena.concat(octet, arena.text(".")), 3, 3), octet);
}
