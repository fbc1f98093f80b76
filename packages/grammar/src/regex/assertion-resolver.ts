import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { AssertionTable } from "./assertion-table.ts";
import type { TermArena } from "./term-arena.ts";
import { EMPTY, EPSILON, type Term } from "./term.ts";

/** One way through the start of a term: `rest` follows, provided that all the text to come is in `obligation`. */
interface Way {
  readonly obligation: Term;
  readonly rest: Term;
}

/** Nesting of optional parts that hold assertions, beyond which resolving would recurse too deep. */
const MAX_DEPTH = 1_000;

/**
 * Decides the assertions at one position: turns a term that may begin with markers into one with the same members in which
 * those markers are gone. Markers further on stay, for later positions.
 *
 * Terms come in two parts. At the *top* (unions, intersections, complements, and the tails of concatenations) a term speaks of the whole
 * text to come, so an obligation is simply intersected. A *head* (of a concatenation, or inside a repetition) speaks of a piece,
 * holds no intersection or complement, and yields {@link Way}s, whose obligations are intersected at the top. This is what keeps
 * lookaheads right inside loops: each iteration adds its obligation for the rest of the text.
 *
 * After location-based derivatives (Moseley et al., PLDI 2023; Varatalu, Veanes & Ernits, POPL 2025).
 */
export class AssertionResolver {
  readonly #arena: TermArena;
  readonly #table: AssertionTable;
  /** By marker id: whether the "past" assertion holds here. */
  readonly #holds: readonly boolean[];
  readonly #resolved: Map<Term, Term> = new Map();
  #depth = 0;

  constructor(arena: TermArena, table: AssertionTable, holds: readonly boolean[]) {
    this.#arena = arena;
    this.#table = table;
    this.#holds = holds;
  }

  /** A term that speaks of all the text to come. */
  resolve(term: Term): Term {
    if (!this.#arena.isMarked(term)) return term;
    let resolved = this.#resolved.get(term);
    if (resolved === undefined) {
      this.#descend();
      this.#arena.spend();
      resolved = this.#resolveTop(term);
      this.#depth--;
      this.#resolved.set(term, resolved);
    }
    return resolved;
  }

  #resolveTop(term: Term): Term {
    const arena = this.#arena;
    const children = arena.childrenOf(term);
    switch (arena.kindOf(term)) {
      case "union":
        return arena.unionAll(children.map((child) => this.resolve(child)));
      case "intersect":
        return arena.intersectAll(children.map((child) => this.resolve(child)));
      case "complement":
        return arena.complement(this.resolve(children[0]));
      case "concat":
        return this.#follow(this.#ways(children[0]), children[1]);
      case "repeat":
        // {ε, R} is kept as R?, also where R speaks of all the text to come.
        if (arena.countsOf(term)?.max === 1) return arena.union(EPSILON, this.resolve(children[0]));
    }
    return this.#follow(this.#ways(term), EPSILON);
  }

  /** All ways through a head, each followed by `tail`. */
  #follow(ways: readonly Way[], tail: Term): Term {
    const arena = this.#arena;
    const choices: Term[] = [];
    for (const { obligation, rest } of ways) {
      if (rest !== EPSILON) choices.push(arena.intersect(obligation, arena.concat(this.#strict(rest, tail), tail)));
      if (arena.isNullable(rest)) choices.push(arena.intersect(obligation, this.resolve(tail)));
    }
    return arena.unionAll(choices);
  }

  /**
   * `rest` without ε where the unresolved tail must not be reached here. Elsewhere it may be: unresolved markers only take
   * members away; but not so under a complement.
   */
  #strict(rest: Term, tail: Term): Term {
    const arena = this.#arena;
    if (!arena.isNullable(rest) || !arena.complementsMarkers(tail)) return rest;
    return arena.intersect(rest, arena.complement(EPSILON));
  }

  #ways(head: Term): readonly Way[] {
    const arena = this.#arena;
    if (!arena.isMarked(head)) return [{ obligation: arena.anyBytes, rest: head }];
    this.#descend();
    const ways = this.#markedWays(head);
    this.#depth--;
    return ways;
  }

  #markedWays(head: Term): readonly Way[] {
    const arena = this.#arena;
    const children = arena.childrenOf(head);
    switch (arena.kindOf(head)) {
      case "marker":
        return this.#markerWays(arena.markerOf(head) as number);
      case "union":
        return this.#distinct(children.flatMap((child) => this.#ways(child)));
      case "concat":
        return this.#sequence(this.#ways(children[0]), children[1]);
      case "repeat":
        return this.#repetition(head, children[0]);
    }
    throw new Error(`A ${arena.kindOf(head)} holds a marker.`);
  }

  #markerWays(id: number): readonly Way[] {
    const { time, language, negate } = this.#table.get(id);
    const arena = this.#arena;
    if (time === "past") return this.#holds[id] ? [{ obligation: arena.anyBytes, rest: EPSILON }] : [];
    const members = this.resolve(language);
    return [{ obligation: negate ? arena.complement(members) : members, rest: EPSILON }];
  }

  /** `head · tail` where both speak of pieces. */
  #sequence(heads: readonly Way[], tail: Term): readonly Way[] {
    const arena = this.#arena;
    const ways: Way[] = [];
    for (const { obligation, rest } of heads) {
      if (rest !== EPSILON) ways.push({ obligation, rest: arena.concat(rest, tail) });
      if (!arena.isNullable(rest)) continue;
      for (const way of this.#ways(tail)) {
        ways.push({ obligation: arena.intersect(obligation, way.obligation), rest: way.rest });
      }
    }
    return this.#distinct(ways);
  }

  /**
   * `operand{min,max}`. Iterations that take no text count towards `min` but repeat no differently, so one such way, taken as often as
   * needed, stands for all.
   */
  #repetition(head: Term, operand: Term): readonly Way[] {
    const arena = this.#arena;
    const { min, max } = arena.countsOf(head) as { min: number; max: number };
    const all = arena.anyBytes;
    const ways: Way[] = min === 0 ? [{ obligation: all, rest: EPSILON }] : [];
    const iterations = this.#ways(operand);
    const empty = iterations.filter(({ rest }) => arena.isNullable(rest));
    const nonEmpty = iterations.filter(({ rest }) => rest !== EPSILON);
    for (const { obligation, rest } of nonEmpty) {
      ways.push({ obligation, rest: arena.concat(rest, arena.repeat(operand, Math.max(min - 1, 0), max - 1)) });
    }
    if (min === 0) return this.#distinct(ways);
    for (const skipped of empty) {
      ways.push({ obligation: skipped.obligation, rest: EPSILON });
      if (max < 2) continue;
      for (const { obligation, rest } of nonEmpty) {
        ways.push({
          obligation: arena.intersect(obligation, skipped.obligation),
          rest: arena.concat(rest, arena.repeat(operand, 0, max - 2)),
        });
      }
    }
    return this.#distinct(ways);
  }

  #distinct(ways: readonly Way[]): readonly Way[] {
    const rests = new Map<Term, Term>();
    for (const { obligation, rest } of ways) {
      if (rest === EMPTY || obligation === EMPTY) continue;
      const known = rests.get(rest);
      rests.set(rest, known === undefined ? obligation : this.#arena.union(known, obligation));
    }
    return Array.from(rests, ([rest, obligation]) => ({ obligation, rest }));
  }

  #descend(): void {
    if (++this.#depth > MAX_DEPTH) {
      throw new LimitExceededError({
        message: `The assertions of a pattern stand under more than ${MAX_DEPTH} nested or optional parts.`,
        limit: "maxNesting",
        allowed: MAX_DEPTH,
      });
    }
  }
}
