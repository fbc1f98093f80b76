import type { Term, TermArena } from "@espalier/grammar";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { separated } from "../support/separated.ts";

const MAX_LABEL_LENGTH = 63;

/** With the length bytes and the root that the wire form adds, 255. */
const MAX_LENGTH = 253;

/** Host names out of letters, digits and hyphens, none of whose labels starts with a member of `prefixes`. */
export function asciiHostname(arena: TermArena, prefixes: Term): Term {
  const letterOrDigit = asciiClass(arena, "a-zA-Z0-9");
  const inner = arena.repeat(asciiClass(arena, "a-zA-Z0-9-"), 0, MAX_LABEL_LENGTH - 2);
  const label = arena.difference(
    arena.concat(letterOrDigit, optional(arena, arena.concat(inner, letterOrDigit))),
    arena.concat(prefixes, arena.anyBytes),
  );
  return arena.intersect(
    separated(arena, label, arena.text(".")),
    arena.repeat(asciiClass(arena, "a-zA-Z0-9.-"), 1, MAX_LENGTH),
  );
}
