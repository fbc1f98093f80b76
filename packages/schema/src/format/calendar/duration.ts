import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { perArena } from "../support/per-arena.ts";

export const duration: StringFormat = {
  name: "duration",
  standard: "RFC 3339, appendix A, duration",
  exactness: "exact",
  outer: String.raw`P(\d+Y)?(\d+M)?(\d+D)?(T(\d+H)?(\d+M)?(\d+S)?)?|P\d+W`,
  note: "Units may be left out at either end, not in the middle: P1Y2D is not a duration.",
  term: perArena(buildDuration),
};

function buildDuration(arena: TermArena): Term {
  const number = anyNumberOf(arena, asciiClass(arena, "0-9"), 1);
  const count = (unit: string): Term => arena.concat(number, arena.text(unit));
  /** One or more neighbouring units, in this order. */
  const run = (units: readonly string[]): Term => {
    let rest = count(units[units.length - 1]);
    let all = rest;
    for (const unit of units.slice(0, -1).reverse()) {
      rest = arena.concat(count(unit), optional(arena, rest));
      all = arena.union(all, rest);
    }
    return all;
  };
  const time = arena.concat(arena.text("T"), run(["H", "M", "S"]));
  const dateAndTime = arena.concat(run(["Y", "M", "D"]), optional(arena, time));
  return arena.concat(arena.text("P"), arena.union(dateAndTime, time, count("W")));
}
