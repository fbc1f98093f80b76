import type { TermArena } from "./term-arena.ts";
import type { Term } from "./term.ts";

/**
 * A term that no text of at most `byteCount` bytes can tell from `term`: counts of repetitions that such a text cannot use up
 * become "at least byteCount + 1" and "without end". All strings with thousands of characters to go thus share one term.
 *
 * Not inside intersections: there a count that cannot be used up may still decide whether the other side can be met
 * (`a*b{200} ∩ .{0,400}` after 200 a's). Returns `term` itself where there is nothing to gain.
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
    default:
      return term;
  }
}
