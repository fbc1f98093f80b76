import type { StringFormat } from "../string-format.ts";
import { perArena } from "../support/per-arena.ts";
import { identifierGrammar } from "./identifier-grammar.ts";
import { internationalCharacters, privateCharacters } from "./international-characters.ts";

export const iri: StringFormat = {
  name: "iri",
  standard: "RFC 3987, section 2.2, IRI",
  exactness: "subset",
  outer: String.raw`[a-zA-Z][a-zA-Z0-9+.\-]*:[^]*`,
  note: "As for uri. The advice on writing directions (section 4) is not part of the grammar and not followed.",
  term: perArena(
    (arena) => identifierGrammar(arena, internationalCharacters(arena), privateCharacters(arena)).absolute,
  ),
};
