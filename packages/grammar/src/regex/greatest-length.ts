import { longestWayHome } from "./longest-way-home.ts";
import type { TermArena } from "./term-arena.ts";
import type { Term } from "./term.ts";

/** A term as another one with a greatest number of code points. */
export interface GreatestLength {
  /** The term without that. */
  readonly others: Term;
  readonly most: number;
  /** A text of no more code points never meets the bound: wherever it leads in `others`, there is room for an end. May be negative. */
  readonly sure: number;
}

/** The greatest number of code points that an intersection asks for beside other things; undefined for other terms. */
export function greatestLength(arena: TermArena, term: Term): GreatestLength | undefined {
  if (arena.kindOf(term) !== "intersect") return undefined;
  const factors = arena.childrenOf(term);
  const bound = factors.find(
    (factor) => arena.kindOf(factor) === "repeat" && arena.childrenOf(factor)[0] === arena.anyCodePoint,
  );
  if (bound === undefined) return undefined;
  const { min, max } = arena.countsOf(bound)!;
  if (max === Infinity) return undefined;
  const least = arena.repeat(arena.anyCodePoint, min, Infinity);
  const others = factors
    .filter((factor) => factor !== bound)
    .reduce((all, factor) => arena.intersect(all, factor), least);
  return { others, most: max, sure: max - longestWayHome(arena, others) };
}
