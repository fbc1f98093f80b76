import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";
import { jsonPointer } from "./json-pointer.ts";

export const relativeJsonPointer: StringFormat = {
  name: "relative-json-pointer",
  standard: "draft-bhutton-relative-json-pointer-00, section 3",
  exactness: "subset",
  outer: String.raw`(0|[1-9]\d*)([+\-](0|[1-9]\d*))?(#|(/([^~/]|~[01])*)*)`,
  note: "Left out, since common validators refuse it: index manipulation, such as 0+1.",
  term: perArena(buildRelativeJsonPointer),
};

function buildRelativeJsonPointer(arena: TermArena): Term {
  const levels = arena.union(
    arena.text("0"),
    arena.concat(asciiClass(arena, "1-9"), anyNumberOf(arena, asciiClass(arena, "0-9"))),
  );
  return arena.concat(levels, arena.union(arena.text("#"), jsonPointer.term(arena)));
}
