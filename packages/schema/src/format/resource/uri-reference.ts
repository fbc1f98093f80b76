import type { StringFormat } from "../string-format.ts";
import { perArena } from "../support/per-arena.ts";
import { identifierGrammar } from "./identifier-grammar.ts";
import { uri } from "./uri.ts";

export const uriReference: StringFormat = {
  name: "uri-reference",
  standard: "RFC 3986, section 4.1, URI-reference",
  exactness: "subset",
  outer: String.raw`([\w.~!$&'"()*+,;=:@/?#\-]|%[0-9a-fA-F]{2})*|([a-zA-Z][a-zA-Z0-9+.\-]*:)?//?([\w.~!$&'"()*+,;=:@/?#\[\]\-]|%[0-9a-fA-F]{2})*`,
  note: "As for uri.",
  term: perArena((arena) =>
    arena.union(uri.term(arena), identifierGrammar(arena, arena.union(), arena.union()).relative),
  ),
};
