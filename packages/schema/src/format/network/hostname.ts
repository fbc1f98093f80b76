import type { StringFormat } from "../string-format.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";
import { asciiHostname } from "./ascii-hostname.ts";

export const hostname: StringFormat = {
  name: "hostname",
  standard: "RFC 1123, section 2.1 (lengths: RFC 1035, section 2.3.4)",
  exactness: "subset",
  outer: String.raw`[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*\.?`,
  note:
    "Left out: labels that start with xn--, since whether Punycode decodes to a valid label is no regular question, " +
    "and the dot of the root at the end.",
  term: perArena((arena) =>
    asciiHostname(arena, arena.concat(asciiClass(arena, "Xx"), asciiClass(arena, "Nn"), arena.text("--"))),
  ),
};
