import type { Term, TermArena } from "@espalier/grammar";

/** Members of `term`, `min` or more of them. */
export function anyNumberOf(arena: TermArena, term: Term, min = 0): Term {
  return arena.repeat(term, min, Infinity);
}
