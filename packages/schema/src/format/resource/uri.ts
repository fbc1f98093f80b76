import type { StringFormat } from "../string-format.ts";
import { perArena } from "../support/per-arena.ts";
import { identifierGrammar } from "./identifier-grammar.ts";

export const uri: StringFormat = {
  name: "uri",
  standard: "RFC 3986, section 3, URI",
  exactness: "subset",
  outer: String.raw`[a-zA-Z][a-zA-Z0-9+.\-]*:[^]*`,
  note: "Left out, since common validators refuse it: a scheme with an empty path and no authority, such as a: or a:?q.",
  term: perArena((arena) => identifierGrammar(arena, arena.union(), arena.union()).absolute),
};
