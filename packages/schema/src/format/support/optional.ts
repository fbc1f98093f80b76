import type { Term, TermArena } from "@espalier/grammar";

/** A member of `term`, or nothing. */
export function optional(arena: TermArena, term: Term): Term {
  return arena.repeat(term, 0, 1);
}
