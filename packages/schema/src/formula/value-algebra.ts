import { EMPTY, fewWords, InvalidInputError, part, type Steps, type Term, type TermArena } from "@espalier/grammar";
import { ContentTable, NO_CONTENT } from "../content/content-table.ts";
import type { NumberAlgebra } from "../number/number-set.ts";
import { ArrayAlgebra } from "./array-algebra.ts";
import { ALL_LITERALS, ANYTHING, NOTHING, type ValueFormula, type ValueId } from "./formula.ts";
import { Interner } from "./interner.ts";
import { ObjectAlgebra } from "./object-algebra.ts";
import { plainlyLacks, plainlyMeet } from "./plain-comparisons.ts";

/** The parts of a value formula; what is left out is empty, and `outerString` what `string` is. */
export type ValueParts = Partial<Omit<ValueFormula, "id">>;

type CombinedSet =
  | { readonly kind: "and" | "or"; readonly left: ValueId; readonly right: ValueId }
  | { readonly kind: "any"; readonly of: readonly ValueId[] }
  | { readonly kind: "not"; readonly of: ValueId };

type Pending = CombinedSet | ({ readonly kind: "subschema" } & Subschema);

/** A set that is worked out on demand. */
export interface Subschema {
  /** The JSON Pointer, for errors. */
  readonly place: string;
  /** Works it out. */
  make(): ValueId;
  /** Whether a member is seen without working it out; false says nothing. */
  hasMember(): boolean;
}

/** How many sets are worked out before anybody asks, one inside the other; those of a recursive schema would never end. */
const MAX_EAGER_DEPTH = 16;

/** How many sets are joined one after the other. */
const MAX_FOLDED = 16;

const WORKING = Symbol("working");

/**
 * Sets of JSON values, closed under and, or and not. Handles are cheap; a formula is worked out when something asks for it,
 * which is what lets recursive schemas and schemas of a million subschemas compile lazily.
 */
export class ValueAlgebra {
  readonly arena: TermArena;
  readonly numbers: NumberAlgebra;
  readonly objects: ObjectAlgebra;
  readonly arrays: ArrayAlgebra;
  readonly contents: ContentTable;
  readonly #pending: (Pending | undefined)[] = [];
  readonly #formulas: (ValueFormula | typeof WORKING | undefined)[] = [];
  readonly #subschemas = new Map<string, ValueId>();
  // Results are remembered by operands, so that a set asked for twice has one handle, worked out in between or not.
  readonly #conjunctions = new Map<number, ValueId | typeof WORKING>();
  readonly #disjunctions = new Map<number, ValueId | typeof WORKING>();
  readonly #unions = new Map<string, ValueId | typeof WORKING>();
  readonly #interner: Interner<ValueFormula>;
  /** Sets of one scalar value. */
  readonly #scalars = new Set<ValueId>();
  readonly #handleOfFormula = new Map<ValueFormula, ValueId>();
  readonly #negations = new Map<ValueId, ValueId | typeof WORKING>();
  #eagerDepth = 0;

  constructor(arena: TermArena, numbers: NumberAlgebra, maxFormulas: number) {
    this.arena = arena;
    this.numbers = numbers;
    this.contents = new ContentTable(arena, (a, b) => this.and(a, b));
    this.#interner = new Interner("maxFormulas", maxFormulas);
    this.arrays = new ArrayAlgebra(this, maxFormulas);
    this.objects = new ObjectAlgebra(arena, this, maxFormulas);
    const nothing = this.formula({});
    const anything = this.formula({
      literals: ALL_LITERALS,
      number: numbers.all,
      string: arena.anyText,
      array: this.arrays.all,
      object: this.objects.all,
    });
    this.#negations.set(nothing, anything);
    this.#negations.set(anything, nothing);
  }

  /** Formulas held, of values, objects and arrays together. */
  get formulaCount(): number {
    return this.#interner.size + this.objects.size + this.arrays.size;
  }

  /** The handle of the set with these parts. */
  formula(parts: ValueParts): ValueId {
    const literals = parts.literals ?? 0;
    const number = parts.number ?? this.numbers.none;
    const string = parts.string ?? EMPTY;
    const outerString = parts.outerString ?? string;
    const content = parts.content ?? NO_CONTENT;
    const array = parts.array ?? this.arrays.none;
    const object = parts.object ?? this.objects.none;
    const key = `${literals},${number.id},${string},${array.id},${object.id},${content},${outerString}`;
    const formula = this.#interner.intern(key, (id) => ({
      id,
      literals,
      number,
      string,
      outerString,
      content,
      array,
      object,
    }));
    let handle = this.#handleOfFormula.get(formula);
    if (handle === undefined) {
      handle = this.#formulas.length;
      this.#formulas.push(formula);
      this.#pending.push(undefined);
      this.#handleOfFormula.set(formula, handle);
    }
    return handle;
  }

  /** The handle of the set with one scalar value, which is all that `parts` say. Two of these are the same, or apart. */
  scalar(parts: Pick<ValueParts, "literals" | "number" | "string">): ValueId {
    const handle = this.formula(parts);
    this.#scalars.add(handle);
    return handle;
  }

  /** A handle for a subschema; equal keys, the same handle. */
  subschema(key: string, subschema: Subschema): ValueId {
    let handle = this.#subschemas.get(key);
    if (handle === undefined) {
      handle = this.#defer({ kind: "subschema", ...subschema });
      this.#subschemas.set(key, handle);
    }
    return handle;
  }

  and(a: ValueId, b: ValueId): ValueId {
    if (a === b || b === ANYTHING) return a;
    if (a === ANYTHING) return b;
    if (a === NOTHING || b === NOTHING || this.#negations.get(a) === b) return NOTHING;
    return this.#remembered(this.#conjunctions, pairKey(a, b), { kind: "and", left: a, right: b });
  }

  or(a: ValueId, b: ValueId): ValueId {
    if (a === b || b === NOTHING) return a;
    if (a === NOTHING) return b;
    if (a === ANYTHING || b === ANYTHING || this.#negations.get(a) === b) return ANYTHING;
    return this.#remembered(this.#disjunctions, pairKey(a, b), { kind: "or", left: a, right: b });
  }

  not(a: ValueId): ValueId {
    const negation = this.#remembered(this.#negations, a, { kind: "not", of: a });
    // The first answer stays: cached states rely on a set having one handle, and on `not` being the same for ever.
    if (!this.#negations.has(negation)) this.#negations.set(negation, a);
    return negation;
  }

  /** The intersection; of many sets by halves. */
  all(values: readonly ValueId[]): ValueId {
    if (values.length > MAX_FOLDED) {
      const middle = values.length >>> 1;
      return this.and(this.all(values.slice(0, middle)), this.all(values.slice(middle)));
    }
    return values.reduce((result, value) => this.and(result, value), ANYTHING);
  }

  /** The union; of many sets in one go. */
  any(values: readonly ValueId[]): ValueId {
    if (values.length <= MAX_FOLDED) return values.reduce((result, value) => this.or(result, value), NOTHING);
    return this.arena.run(values, () => this.#anyOfMany(values));
  }

  *#anyOfMany(values: readonly ValueId[]): Steps<ValueId> {
    const of = [...new Set(values)].filter((value) => value !== NOTHING);
    if (of.includes(ANYTHING)) return ANYTHING;
    if (of.length <= MAX_FOLDED) return yield* part(() => this.any(of));
    const key = of.join();
    return yield* part(() => this.#remembered(this.#unions, key, { kind: "any", of }));
  }

  /**
   * The formula behind a handle, worked out if need be.
   * @throws InvalidInputError when a subschema is defined only by itself (`{"$ref": "#"}`).
   */
  expand(value: ValueId): ValueFormula {
    const known = this.#formulas[value];
    if (known !== undefined && known !== WORKING) return known;
    const pending = this.#pending[value]!;
    if (known === WORKING) {
      const place = pending.kind === "subschema" ? pending.place : undefined;
      throw new InvalidInputError({
        message: `The subschema${place === undefined ? "" : ` at ${place}`} refers to itself without an array or object in between.`,
        place,
        hint: "Such a reference says nothing that a value could meet; remove it.",
      });
    }
    this.#formulas[value] = WORKING;
    try {
      const formula = this.expand(this.#workOut(pending));
      this.#formulas[value] = formula;
      return formula;
    } finally {
      if (this.#formulas[value] === WORKING) this.#formulas[value] = undefined;
    }
  }

  /** Whether a set that has not been worked out is seen to have a member; false says nothing. */
  hasMember(value: ValueId): boolean {
    const pending = this.#formulas[value] === undefined ? this.#pending[value] : undefined;
    return pending?.kind === "subschema" && pending.hasMember();
  }

  /** The one of all equal sets that have been worked out to the same formula. */
  canonical(value: ValueId): ValueId {
    return this.#handleOfFormula.get(this.expand(value)) ?? value;
  }

  /** As {@link canonical}, of sets that have been worked out; others stand for themselves. */
  #knownHandle(value: ValueId): ValueId {
    const formula = this.peek(value);
    return (formula && this.#handleOfFormula.get(formula)) ?? value;
  }

  /** As {@link expand}, but undefined where the formula is being worked out further up: for shortcuts that may be left out. */
  peek(value: ValueId): ValueFormula | undefined {
    const known = this.#formulas[value];
    if (known !== undefined) return known === WORKING ? undefined : known;
    try {
      return this.expand(value);
    } catch (error) {
      if (error instanceof InvalidInputError) return undefined;
      throw error;
    }
  }

  /** Whether the sets plainly have no value in common; false says nothing. */
  areDisjoint(a: ValueId, b: ValueId): boolean {
    if (a !== b && this.#scalars.size > 1) {
      const [one, other] = [this.#knownHandle(a), this.#knownHandle(b)];
      if (one !== other && this.#scalars.has(one) && this.#scalars.has(other)) return true;
    }
    const [left, right] = [this.peek(a), this.peek(b)];
    if (left !== undefined && right !== undefined && plainlyMeet(left, right, this.numbers.none)) return false;
    const both = this.and(a, b);
    if (both === NOTHING) return true;
    const formula = this.peek(both);
    return formula !== undefined && this.#handleOfFormula.get(formula) === NOTHING;
  }

  /** Whether each value of `a` is plainly in `b`; false says nothing. */
  includes(b: ValueId, a: ValueId): boolean {
    if (a === b || b === ANYTHING || a === NOTHING) return true;
    const [inner, outer] = [this.peek(a), this.peek(b)];
    if (inner !== undefined && outer !== undefined && plainlyLacks(outer, inner, this.numbers.none)) return false;
    const both = this.and(a, b);
    if (both === a) return true;
    const formula = this.peek(both);
    return formula !== undefined && formula === this.peek(a);
  }

  #workOut(pending: Pending): ValueId {
    this.arena.spend();
    switch (pending.kind) {
      case "subschema":
        return pending.make();
      case "and":
        return this.#intersection(this.expand(pending.left), this.expand(pending.right));
      case "or":
        return this.#union(this.expand(pending.left), this.expand(pending.right));
      case "any":
        return this.arena.run(pending.of, () => this.#unionOfAll(pending.of));
      case "not":
        return this.#complement(this.expand(pending.of));
    }
  }

  #intersection(a: ValueFormula, b: ValueFormula): ValueId {
    const string = this.#and(a.string, b.string);
    return this.formula({
      literals: a.literals & b.literals,
      number: this.numbers.and(a.number, b.number),
      string,
      outerString: areExact(a, b) ? string : this.#and(a.outerString, b.outerString),
      content: this.contents.and(a, b),
      array: this.arrays.and(a.array, b.array),
      object: this.objects.and(a.object, b.object),
    });
  }

  #union(a: ValueFormula, b: ValueFormula): ValueId {
    const string = this.arena.union(a.string, b.string);
    return this.formula({
      literals: a.literals | b.literals,
      number: this.numbers.or(a.number, b.number),
      string,
      outerString: areExact(a, b) ? string : this.arena.union(a.outerString, b.outerString),
      content: this.contents.or(a.content, b.content, string),
      array: this.arrays.or([a.array, b.array]),
      object: this.objects.or([a.object, b.object]),
    });
  }

  *#unionOfAll(values: readonly ValueId[]): Steps<ValueId> {
    const formulas: ValueFormula[] = [];
    for (const value of values) formulas.push(yield* part(() => this.expand(value)));
    if (formulas.some((formula) => formula.content !== NO_CONTENT)) {
      const middle = values.length >>> 1;
      return yield* part(() => this.or(this.any(values.slice(0, middle)), this.any(values.slice(middle))));
    }
    const number = yield* part(() => this.numbers.orAll(formulas.map((formula) => formula.number)));
    const string = yield* part(() => this.arena.unionAll(formulas.map((formula) => formula.string)));
    const isExact = formulas.every((formula) => formula.outerString === formula.string);
    const outerString = isExact
      ? string
      : yield* part(() => this.arena.unionAll(formulas.map((formula) => formula.outerString)));
    const array = yield* part(() => this.arrays.or(formulas.map((formula) => formula.array)));
    const object = yield* part(() => this.objects.or(formulas.map((formula) => formula.object)));
    const literals = formulas.reduce((all, formula) => all | formula.literals, 0);
    return this.formula({ literals, number, string, outerString, array, object });
  }

  #complement(a: ValueFormula): ValueId {
    return this.formula({
      literals: ALL_LITERALS & ~a.literals,
      number: this.numbers.not(a.number),
      string: a.content === NO_CONTENT ? this.#outside(a.outerString) : EMPTY,
      outerString: a.content === NO_CONTENT ? this.#outside(a.string) : EMPTY,
      content: this.contents.not(a),
      array: this.arrays.not(a.array),
      object: this.objects.not(a.object),
    });
  }

  #outside(string: Term): Term {
    return this.#and(this.arena.complement(string), this.arena.anyText);
  }

  /** Intersection of string languages; a semantically empty one becomes EMPTY, so that equal sets look equal. */
  #and(a: Term, b: Term): Term {
    const both = this.arena.intersect(a, b);
    if (both === a || both === b) return both;
    return this.#wordsWithin(a, b) ?? this.#wordsWithin(b, a) ?? (this.arena.isEmpty(both) ? EMPTY : both);
  }

  /** A few words narrowed by something are those of them that it holds for. */
  #wordsWithin(term: Term, other: Term): Term | undefined {
    const words = fewWords(this.arena, term);
    if (words === undefined) return undefined;
    const left = words.filter((word) => this.arena.accepts(other, word));
    return left.length === words.length ? term : this.arena.words(left);
  }

  /**
   * The set that `pending` describes, under one handle for ever. It is worked out at once where that is possible without working out
   * anything else: not inside of its own working out, and not ever deeper inside of others.
   */
  #remembered<Key>(results: Map<Key, ValueId | typeof WORKING>, key: Key, pending: CombinedSet): ValueId {
    const known = results.get(key);
    if (known !== undefined && known !== WORKING) return known;
    if (known === WORKING || this.#eagerDepth >= MAX_EAGER_DEPTH || !this.#isReady(pending)) {
      const handle = this.#defer(pending);
      results.set(key, handle);
      return handle;
    }
    results.set(key, WORKING);
    this.#eagerDepth++;
    let made: ValueId;
    try {
      made = this.#workOut(pending);
    } catch (error) {
      if (results.get(key) === WORKING) results.delete(key);
      throw error;
    } finally {
      this.#eagerDepth--;
    }
    const asked = results.get(key)!;
    if (asked === WORKING) {
      results.set(key, made);
      return made;
    }
    if (this.#formulas[asked] === undefined) this.#formulas[asked] = this.#formulas[made];
    return asked;
  }

  #isReady(pending: CombinedSet): boolean {
    const isKnown = (value: ValueId): boolean => typeof this.#formulas[value] === "object";
    if (pending.kind === "not") return isKnown(pending.of);
    return pending.kind === "any" ? pending.of.every(isKnown) : isKnown(pending.left) && isKnown(pending.right);
  }

  #defer(pending: Pending): ValueId {
    const handle = this.#formulas.length;
    this.#formulas.push(undefined);
    this.#pending.push(pending);
    return handle;
  }
}

function areExact(a: ValueFormula, b: ValueFormula): boolean {
  return a.outerString === a.string && b.outerString === b.string;
}

/** The same for both orders. */
function pairKey(a: ValueId, b: ValueId): number {
  return Math.min(a, b) * 0x4000000 + Math.max(a, b);
}
