import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";

export const uuid: StringFormat = {
  name: "uuid",
  standard: "RFC 4122, section 3, UUID",
  exactness: "exact",
  outer: "([uU][rR][nN]:[uU][uU][iI][dD]:)?[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}",
  note: "Any version and variant, in either case; without the prefix urn:uuid:, which makes a URN of it.",
  term: perArena(buildUuid),
};

function buildUuid(arena: TermArena): Term {
  const hex = (count: number): Term => arena.repeat(asciiClass(arena, "0-9a-fA-F"), count, count);
  const hyphen = arena.text("-");
  return arena.concat(hex(8), hyphen, hex(4), hyphen, hex(4), hyphen, hex(4), hyphen, hex(12));
}
