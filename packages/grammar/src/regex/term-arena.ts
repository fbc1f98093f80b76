import { allSteps, type Steps } from "../budget/steps.ts";
import type { WorkBudget } from "../budget/work-budget.ts";
import type { ByteMachine } from "./byte-machine.ts";
import { countMembers } from "./cardinality.ts";
import { Derivatives } from "./derivatives.ts";
import { Emptiness } from "./emptiness.ts";
import { ShortestMembers } from "./shortest.ts";
import { TermBuilder } from "./term-builder.ts";
import { printTerm } from "./term-printer.ts";
import { TermStore } from "./term-store.ts";
import {
  DEAD_TERM,
  EMPTY,
  EPSILON,
  KIND_BRANCH,
  KIND_BYTES,
  KIND_COMPLEMENT,
  KIND_CONCAT,
  KIND_INTERSECT,
  KIND_MACHINE,
  KIND_MARKER,
  KIND_NAMES,
  KIND_REPEAT,
  KIND_UNION,
  LIVE,
  MARKED,
  MARKED_COMPLEMENT,
  NULLABLE,
  type Term,
  type TermKind,
  UNBOUNDED,
} from "./term.ts";
import { drawTerm } from "./term-dot.ts";
import { codePointTerm, type CodePointRanges } from "./utf8-terms.ts";
import { wordsTerm } from "./word-graph.ts";

export interface TermArenaOptions {
  /**
   * Terms that the arena may hold: the operands and all derivatives taken so far, at 50 to 100 bytes each.
   * @defaultValue 1,000,000
   */
  readonly maxTerms?: number | undefined;
  /**
   * Terms that one question for emptiness may visit.
   * @defaultValue 100,000 (of the order of a second)
   */
  readonly maxSearchStates?: number | undefined;
}

/** Of so many words a term is made in one step. */
const FEW_WORDS = 128;

const encoder = new TextEncoder();

/** What an arena holds and has done, for tests and logs. */
export interface TermArenaStats {
  readonly terms: number;
  /** Derivatives computed, as opposed to remembered. */
  readonly derivatives: number;
  /** Questions for emptiness that the flags of the terms did not answer. */
  readonly emptinessSearches: number;
  /** Terms expanded in those searches. */
  readonly statesSearched: number;
  /** Distinct partitions of the bytes into classes. */
  readonly partitions: number;
  /** The size of all tables. */
  readonly bytesHeld: number;
}

/**
 * Extended regular expressions over bytes (with intersection and complement), hash-consed, and stepped by memoised
 * Brzozowski derivatives: a lazily determinised automaton whose states are terms.
 *
 * Equal content has equal numbers, modulo associativity, commutativity, idempotence, units and zeros of union and intersection
 * and a few more cheap laws. Equal *languages* may still have different numbers; {@link next} however answers {@link EMPTY}
 * exactly when nothing can follow.
 *
 * Terms live as long as their arena. A process that compiles without end drops arenas, not terms.
 *
 * Every method that adds terms throws LimitExceededError at `maxTerms`, and spends from the budget of {@link within}.
 *
 * @see Brzozowski, "Derivatives of regular expressions", J. ACM 11(4), 1964
 * @see Owens, Reppy & Turon, "Regular-expression derivatives re-examined", J. Funct. Prog. 19(2), 2009
 */
export class TermArena {
  /** The encoding of any one code point but a surrogate. */
  readonly anyCodePoint: Term;
  /** Every well-formed UTF-8 text. */
  readonly anyText: Term;
  /** Every byte string. */
  readonly anyBytes: Term;
  readonly #store: TermStore;
  readonly #builder: TermBuilder;
  readonly #derivatives: Derivatives;
  readonly #emptiness: Emptiness;
  readonly #shortest: ShortestMembers;

  constructor(options: TermArenaOptions = {}) {
    this.#store = new TermStore(options.maxTerms ?? 1_000_000);
    this.#builder = new TermBuilder(this.#store);
    this.#derivatives = new Derivatives(this.#store, this.#builder);
    this.#emptiness = new Emptiness(this.#store, this.#derivatives, options.maxSearchStates ?? 100_000);
    this.#shortest = new ShortestMembers(this);
    this.anyCodePoint = codePointTerm(this.#builder, [[0, 0x10_ffff]]);
    this.#builder.adoptText(this.anyCodePoint, codePointTerm(this.#builder, [[0, 0xffff]], true));
    this.anyText = this.#builder.anyText;
    this.anyBytes = this.#builder.all;
  }

  get stats(): TermArenaStats {
    return {
      terms: this.#store.count,
      derivatives: this.#derivatives.computed,
      emptinessSearches: this.#emptiness.searches,
      statesSearched: this.#emptiness.statesSearched,
      partitions: this.#derivatives.partitions.count,
      bytesHeld: this.#store.bytesHeld + this.#derivatives.bytesHeld,
    };
  }

  /**
   * Runs `work` and lets it spend from `budget`: a step for each new term, derivative and state searched.
   * Without a budget just runs it (under the enclosing one, if any).
   */
  within<T>(budget: WorkBudget | undefined, work: () => T): T {
    if (budget === undefined) return work();
    const outer = this.#store.budget;
    this.#store.budget = budget;
    try {
      return work();
    } finally {
      this.#store.budget = outer;
    }
  }

  /** Takes steps from the budget of {@link within}, if there is one. */
  spend(steps = 1): void {
    this.#store.budget?.spend(steps);
  }

  /** {@link WorkBudget.run} under the budget of {@link within}; all steps at once where there is none. */
  run<Result>(work: unknown, begin: () => Steps<Result>): Result {
    return this.#store.run(work, begin);
  }

  // Constructors.

  /** One byte out of a set: bit `b & 31` of word `b >>> 5` for byte b, eight words. */
  byteSet(set: Uint32Array): Term {
    return this.#builder.byteSet(set);
  }

  /** One byte between two bounds, both included. */
  byteRange(low: number, high: number): Term {
    return low > high ? EMPTY : this.#builder.byteRange(low, high);
  }

  concat(...terms: readonly Term[]): Term {
    return this.concatAll(terms);
  }

  /** {@link concat} for a list of any length. */
  concatAll(terms: readonly Term[]): Term {
    let term = EPSILON;
    for (let i = terms.length - 1; i >= 0; i--) term = this.#builder.concat(terms[i], term);
    return term;
  }

  union(...terms: readonly Term[]): Term {
    return this.#builder.union(terms);
  }

  /** {@link union} for a list of any length. */
  unionAll(terms: readonly Term[]): Term {
    return this.#builder.union(terms);
  }

  intersect(...terms: readonly Term[]): Term {
    return this.#builder.intersect(terms);
  }

  /** {@link intersect} for a list of any length. */
  intersectAll(terms: readonly Term[]): Term {
    return this.#builder.intersect(terms);
  }

  /** All byte strings but those of `term`, ill-formed UTF-8 included: intersect with {@link anyText} for texts alone. */
  complement(term: Term): Term {
    return this.#builder.complement(term);
  }

  /** The members of `a` that are not members of `b`. */
  difference(a: Term, b: Term): Term {
    if (a === b) return EMPTY;
    return this.#builder.intersect([a, this.#builder.complement(b)]);
  }

  /** Remembers that every member of `inner` is one of `outer`: what is in the one and not in the other is then known to be nothing. */
  noteWithin(inner: Term, outer: Term): void {
    this.#builder.exclusions.noteWithin(inner, outer);
  }

  /**
   * `term` repeated `min` to `max` times (`Infinity` allowed). The counts are kept as numbers: `repeat(a, 1, 50_000)`
   * is one term, and each of its derivatives is one more.
   */
  repeat(term: Term, min: number, max: number): Term {
    if (min > max) return EMPTY;
    return this.#builder.repeat(term, Math.min(min, UNBOUNDED), Math.min(max, UNBOUNDED));
  }

  /** One text, as UTF-8. Two terms a byte. */
  text(text: string): Term {
    return this.#builder.literal(encoder.encode(text));
  }

  /** One byte string. */
  literalBytes(bytes: Uint8Array): Term {
    return this.#builder.literal(bytes);
  }

  /** A finite set of byte strings (or texts, as UTF-8), as a minimal acyclic automaton with O(1) derivatives. */
  words(words: readonly (Uint8Array | string)[]): Term {
    if (words.length <= FEW_WORDS) return allSteps(wordsTerm(this.#builder, words));
    return this.run(words, () => wordsTerm(this.#builder, words));
  }

  /** The UTF-8 encoding of one code point out of inclusive ranges, in any order; surrogates are left out. */
  codePoints(ranges: CodePointRanges): Term {
    return codePointTerm(this.#builder, ranges);
  }

  /** Like {@link codePoints}, but surrogates are encoded too, as three bytes each (CESU-8, WTF-8): not text. */
  codeUnits(ranges: CodePointRanges): Term {
    return codePointTerm(this.#builder, ranges, true);
  }

  /** What a machine accepts from one of its states. */
  machine(machine: ByteMachine, state: number): Term {
    return this.#builder.machine(machine, state);
  }

  /**
   * A placeholder for an assertion, which only the regex compiler can decide (see `AssertionMachine`): the laws treat it
   * as ε or ∅, not knowing which; derivatives treat it as ∅.
   */
  marker(id: number): Term {
    return this.#builder.marker(id);
  }

  // Stepping and questions.

  /** What may follow `byte`: possibly a term whose language is empty without being {@link EMPTY}. Amortised O(1). */
  derive(term: Term, byte: number): Term {
    return this.#derivatives.derive(term, byte);
  }

  /**
   * What may follow `byte`; {@link EMPTY} exactly when nothing can. Two table look-ups when asked before.
   * @throws LimitExceededError at `maxTerms` or `maxSearchStates`
   */
  next(term: Term, byte: number): Term {
    const settled = this.#derivatives.settled(term, byte);
    return settled === -1 ? this.#settle(term, byte) : settled;
  }

  /** {@link next} where that is known; else the derivative, which may still be empty. */
  possible(term: Term, byte: number): Term {
    const settled = this.#derivatives.settled(term, byte);
    if (settled !== -1) return settled;
    const derivative = this.#derivatives.derive(term, byte);
    return (this.#store.flags[derivative] & DEAD_TERM) !== 0 ? EMPTY : derivative;
  }

  /** Takes note that `term` has a member. */
  keepAlive(term: Term): void {
    this.#store.flags[term] |= LIVE;
  }

  #settle(term: Term, byte: number): Term {
    const derivative = this.#derivatives.derive(term, byte);
    const to = this.#emptiness.isEmpty(derivative) ? EMPTY : derivative;
    this.#derivatives.remember(term, byte, to);
    return to;
  }

  /** Whether ε is a member. O(1). */
  isNullable(term: Term): boolean {
    return (this.#store.flags[term] & NULLABLE) !== 0;
  }

  /**
   * Whether there is no member at all. O(1) without intersection, complement and machines; else a search, remembered.
   * @throws LimitExceededError at `maxTerms` or `maxSearchStates`
   */
  isEmpty(term: Term): boolean {
    return this.#emptiness.isEmpty(term);
  }

  /** Whether each member of `b` is a member of `a`: a search for a counterexample. */
  includes(a: Term, b: Term): boolean {
    return this.isEmpty(this.difference(b, a));
  }

  /** A shortest member, of letters and digits where there is a choice; undefined when there is none. */
  shortest(term: Term): Uint8Array | undefined {
    return this.isEmpty(term) ? undefined : this.#shortest.find(term);
  }

  /** How many members there are; `limit` when there are at least as many. */
  cardinality(term: Term, limit: number): number {
    if (this.#isCofinite(term)) return limit;
    return this.isEmpty(term) ? 0 : countMembers(this, term, limit);
  }

  /** Whether the term plainly has all texts but finitely many. */
  #isCofinite(term: Term): boolean {
    return this.#factorsOf(term).every(
      (factor) =>
        factor === this.anyText ||
        factor === this.anyBytes ||
        (this.#store.kinds[factor] === KIND_COMPLEMENT && this.maxLength(this.#store.first[factor]) < Infinity),
    );
  }

  accepts(term: Term, bytes: Uint8Array): boolean {
    let at = term;
    for (const byte of bytes) {
      at = this.#derivatives.derive(at, byte);
      if (at === EMPTY) return false;
    }
    return this.isNullable(at);
  }

  /** {@link accepts} for a text, as UTF-8. */
  acceptsText(term: Term, text: string): boolean {
    return this.accepts(term, encoder.encode(text));
  }

  /** The class number of each of the 256 bytes: bytes of one class have one derivative. Read-only. */
  byteClasses(term: Term): Uint8Array {
    const partition = this.#derivatives.partition(term);
    return this.#derivatives.partitions.classOf.subarray(partition * 256, partition * 256 + 256);
  }

  /** Like {@link byteClasses}, for several terms at once; `distinction`, 256 numbers, is told apart as well. */
  jointClasses(terms: readonly Term[], distinction?: Uint8Array): Uint8Array {
    return this.#derivatives.jointClasses(terms, distinction);
  }

  /** The number of the partition into {@link byteClasses}: equal numbers, equal classes. */
  partitionOf(term: Term): number {
    return this.#derivatives.partition(term);
  }

  #factorsOf(term: Term): Term[] {
    return this.#store.kinds[term] === KIND_INTERSECT ? this.childrenOf(term) : [term];
  }

  /** The least byte of each class of {@link byteClasses}, in order. */
  classRepresentatives(term: Term): number[] {
    return this.#derivatives.partitions.representatives(this.#derivatives.partition(term));
  }

  /** No member is shorter, in bytes: a lower bound read off the term. */
  minLength(term: Term): number {
    return lengthOf(this.#store.minLength[term]);
  }

  /** No member is longer, in bytes: an upper bound read off the term, or `Infinity`. */
  maxLength(term: Term): number {
    return lengthOf(this.#store.maxLength[term]);
  }

  /** True when each member is plainly well-formed UTF-8; false says nothing. */
  isTextual(term: Term): boolean {
    return (this.#store.phases[term] & 1) !== 0;
  }

  /** A shortest member where a machine knows one, or several do of which the term is the union. */
  shortestKnown(term: Term): Uint8Array | undefined {
    const held = this.machineOf(term);
    if (held !== undefined) return held.machine.shortest?.(held.state);
    if (this.#store.kinds[term] !== KIND_UNION) return undefined;
    let best: Uint8Array | undefined;
    for (const child of this.childrenOf(term)) {
      const known = this.shortestKnown(child);
      if (known === undefined) return undefined;
      if (best === undefined || known.length < best.length) best = known;
    }
    return best;
  }

  // Looking inside.

  kindOf(term: Term): TermKind {
    return KIND_NAMES[this.#store.kinds[term]];
  }

  /** The operands: for a branch the targets, for a concatenation its head and tail. */
  childrenOf(term: Term): Term[] {
    const store = this.#store;
    const first = store.first[term];
    const second = store.second[term];
    switch (store.kinds[term]) {
      case KIND_CONCAT:
        return [first, second];
      case KIND_COMPLEMENT:
      case KIND_REPEAT:
        return [first];
      case KIND_UNION:
      case KIND_INTERSECT:
        return Array.from(store.pool.subarray(first, first + second));
      case KIND_BRANCH:
        return Array.from({ length: second }, (_, edge) => store.pool[first + 2 * edge + 1]);
    }
    return [];
  }

  /** The counts of a repetition, `max` perhaps `Infinity`; undefined for other kinds. */
  countsOf(term: Term): { readonly min: number; readonly max: number } | undefined {
    if (this.#store.kinds[term] !== KIND_REPEAT) return undefined;
    return { min: this.#store.second[term], max: lengthOf(this.#store.third[term]) };
  }

  /** The machine and its state; undefined for other kinds. */
  machineOf(term: Term): { readonly machine: ByteMachine; readonly state: number } | undefined {
    const { kinds, machines, first, second } = this.#store;
    return kinds[term] === KIND_MACHINE ? { machine: machines[first[term]], state: second[term] } : undefined;
  }

  /** Whether markers are inside. */
  isMarked(term: Term): boolean {
    return (this.#store.flags[term] & MARKED) !== 0;
  }

  /** Whether markers are inside a complement. */
  complementsMarkers(term: Term): boolean {
    return (this.#store.flags[term] & MARKED_COMPLEMENT) !== 0;
  }

  /** The id of a marker; undefined for other kinds. */
  markerOf(term: Term): number | undefined {
    return this.#store.kinds[term] === KIND_MARKER ? this.#store.first[term] : undefined;
  }

  /** The eight words of a byte set; undefined for other kinds. */
  bytesOf(term: Term): Uint32Array | undefined {
    if (this.#store.kinds[term] !== KIND_BYTES) return undefined;
    const offset = this.#store.first[term] * 8;
    return this.#store.sets.words.slice(offset, offset + 8);
  }

  /** The term in the notation of `printTerm`, cut short when it is long. */
  toString(term: Term): string {
    return printTerm(this.#store, term);
  }

  /** The automaton of live states from `term` on as a Graphviz digraph; states past `maxStates` are left undrawn. */
  toDot(term: Term, maxStates = 50): string {
    return drawTerm(this, term, maxStates);
  }
}

function lengthOf(stored: number): number {
  return stored === UNBOUNDED ? Infinity : stored;
}
