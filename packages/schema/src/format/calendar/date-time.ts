import type { StringFormat } from "../string-format.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";
import { date } from "./date.ts";
import { time } from "./time.ts";

export const dateTime: StringFormat = {
  name: "date-time",
  standard: "RFC 3339, section 5.6, date-time",
  exactness: "subset",
  outer: String.raw`\d{4}-\d\d-\d\d[tT\s]\d\d:\d\d:\d\d(\.\d+)?([zZ]|[+-]\d\d(:?\d\d)?)`,
  note:
    "As for time, and a leap second may stand on any day. A space between date and time, which RFC 3339 mentions " +
    "outside its grammar, is not accepted.",
  term: perArena((arena) => arena.concat(date.term(arena), asciiClass(arena, "Tt"), time.term(arena))),
};
