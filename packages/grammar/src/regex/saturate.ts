import { greatestLength } from "./greatest-length.ts";
import type { TermArena } from "./term-arena.ts";
import type { Term } from "./term.ts";

/** How many factors of a concatenation are looked at. */
const MAX_FACTORS = 64;

/** More bytes than a text has for which counts are taken away. */
const MANY_BYTES = 2 ** 16;
/** Answers that are remembered: some megabytes. */
const KEPT = 2 ** 16;

/** Of unions, rows and intersections, by term and number of bytes: their parts come up again in many texts. */
const known = new WeakMap<TermArena, Map<number, Term>>();

/**
 * A term that no text of at most `byteCount` bytes can tell from `term`: counts of repetitions that such a text cannot use up
 * become "at least one more than it can" and "without end". All strings with thousands of characters to go thus share one term.
 *
 * Inside intersections a count that cannot be used up may still decide whether the other side can be met (`a*b{200} ∩ .{0,400}`
 * after 200 a's). There only a greatest number of code points goes, where it leaves room for whatever the other side may need.
 * Returns `term` itself where there is nothing to gain.
 */
export function saturate(arena: TermArena, term: Term, byteCount: number): Term {
  switch (arena.kindOf(term)) {
    case "repeat": {
      const { min, max } = arena.countsOf(term)!;
      const [repeated] = arena.childrenOf(term);
      // Each round must use up a byte, or the count says nothing about the length.
      if (arena.isNullable(repeated)) return term;
      const rounds = Math.floor(byteCount / Math.max(1, arena.minLength(repeated)));
      const least = Math.min(min, rounds + 1);
      const most = max > rounds ? Infinity : max;
      return least === min && most === max ? term : arena.repeat(repeated, least, most);
    }
    case "concat":
      return remembered(arena, term, byteCount, saturateRow);
    case "union":
      return remembered(arena, term, byteCount, saturateUnion);
    case "intersect":
      return remembered(arena, term, byteCount, withoutGreatestLength);
    case "machine": {
      const { machine, state } = arena.machineOf(term)!;
      const other = machine.representative?.(state, byteCount) ?? state;
      return other === state ? term : arena.machine(machine, other);
    }
    default:
      return term;
  }
}

function remembered(arena: TermArena, term: Term, byteCount: number, find: typeof saturate): Term {
  if (byteCount >= MANY_BYTES) return find(arena, term, byteCount);
  let answers = known.get(arena);
  if (answers === undefined) known.set(arena, (answers = new Map<number, Term>()));
  const key = term * MANY_BYTES + byteCount;
  let answer = answers.get(key);
  if (answer === undefined) {
    answer = find(arena, term, byteCount);
    if (answers.size >= KEPT) answers.clear();
    answers.set(key, answer);
  }
  return answer;
}

function saturateUnion(arena: TermArena, term: Term, byteCount: number): Term {
  const children = arena.childrenOf(term);
  const saturated = children.map((child) => saturate(arena, child, byteCount));
  return saturated.every((child, i) => child === children[i]) ? term : arena.unionAll(saturated);
}

/**
 * Each factor for as many bytes as those before it leave. Behind the first, only counts that leave a choice: rows of fixed lengths, as
 * identifiers have them, are few, and a text of any length would otherwise stand for a row of its own.
 */
function saturateRow(arena: TermArena, term: Term, byteCount: number): Term {
  const factors: Term[] = [];
  let rest = term;
  let left = byteCount;
  let isSame = true;
  while (arena.kindOf(rest) === "concat" && left >= 0 && factors.length < MAX_FACTORS) {
    const [head, tail] = arena.childrenOf(rest);
    const saturated = factors.length > 0 && isFixed(arena, head) ? head : saturate(arena, head, left);
    isSame &&= saturated === head;
    factors.push(saturated);
    left -= arena.minLength(head);
    rest = tail;
  }
  if (arena.kindOf(rest) !== "concat" && left >= 0) {
    const saturated = isFixed(arena, rest) ? rest : saturate(arena, rest, left);
    isSame &&= saturated === rest;
    rest = saturated;
  }
  return isSame ? term : factors.reduceRight((tail, factor) => arena.concat(factor, tail), rest);
}

function isFixed(arena: TermArena, term: Term): boolean {
  const counts = arena.countsOf(term);
  return counts !== undefined && counts.min === counts.max;
}

function withoutGreatestLength(arena: TermArena, term: Term, byteCount: number): Term {
  const bounded = greatestLength(arena, term);
  if (bounded === undefined || bounded.sure < byteCount) return term;
  const { others } = bounded;
  return arena.kindOf(others) === "intersect" ? others : saturate(arena, others, byteCount);
}
