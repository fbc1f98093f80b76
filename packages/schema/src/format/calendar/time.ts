import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { perArena } from "../support/per-arena.ts";
import { leapSecond } from "./leap-second.ts";
import { nearlyWholeFraction } from "./nearly-whole-fraction.ts";

export const time: StringFormat = {
  name: "time",
  standard: "RFC 3339, section 5.6, full-time",
  exactness: "subset",
  outer: String.raw`\d\d:\d\d:\d\d(\.\d+)?([zZ]|[+-]\d\d(:?\d\d)?)`,
  note:
    "Left out: leap seconds at offsets from UTC that are no multiple of 15 minutes, or that are not zero and come with " +
    "more than three digits of a second; fractions of the seconds 59 and 60 that start with 14 nines (the nearest double is the next second).",
  term: perArena(buildTime),
};

function buildTime(arena: TermArena): Term {
  const digit = asciiClass(arena, "0-9");
  const hour = arena.union(
    arena.concat(asciiClass(arena, "01"), digit),
    arena.concat(arena.text("2"), asciiClass(arena, "0-3")),
  );
  const minute = arena.concat(asciiClass(arena, "0-5"), digit);
  const fraction = arena.concat(arena.text("."), anyNumberOf(arena, digit, 1));
  const second00To58 = arena.union(
    arena.concat(asciiClass(arena, "0-4"), digit),
    arena.concat(arena.text("5"), asciiClass(arena, "0-8")),
  );
  const second = arena.union(
    arena.concat(second00To58, optional(arena, fraction)),
    arena.concat(arena.text("59"), optional(arena, nearlyWholeFraction(arena))),
  );
  const colon = arena.text(":");
  const offset = arena.union(asciiClass(arena, "Zz"), arena.concat(asciiClass(arena, "+-"), hour, colon, minute));
  return arena.union(arena.concat(hour, colon, minute, colon, second, offset), leapSecond(arena));
}
