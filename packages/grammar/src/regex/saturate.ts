import type { TermArena } from "./term-arena.ts";
import { longestWayHome } from "./longest-way-home.ts";
import type { Term } from "./term.ts";

/**
 * A term that no text of at most `byteCount` bytes can tell from `term`: counts of repetitions that such a text cannot use up
 * become "at least byteCount + 1" and "without end". All strings with thousands of characters to go thus share one term.
 *
 * Inside intersections a count that cannot be used up may still decide whether the other side can be met (`a*b{200} ∩ .{0,400}`
 * after 200 a's). There only a greatest number of code points goes, where it leaves room for whatever the other side may need.
 * Returns `term` itself where there is nothing to gain.
 */
export function saturate(arena: TermArena, term: Term, byteCount: number): Term {
  switch (arena.kindOf(term)) {
    case "repeat": {
      const { min, max } = arena.countsOf(term)!;
      const least = Math.min(min, byteCount + 1);
      const most = max > byteCount ? Infinity : max;
      if (least === min && most === max) return term;
      const [repeated] = arena.childrenOf(term);
      // Each round must use up a byte, or the count says nothing about the length.
      return arena.isNullable(repeated) ? term : arena.repeat(repeated, least, most);
    }
    case "concat": {
      const [head, tail] = arena.childrenOf(term);
      const saturated = saturate(arena, head, byteCount);
      return saturated === head ? term : arena.concat(saturated, tail);
    }
    case "union":
      return arena.unionAll(arena.childrenOf(term).map((child) => saturate(arena, child, byteCount)));
    case "intersect":
      return withoutGreatestLength(arena, term, byteCount);
    case "machine": {
      const { machine, state } = arena.machineOf(term)!;
      const other = machine.representative?.(state, byteCount) ?? state;
      return other === state ? term : arena.machine(machine, other);
    }
    default:
      return term;
  }
}

function withoutGreatestLength(arena: TermArena, term: Term, byteCount: number): Term {
  const factors = arena.childrenOf(term);
  const bound = factors.find((factor) => isLength(arena, factor));
  if (bound === undefined) return term;
  const { min, max } = arena.countsOf(bound)!;
  if (max === Infinity || max <= byteCount) return term;
  const least = arena.repeat(arena.anyCodePoint, min, Infinity);
  const others = factors
    .filter((factor) => factor !== bound)
    .reduce((all, factor) => arena.intersect(all, factor), least);
  return max >= byteCount + longestWayHome(arena, others) ? others : term;
}

function isLength(arena: TermArena, term: Term): boolean {
  return arena.kindOf(term) === "repeat" && arena.childrenOf(term)[0] === arena.anyCodePoint;
}
