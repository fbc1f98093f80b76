import { InvalidInputError, LimitExceededError, type Term, type TermArena } from "@espalier/grammar";
import { type Conjunction, type ConjunctionParts, conjunctionOf, isSingle } from "./conjunction.ts";
import { complementOf, containsNumber, intersection } from "./conjunction-laws.ts";
import { countMembers } from "./count-members.ts";
import { Decimal } from "./decimal.ts";
import { anyIntegerTerm, anyNumberTerm } from "./number-grammar.ts";
import { NumberMachine } from "./number-machine.ts";
import { sampleMembers } from "./sample-members.ts";
import { isNicer, shortestText } from "./shortest-text.ts";
import { simplifyAlternatives } from "./simplify-alternatives.ts";
import { canonicalConjunction } from "./tighten.ts";

/** A set of numbers, interned within its algebra: equal content, equal id, as far as the canonical form goes. */
export interface NumberSet {
  readonly id: number;
  /** The members of each are members; none for the empty set. */
  readonly alternatives: readonly Conjunction[];
}

export interface NumberAlgebraOptions {
  /**
   * Conjunctions that one set may consist of, on the way as well as in the end.
   * @defaultValue 2,000
   */
  readonly maxNumberAlternatives?: number | undefined;
  /**
   * States of the automaton of one conjunction. They are made on demand; sets with long `multipleOf` could fill the
   * memory. Where the schema does not bound them, digits are limited so that conditions with up to 12,000 remainders stay below this.
   * @defaultValue 1,000,000
   */
  readonly maxNumberStates?: number | undefined;
}

/** Of the states that a conjunction may have, those that many texts may use up together; what is left is for one more text. */
const SHARED_STATES = 1 / 4;

/** Conditions of the form "not a multiple of" in one conjunction: the work of counting doubles with each. */
const MAX_EXCLUDED_DIVISORS = 16;

/**
 * Sets of JSON numbers under union, intersection and complement, with exact decimals: 1, 1.0 and 1e0 are one number.
 *
 * Sets are kept as unions of conjunctions (an interval, a divisor, divisors that must not be), each of which has a
 * member, so that emptiness is plain to see.
 */
export class NumberAlgebra {
  readonly none: NumberSet;
  readonly all: NumberSet;
  readonly integer: NumberSet;
  readonly #arena: TermArena;
  readonly #maxAlternatives: number;
  readonly #maxStates: number;
  readonly #sets: NumberSet[] = [];
  readonly #idOf: Map<string, number> = new Map();
  readonly #operations: Map<string, NumberSet> = new Map();
  readonly #machines: Map<string, NumberMachine> = new Map();
  readonly #terms: Map<string, Term> = new Map();
  readonly #shortest: Map<number, string | undefined> = new Map();
  readonly #anyKey: string = conjunctionOf({}).key;
  readonly #integerKey: string = conjunctionOf({ multipleOf: Decimal.one }).key;

  constructor(arena: TermArena, options: NumberAlgebraOptions = {}) {
    this.#arena = arena;
    this.#maxAlternatives = options.maxNumberAlternatives ?? 2_000;
    this.#maxStates = options.maxNumberStates ?? 1_000_000;
    this.none = this.#intern([]);
    this.all = this.#setOf({});
    this.integer = this.multipleOf(Decimal.one);
  }

  /** Numbers no less than `bound`, or greater than it. */
  atLeast(bound: Decimal, exclusive = false): NumberSet {
    return this.#setOf({ lower: { value: bound, exclusive } });
  }

  /** Numbers no greater than `bound`, or less than it. */
  atMost(bound: Decimal, exclusive = false): NumberSet {
    return this.#setOf({ upper: { value: bound, exclusive } });
  }

  /**
   * Integers times a positive number.
   * @throws InvalidInputError for other numbers
   */
  multipleOf(divisor: Decimal): NumberSet {
    if (divisor.compare(Decimal.zero) <= 0) {
      throw new InvalidInputError({ message: `${divisor} is not greater than 0, as a divisor must be.` });
    }
    return this.#setOf({ multipleOf: divisor });
  }

  constant(value: Decimal): NumberSet {
    const bound = { value, exclusive: false };
    return this.#setOf({ lower: bound, upper: bound });
  }

  /** @throws LimitExceededError at `maxNumberAlternatives` */
  and(a: NumberSet, b: NumberSet): NumberSet {
    if (a === b || b === this.all || a === this.none) return a;
    if (a === this.all || b === this.none) return b;
    return this.#remembered(`&${Math.min(a.id, b.id)},${Math.max(a.id, b.id)}`, () =>
      this.#intern(this.#product(a.alternatives, b.alternatives)),
    );
  }

  /** @throws LimitExceededError at `maxNumberAlternatives` */
  or(a: NumberSet, b: NumberSet): NumberSet {
    if (a === b || b === this.none || a === this.all) return a;
    if (a === this.none || b === this.all) return b;
    return this.#remembered(`|${Math.min(a.id, b.id)},${Math.max(a.id, b.id)}`, () =>
      this.#intern(this.#simplified([...a.alternatives, ...b.alternatives])),
    );
  }

  /** {@link or} of any number of sets, faster than one by one. */
  orAll(sets: readonly NumberSet[]): NumberSet {
    if (sets.includes(this.all)) return this.all;
    return this.#intern(this.#simplified(sets.flatMap((set) => set.alternatives)));
  }

  /** @throws LimitExceededError at `maxNumberAlternatives` */
  not(a: NumberSet): NumberSet {
    return this.#remembered(`!${a.id}`, () => {
      // Factors of like size are multiplied, so that the complement of many constants costs little more than
      // sorting them.
      let factors: (readonly Conjunction[])[] = a.alternatives.map(complementOf);
      if (factors.length === 0) return this.all;
      while (factors.length > 1) {
        const products: (readonly Conjunction[])[] = [];
        for (let i = 0; i < factors.length; i += 2) {
          products.push(i + 1 < factors.length ? this.#product(factors[i], factors[i + 1]) : factors[i]);
        }
        factors = products;
      }
      return this.#intern(this.#simplified(factors[0]));
    });
  }

  /** True when texts have led to so many states of one conjunction that later ones had better begin with another algebra. */
  get isFull(): boolean {
    for (const machine of this.#machines.values()) {
      if (machine.stateCount > this.#maxStates * SHARED_STATES) return true;
    }
    return false;
  }

  isEmpty(set: NumberSet): boolean {
    return set === this.none;
  }

  contains(set: NumberSet, value: Decimal): boolean {
    return set.alternatives.some((conjunction) => containsNumber(conjunction, value));
  }

  /** Whether each member of `a` is one of `b`. */
  isSubset(a: NumberSet, b: NumberSet): boolean {
    return this.isEmpty(this.and(a, this.not(b)));
  }

  /**
   * How many numbers (not texts) there are; `limit` when at least as many. Time grows with the limit only where
   * alternatives overlap.
   */
  cardinality(set: NumberSet, limit: number): number {
    const { alternatives } = set;
    let total = 0;
    for (const conjunction of alternatives) {
      const count = countMembers(conjunction);
      if (count === undefined || Number(count) >= limit) return limit;
      total += Number(count);
    }
    // Under equal conditions intervals are disjoint.
    const overlap = alternatives.some((a) =>
      alternatives.some((b) => a.divisors < b.divisors && intersection(a, b) !== undefined),
    );
    return Math.min(limit, overlap ? this.values(set, limit).length : total);
  }

  /** Distinct members, `limit` of them or all there are: from each alternative in turn, simple ones first. */
  values(set: NumberSet, limit: number): Decimal[] {
    const found = new Map<string, Decimal>();
    let sources = set.alternatives.map(sampleMembers);
    while (sources.length > 0 && found.size < limit) {
      sources = sources.filter((source) => {
        const { value } = source.next();
        if (value !== undefined && found.size < limit) found.set(value.toString(), value);
        return value !== undefined;
      });
    }
    return [...found.values()];
  }

  /**
   * The JSON texts of the set's members. Three languages, by what the set demands:
   *
   * - Nothing: RFC 8259, `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`, but for what overflows as a double.
   * - Integers, and no more: `-?(0|[1-9][0-9]*)(\.0+)?([eE]\+?[0-9]+)?`. A model that writes 1.5 where an integer
   *   belongs is stopped at the point's next digit, not rescued into 1.5e1.
   * - Anything else: plain notation with any number of digits, `-?(0|[1-9][0-9]*)(\.[0-9]+)?`, and the scientific
   *   notation that programs print, with one digit other than 0 before the point:
   *   `-?[1-9](\.[0-9]+)?[eE][+-]?[0-9]+`, exponents between -9,999 and 9,999, leading zeros allowed. Where an
   *   alternative holds integers by its conditions, fraction digits are 0 and exponents not negative. A text in one
   *   of these forms is in the language if and only if its value is in the set. Minus 0 is 0. Where
   *   there is no bound, magnitudes stay below 1e308, or up to the greatest double where only greater ones are members (and have fewer
   *   digits where prefixes have more than some 1,600 remainders by the divisors: see `magnitudesOf`); likewise
   *   from 1e-307, or from the least double on, where 0 is the bound and no member: `JSON.parse` would read 0.
   *
   * Each member has a text; each alternative is an automaton of its own, whose states are found on demand and are
   * trimmed by arithmetic.
   */
  term(set: NumberSet): Term {
    return this.#arena.unionAll(set.alternatives.map((conjunction) => this.#termOf(conjunction)));
  }

  /**
   * A shortest text; among several one without a minus, and then the one nearest to 0. Undefined for the empty set.
   */
  shortest(set: NumberSet): string | undefined {
    if (set === this.none || this.#shortest.has(set.id)) return this.#shortest.get(set.id);
    const texts = set.alternatives.map(
      (conjunction) =>
        plainText(conjunction) ?? (shortestText(this.#machine(conjunction), NumberMachine.start) as string),
    );
    const shortest = texts.reduce((best, text) =>
      text.length < best.length || (text.length === best.length && isNicer(text, best)) ? text : best,
    );
    this.#shortest.set(set.id, shortest);
    return shortest;
  }

  /** Intervals and divisors: `[0,10] %0.5 | (20,) !%1`. */
  toString(set: NumberSet): string {
    return set === this.none ? "none" : set.alternatives.map((conjunction) => conjunction.key).join(" | ");
  }

  #termOf(conjunction: Conjunction): Term {
    let term = this.#terms.get(conjunction.key);
    if (term === undefined) {
      if (conjunction.key === this.#anyKey) term = anyNumberTerm(this.#arena);
      else if (conjunction.key === this.#integerKey) term = anyIntegerTerm(this.#arena);
      else term = this.#arena.machine(this.#machine(conjunction), NumberMachine.start);
      this.#terms.set(conjunction.key, term);
    }
    return term;
  }

  #machine(conjunction: Conjunction): NumberMachine {
    let machine = this.#machines.get(conjunction.key);
    if (machine === undefined) {
      machine = new NumberMachine(conjunction, this.#maxStates, (steps) => this.#arena.spend(steps));
      this.#machines.set(conjunction.key, machine);
    }
    return machine;
  }

  #setOf(parts: ConjunctionParts): NumberSet {
    return this.#intern([canonicalConjunction(parts) as Conjunction]);
  }

  #product(as: readonly Conjunction[], bs: readonly Conjunction[]): Conjunction[] {
    const product: Conjunction[] = [];
    for (const a of as) {
      for (const b of bs) {
        const both = intersection(a, b);
        if (both === undefined) continue;
        if (both.notMultipleOf.length > MAX_EXCLUDED_DIVISORS) this.#tooMany(both.notMultipleOf.length);
        product.push(both);
        // Leave room for what simplification will join or drop.
        if (product.length > 16 * this.#maxAlternatives) this.#tooMany();
      }
      this.#arena.spend();
    }
    return this.#simplified(product);
  }

  #simplified(alternatives: readonly Conjunction[]): Conjunction[] {
    const simplified = simplifyAlternatives(alternatives);
    if (simplified.length > this.#maxAlternatives) this.#tooMany(simplified.length);
    return simplified;
  }

  #tooMany(needed?: number): never {
    throw new LimitExceededError({
      message: `A set of numbers needs more alternatives than maxNumberAlternatives (${this.#maxAlternatives}) allows.`,
      limit: "maxNumberAlternatives",
      allowed: this.#maxAlternatives,
      needed,
      hint: "Combine fewer bounds, multipleOf and not.",
    });
  }

  #remembered(operation: string, compute: () => NumberSet): NumberSet {
    let result = this.#operations.get(operation);
    if (result === undefined) {
      result = compute();
      this.#operations.set(operation, result);
    }
    return result;
  }

  #intern(alternatives: readonly Conjunction[]): NumberSet {
    const key = alternatives.map((conjunction) => conjunction.key).join("|");
    const known = this.#idOf.get(key);
    if (known !== undefined) return this.#sets[known];
    const set: NumberSet = { id: this.#sets.length, alternatives };
    this.#idOf.set(key, set.id);
    this.#sets.push(set);
    return set;
  }
}

/** The shortest text of a single integer, where no exponent makes it shorter: no machine is needed to find it. */
function plainText(conjunction: Conjunction): string | undefined {
  if (!isSingle(conjunction)) return undefined;
  const text = conjunction.lower!.value.toString();
  return PLAIN_INTEGER.test(text) ? text : undefined;
}

const PLAIN_INTEGER = /^(?:-?[0-9]{0,11}[1-9]0?|0)$/;
