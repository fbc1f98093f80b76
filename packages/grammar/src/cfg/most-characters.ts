import type { TermArena } from "../regex/term-arena.ts";
import { EMPTY, type Term } from "../regex/term.ts";

/** What the parts of a term come to, given what each of them does; undefined where that is not known. */
interface Sum {
  readonly parts: readonly Term[];
  readonly of: (counts: readonly number[]) => number;
}

/**
 * How many characters of UTF-8 a text of a finite language has at most, told from how its term is made; undefined where its parts do not
 * tell. O(size of the term).
 */
export function mostCharacters(arena: TermArena, term: Term): number | undefined {
  const known = new Map<Term, number>();
  const sums = new Map<Term, Sum>();
  const open = [term];
  for (let top = open.at(-1); top !== undefined; top = open.at(-1)) {
    let sum = sums.get(top);
    if (sum === undefined) {
      arena.spend();
      sum = sumOf(arena, top);
      if (sum === undefined) return undefined;
      sums.set(top, sum);
      for (const part of sum.parts) if (!known.has(part)) open.push(part);
      continue;
    }
    open.pop();
    if (!known.has(top)) known.set(top, sum.of(sum.parts.map((part) => known.get(part)!)));
  }
  return known.get(term);
}

function sumOf(arena: TermArena, term: Term): Sum | undefined {
  switch (arena.kindOf(term)) {
    case "empty":
    case "epsilon":
      return { parts: [], of: () => 0 };
    case "bytes":
      return {
        parts: [],
        of: () => Math.max(...arena.classRepresentatives(term).map((byte) => beginning(arena, term, byte))),
      };
    case "concat":
      return { parts: arena.childrenOf(term), of: (counts) => counts.reduce((all, count) => all + count, 0) };
    case "union":
      return { parts: arena.childrenOf(term), of: (counts) => Math.max(...counts) };
    case "intersect": {
      const parts = arena.childrenOf(term).filter((part) => arena.kindOf(part) !== "complement");
      return parts.length === 0 ? undefined : { parts, of: (counts) => Math.min(...counts) };
    }
    case "repeat": {
      const { max } = arena.countsOf(term)!;
      return { parts: arena.childrenOf(term), of: ([count]) => (count === 0 ? 0 : count * max) };
    }
    case "branch": {
      const bytes = arena.classRepresentatives(term).filter((byte) => arena.next(term, byte) !== EMPTY);
      const parts = bytes.map((byte) => arena.next(term, byte));
      return { parts, of: (counts) => Math.max(...counts.map((count, i) => count + beginning(arena, term, bytes[i]))) };
    }
    default:
      return undefined;
  }
}

/** 1 for a byte that begins a character, and that the term goes on with; 0 for others. */
function beginning(arena: TermArena, term: Term, byte: number): number {
  return (byte & 0xc0) !== 0x80 && arena.next(term, byte) !== EMPTY ? 1 : 0;
}
