import { EMPTY, InvalidInputError, type Term, type TermArena } from "@espalier/grammar";
import type { NumberAlgebra, NumberSet } from "../number/number-set.ts";
import { ArrayAlgebra } from "./array-algebra.ts";
import {
  ALL_LITERALS,
  ANYTHING,
  NOTHING,
  type ArrayFormula,
  type ObjectFormula,
  type ValueFormula,
  type ValueId,
} from "./formula.ts";
import { Interner } from "./interner.ts";
import { ObjectAlgebra } from "./object-algebra.ts";

/** The parts of a value formula; what is left out is empty. */
export type ValueParts = Partial<Omit<ValueFormula, "id">>;

type Pending =
  | { readonly kind: "and" | "or"; readonly left: ValueId; readonly right: ValueId }
  | { readonly kind: "not"; readonly of: ValueId }
  | { readonly kind: "subschema"; readonly place: string; readonly make: () => ValueId };

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
  readonly #pending: (Pending | undefined)[] = [];
  readonly #formulas: (ValueFormula | typeof WORKING | undefined)[] = [];
  readonly #handles = new Map<string, ValueId>();
  readonly #interner: Interner<ValueFormula>;
  readonly #handleOfFormula = new Map<ValueFormula, ValueId>();
  readonly #negations = new Map<ValueId, ValueId>();

  constructor(arena: TermArena, numbers: NumberAlgebra, maxFormulas: number) {
    this.arena = arena;
    this.numbers = numbers;
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

  /** The handle of the set with these parts. */
  formula(parts: ValueParts): ValueId {
    const literals = parts.literals ?? 0;
    const number = parts.number ?? this.numbers.none;
    const string = parts.string ?? EMPTY;
    const array = parts.array ?? this.arrays.none;
    const object = parts.object ?? this.objects.none;
    const key = `${literals},${number.id},${string},${array.id},${object.id}`;
    const formula = this.#interner.intern(key, (id) => ({ id, literals, number, string, array, object }));
    let handle = this.#handleOfFormula.get(formula);
    if (handle === undefined) {
      handle = this.#formulas.length;
      this.#formulas.push(formula);
      this.#pending.push(undefined);
      this.#handleOfFormula.set(formula, handle);
    }
    return handle;
  }

  /** A handle for a subschema that `make` works out on demand; equal keys, the same handle. */
  subschema(key: string, place: string, make: () => ValueId): ValueId {
    return this.#defer(`subschema ${key}`, { kind: "subschema", place, make });
  }

  and(a: ValueId, b: ValueId): ValueId {
    if (a === b || b === ANYTHING) return a;
    if (a === ANYTHING) return b;
    if (a === NOTHING || b === NOTHING || this.#negations.get(a) === b) return NOTHING;
    const [left, right] = a < b ? [a, b] : [b, a];
    const known = this.#both(left, right);
    if (known !== undefined) return this.#intersection(...known);
    return this.#defer(`and ${left},${right}`, { kind: "and", left, right });
  }

  or(a: ValueId, b: ValueId): ValueId {
    if (a === b || b === NOTHING) return a;
    if (a === NOTHING) return b;
    if (a === ANYTHING || b === ANYTHING || this.#negations.get(a) === b) return ANYTHING;
    const [left, right] = a < b ? [a, b] : [b, a];
    const known = this.#both(left, right);
    if (known !== undefined) return this.#union(...known);
    return this.#defer(`or ${left},${right}`, { kind: "or", left, right });
  }

  not(a: ValueId): ValueId {
    let negation = this.#negations.get(a);
    if (negation === undefined) {
      const formula = this.#formulas[a];
      negation =
        formula === undefined || formula === WORKING
          ? this.#defer(`not ${a}`, { kind: "not", of: a })
          : this.#complement(formula);
      this.#negations.set(a, negation);
      this.#negations.set(negation, a);
    }
    return negation;
  }

  all(values: Iterable<ValueId>): ValueId {
    let result = ANYTHING;
    for (const value of values) result = this.and(result, value);
    return result;
  }

  any(values: Iterable<ValueId>): ValueId {
    let result = NOTHING;
    for (const value of values) result = this.or(result, value);
    return result;
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

  /** The handle that stands for the worked-out formula: equal sets by content, equal handles. */
  canonical(value: ValueId): ValueId {
    return this.#handleOfFormula.get(this.expand(value))!;
  }

  #workOut(pending: Pending): ValueId {
    switch (pending.kind) {
      case "subschema":
        return pending.make();
      case "and":
        return this.#intersection(this.expand(pending.left), this.expand(pending.right));
      case "or":
        return this.#union(this.expand(pending.left), this.expand(pending.right));
      case "not":
        return this.#complement(this.expand(pending.of));
    }
  }

  #intersection(a: ValueFormula, b: ValueFormula): ValueId {
    return this.formula({
      literals: a.literals & b.literals,
      number: this.numbers.and(a.number, b.number),
      string: this.#and(a.string, b.string),
      array: this.arrays.and(a.array, b.array),
      object: this.objects.and(a.object, b.object),
    });
  }

  #union(a: ValueFormula, b: ValueFormula): ValueId {
    return this.formula({
      literals: a.literals | b.literals,
      number: this.numbers.or(a.number, b.number),
      string: this.arena.union(a.string, b.string),
      array: this.arrays.or([a.array, b.array]),
      object: this.objects.or([a.object, b.object]),
    });
  }

  #complement(a: ValueFormula): ValueId {
    return this.formula({
      literals: ALL_LITERALS & ~a.literals,
      number: this.numbers.not(a.number),
      string: this.#and(this.arena.complement(a.string), this.arena.anyText),
      array: this.arrays.not(a.array),
      object: this.objects.not(a.object),
    });
  }

  /** Intersection of string languages; a semantically empty one becomes EMPTY, so that equal sets look equal. */
  #and(a: Term, b: Term): Term {
    const both = this.arena.intersect(a, b);
    return this.arena.isEmpty(both) ? EMPTY : both;
  }

  #both(a: ValueId, b: ValueId): [ValueFormula, ValueFormula] | undefined {
    const left = this.#formulas[a];
    const right = this.#formulas[b];
    if (left === undefined || right === undefined || left === WORKING || right === WORKING) return undefined;
    return [left, right];
  }

  #defer(key: string, pending: Pending): ValueId {
    let handle = this.#handles.get(key);
    if (handle === undefined) {
      handle = this.#formulas.length;
      this.#formulas.push(undefined);
      this.#pending.push(pending);
      this.#handles.set(key, handle);
    }
    return handle;
  }
}

/** The parts of a formula by type, for code that goes through them. */
export interface FormulaParts {
  readonly number: NumberSet;
  readonly string: Term;
  readonly array: ArrayFormula;
  readonly object: ObjectFormula;
}
