import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";

const MONTHS = ["01", "02", "03", "04", "05", "06", "07", "08", "09", "10", "11", "12"];
const MONTHS_OF_31_DAYS = ["01", "03", "05", "07", "08", "10", "12"];

export const date: StringFormat = {
  name: "date",
  standard: "RFC 3339, section 5.6, full-date",
  exactness: "exact",
  term: perArena(buildDate),
};

function buildDate(arena: TermArena): Term {
  const { digit, leapYear } = years(arena);
  const day01To28 = arena.union(
    arena.concat(arena.text("0"), asciiClass(arena, "1-9")),
    arena.concat(arena.text("1"), digit),
    arena.concat(arena.text("2"), asciiClass(arena, "0-8")),
  );
  const dayOfAnyYear = arena.union(
    arena.concat(arena.words(MONTHS), arena.text("-"), day01To28),
    arena.concat(arena.words(MONTHS.filter((month) => month !== "02")), arena.words(["-29", "-30"])),
    arena.concat(arena.words(MONTHS_OF_31_DAYS), arena.text("-31")),
  );
  return arena.union(
    arena.concat(arena.repeat(digit, 4, 4), arena.text("-"), dayOfAnyYear),
    arena.concat(leapYear, arena.text("-02-29")),
  );
}

/** A number is divisible by four exactly when its last two digits are one of a class of pairs. */
function years(arena: TermArena): { digit: Term; leapYear: Term } {
  const digit = asciiClass(arena, "0-9");
  const nonZeroMultipleOfFour = arena.union(
    arena.concat(arena.text("0"), asciiClass(arena, "48")),
    arena.concat(asciiClass(arena, "2468"), asciiClass(arena, "048")),
    arena.concat(asciiClass(arena, "13579"), asciiClass(arena, "26")),
  );
  const multipleOfFour = arena.union(arena.text("00"), nonZeroMultipleOfFour);
  const leapYear = arena.union(
    arena.concat(digit, digit, nonZeroMultipleOfFour),
    arena.concat(multipleOfFour, arena.text("00")),
  );
  return { digit, leapYear };
}
