import { readWays } from "./readable-ways.ts";
import type { TermArena } from "./term-arena.ts";
import { EMPTY, type Term } from "./term.ts";

/** Languages with more states than this are not looked through. */
const MAX_STATES = 64;

const known = new WeakMap<TermArena, Map<Term, number>>();

/**
 * How many bytes suffice to complete a member of `term`, whatever has been read of it: the greatest, over all derivatives, of the
 * length of a shortest member. Mostly that is read off the term, and may then be too many; else all derivatives are looked at.
 * Infinity when those are many, or there are no members. Remembered; O(states × classes).
 */
export function longestWayHome(arena: TermArena, term: Term): number {
  let ways = known.get(arena);
  if (ways === undefined) known.set(arena, (ways = new Map<Term, number>()));
  let length = ways.get(term);
  if (length === undefined) {
    const { shortest, begun } = readWays(arena, term);
    length = Math.max(shortest, begun);
    if (length < Infinity && !arena.isEmpty(term)) {
      ways.set(term, length);
      return length;
    }
    const states = new Map<Term, Set<Term>>();
    length = explore(arena, term, states) ? longest(arena, states) : Infinity;
    ways.set(term, length);
    // What is reached from here has no longer way, which is all that is asked.
    if (length < Infinity) for (const state of states.keys()) if (!ways.has(state)) ways.set(state, length);
  }
  return length;
}

/** Fills `cameFrom` with the states that `term` reaches and those that lead to each; false when there are too many. */
function explore(arena: TermArena, term: Term, cameFrom: Map<Term, Set<Term>>): boolean {
  if (arena.isEmpty(term)) return false;
  cameFrom.set(term, new Set());
  // A map goes on with what is added while it is gone through.
  for (const state of cameFrom.keys()) {
    for (const byte of arena.classRepresentatives(state)) {
      const next = arena.next(state, byte);
      if (next === EMPTY) continue;
      let sources = cameFrom.get(next);
      if (sources === undefined) {
        if (cameFrom.size === MAX_STATES) return false;
        cameFrom.set(next, (sources = new Set()));
      }
      sources.add(state);
    }
  }
  return true;
}

/** Breadth first, backwards from the states that may end: how many steps until all are found. */
function longest(arena: TermArena, cameFrom: ReadonlyMap<Term, ReadonlySet<Term>>): number {
  const found = new Set<Term>();
  let frontier = [...cameFrom.keys()].filter((state) => arena.isNullable(state));
  for (const state of frontier) found.add(state);
  let steps = 0;
  while (found.size < cameFrom.size) {
    steps++;
    const further: Term[] = [];
    for (const state of frontier) {
      for (const source of cameFrom.get(state)!) {
        if (found.has(source)) continue;
        found.add(source);
        further.push(source);
      }
    }
    frontier = further;
  }
  return steps;
}
