import type { Term, TermArena } from "@espalier/grammar";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { perArena } from "../support/per-arena.ts";

/**
 * A fraction that a reader with doubles does not round up to the next second: fewer than 14 nines in front.
 * Doubles just below 60 are 2⁻⁴⁷ ≈ 7·10⁻¹⁵ apart, so 59.999999999999997 reads as 60, which most validators refuse.
 */
export const nearlyWholeFraction: (arena: TermArena) => Term = perArena((arena) => {
  const nine = arena.text("9");
  const rest = arena.concat(asciiClass(arena, "0-8"), anyNumberOf(arena, asciiClass(arena, "0-9")));
  return arena.concat(
    arena.text("."),
    arena.union(arena.repeat(nine, 1, 13), arena.concat(arena.repeat(nine, 0, 13), rest)),
  );
});
