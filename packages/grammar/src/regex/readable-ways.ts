import type { TermArena } from "./term-arena.ts";
import type { Term } from "./term.ts";

/** How long the rest of a member may have to be, in bytes; bounds from above, Infinity where nothing is known. */
export interface ReadableWays {
  /** A member is at most this long, if the term is not empty. */
  readonly shortest: number;
  /** Whatever of a member has been read, one byte at least: so many bytes complete it or another one. */
  readonly begun: number;
}

const UNKNOWN: ReadableWays = { shortest: Infinity, begun: Infinity };

/** Terms nested more deeply are not read. */
const MAX_DEPTH = 100;

const waysOf = new WeakMap<TermArena, Map<Term, ReadableWays>>();

/** What the operators of a term say of how its members end, without a derivative being taken. Remembered; O(size of the term). */
export function readWays(arena: TermArena, term: Term): ReadableWays {
  let known = waysOf.get(arena);
  if (known === undefined) waysOf.set(arena, (known = new Map<Term, ReadableWays>()));
  return read(arena, term, known, 0);
}

function read(arena: TermArena, term: Term, known: Map<Term, ReadableWays>, depth: number): ReadableWays {
  let ways = known.get(term);
  if (ways !== undefined) return ways;
  if (depth >= MAX_DEPTH) return UNKNOWN;
  arena.spend();
  const of = (child: Term): ReadableWays => read(arena, child, known, depth + 1);
  switch (arena.kindOf(term)) {
    case "epsilon":
      ways = { shortest: 0, begun: 0 };
      break;
    case "bytes":
      ways = { shortest: 1, begun: 0 };
      break;
    case "concat":
      ways = inARow(arena, term, known, of);
      break;
    case "union":
      ways = either(arena.childrenOf(term).map(of));
      break;
    case "repeat": {
      const round = of(arena.childrenOf(term)[0]);
      const { min } = arena.countsOf(term)!;
      const others = min > 1 ? (min - 1) * round.shortest : 0;
      ways = { shortest: min === 0 ? 0 : min * round.shortest, begun: round.begun + others };
      break;
    }
    case "branch": {
      const after = either(arena.childrenOf(term).map(of));
      ways = { shortest: arena.isNullable(term) ? 0 : 1 + after.shortest, begun: Math.max(after.longest, after.begun) };
      break;
    }
    default:
      return UNKNOWN;
  }
  known.set(term, ways);
  return ways;
}

/** A concatenation, from its last factor to its first: there may be many. */
function inARow(
  arena: TermArena,
  term: Term,
  known: Map<Term, ReadableWays>,
  of: (factor: Term) => ReadableWays,
): ReadableWays {
  const tails: Term[] = [];
  let last = term;
  while (arena.kindOf(last) === "concat" && !known.has(last)) {
    arena.spend();
    tails.push(last);
    last = arena.childrenOf(last)[1];
  }
  let ways = of(last);
  for (const tail of tails.reverse()) {
    const head = of(arena.childrenOf(tail)[0]);
    const shortest = head.shortest + ways.shortest;
    ways = { shortest, begun: Math.max(head.begun + ways.shortest, ways.begun) };
    known.set(tail, ways);
  }
  return ways;
}

function either(all: readonly ReadableWays[]): ReadableWays & { readonly longest: number } {
  let shortest = Infinity;
  let longest = 0;
  let begun = 0;
  for (const ways of all) {
    shortest = Math.min(shortest, ways.shortest);
    longest = Math.max(longest, ways.shortest);
    begun = Math.max(begun, ways.begun);
  }
  return { shortest, longest, begun };
}
