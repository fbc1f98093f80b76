import type { Term, TermArena } from "@espalier/grammar";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { nearlyWholeFraction } from "./nearly-whole-fraction.ts";

const MINUTES_PER_DAY = 24 * 60;

/**
 * Minutes between the offsets at which leap seconds are admitted. Every clock in use has an offset of whole quarters;
 * all 1,440 offsets would need a state for each minute of the day, and for each place in what follows.
 */
const OFFSET_STEP = 15;

/** Times with the second 60: in UTC the minute before midnight, elsewhere the minute that is 23:59 in UTC. */
export function leapSecond(arena: TermArena): Term {
  const milliseconds = arena.concat(arena.text("."), arena.repeat(asciiClass(arena, "0-9"), 1, 3));
  const alternatives = [
    arena.concat(
      arena.text("23:59:60"),
      optional(arena, nearlyWholeFraction(arena)),
      arena.words(["Z", "z", "+00:00", "-00:00"]),
    ),
  ];
  for (let ahead = OFFSET_STEP; ahead < MINUTES_PER_DAY; ahead += OFFSET_STEP) {
    const local = (ahead + MINUTES_PER_DAY - 1) % MINUTES_PER_DAY;
    alternatives.push(
      arena.concat(
        arena.text(`${clock(local)}:60`),
        optional(arena, milliseconds),
        arena.words([`+${clock(ahead)}`, `-${clock(MINUTES_PER_DAY - ahead)}`]),
      ),
    );
  }
  return arena.unionAll(alternatives);
}

/** Minutes since midnight as `hh:mm`. */
function clock(minutes: number): string {
  return `${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}`;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, "0");
}
