import type { Term, TermArena } from "@espalier/grammar";

/** Remembers what `build` answered for each arena, as long as the arena lives. */
export function perArena(build: (arena: TermArena) => Term): (arena: TermArena) => Term {
  const built = new WeakMap<TermArena, Term>();
  return (arena) => {
    let term = built.get(arena);
    if (term === undefined) {
      term = build(arena);
      built.set(arena, term);
    }
    return term;
  };
}
