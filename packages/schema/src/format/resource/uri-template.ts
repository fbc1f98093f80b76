import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { perArena } from "../support/per-arena.ts";
import { separated } from "../support/separated.ts";
import { internationalCharacters, privateCharacters } from "./international-characters.ts";

export const uriTemplate: StringFormat = {
  name: "uri-template",
  standard: "RFC 6570, section 2, URI-Template",
  exactness: "subset",
  outer: String.raw`([^\x00-\x20"<>\\^\x60\{|\}%]|%[0-9a-fA-F]{2}|\{[^\{\}]*\})*`,
  note: "Left out, since common validators refuse them: dots in variable names, apostrophes in literals.",
  term: perArena(buildUriTemplate),
};

function buildUriTemplate(arena: TermArena): Term {
  const hex = asciiClass(arena, "0-9a-fA-F");
  const encoded = arena.concat(arena.text("%"), hex, hex);
  const literal = arena.union(
    asciiClass(arena, "!#$&(-;=?-[]_a-z~"),
    internationalCharacters(arena),
    privateCharacters(arena),
    encoded,
  );
  const name = anyNumberOf(arena, arena.union(asciiClass(arena, "a-zA-Z0-9_"), encoded), 1);
  const prefix = arena.concat(arena.text(":"), asciiClass(arena, "1-9"), arena.repeat(asciiClass(arena, "0-9"), 0, 3));
  const variable = arena.concat(name, optional(arena, arena.union(prefix, arena.text("*"))));
  const expression = arena.concat(
    arena.text("{"),
    optional(arena, asciiClass(arena, "+#./;?&=,!@|")),
    separated(arena, variable, arena.text(",")),
    arena.text("}"),
  );
  return anyNumberOf(arena, arena.union(literal, expression));
}
