import type { StringFormat } from "../string-format.ts";
import { perArena } from "../support/per-arena.ts";
import { identifierGrammar } from "./identifier-grammar.ts";
import { internationalCharacters, privateCharacters } from "./international-characters.ts";
import { iri } from "./iri.ts";

export const iriReference: StringFormat = {
  name: "iri-reference",
  standard: "RFC 3987, section 2.2, IRI-reference",
  exactness: "subset",
  outer: String.raw`[^\x00-\x20<>"\{\}|\\^\x60]*`,
  note: "As for iri.",
  term: perArena((arena) =>
    arena.union(
      iri.term(arena),
      identifierGrammar(arena, internationalCharacters(arena), privateCharacters(arena)).relative,
    ),
  ),
};
