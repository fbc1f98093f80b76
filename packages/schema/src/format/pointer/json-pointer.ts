import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { perArena } from "../support/per-arena.ts";

export const jsonPointer: StringFormat = {
  name: "json-pointer",
  standard: "RFC 6901, section 3, json-pointer",
  exactness: "exact",
  term: perArena(buildJsonPointer),
};

function buildJsonPointer(arena: TermArena): Term {
  // Everything but `/` and `~`.
  const unescaped = arena.codePoints([
    [0x00, 0x2e],
    [0x30, 0x7d],
    [0x7f, 0x10_ffff],
  ]);
  const character = arena.union(unescaped, arena.words(["~0", "~1"]));
  return anyNumberOf(arena, arena.concat(arena.text("/"), anyNumberOf(arena, character)));
}
