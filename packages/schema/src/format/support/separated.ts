import type { Term, TermArena } from "@espalier/grammar";
import { anyNumberOf } from "./any-number-of.ts";

/** `min` or more members of `item` (`min` being at least 1) with `separator` between neighbours. */
export function separated(arena: TermArena, item: Term, separator: Term, min = 1): Term {
  return arena.concat(item, anyNumberOf(arena, arena.concat(separator, item), min - 1));
}
