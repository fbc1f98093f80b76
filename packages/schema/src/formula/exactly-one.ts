import { EMPTY, type Term, type TermArena } from "@espalier/grammar";
import {
  LITERAL_FALSE,
  LITERAL_NULL,
  LITERAL_TRUE,
  type ArrayFormula,
  type ObjectConjunction,
  type ObjectFormula,
  type ValueFormula,
  type ValueId,
} from "./formula.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/**
 * The values that are in exactly one of several sets.
 *
 * Literals, numbers and strings by counting (in at least one, but not in two). Arrays and objects as "in this one and in none
 * of those that overlap it"; which overlap is only asked where it is cheap to see, and assumed otherwise.
 */
export function exactlyOne(values: ValueAlgebra, branches: readonly ValueId[]): ValueId {
  if (branches.length === 1) return branches[0];
  const formulas = branches.map((branch) => values.expand(branch));
  const { arena, numbers, arrays, objects } = values;
  let literals = 0;
  for (const bit of [LITERAL_NULL, LITERAL_TRUE, LITERAL_FALSE]) {
    if (formulas.filter((formula) => formula.literals & bit).length === 1) literals |= bit;
  }
  let number = numbers.none;
  let numberTwice = numbers.none;
  for (const formula of formulas) {
    numberTwice = numbers.or(numberTwice, numbers.and(number, formula.number));
    number = numbers.or(number, formula.number);
  }
  const { onlyString, onlyOuterString } = exactlyOneString(arena, formulas);
  const content = values.contents.exactlyOne(formulas);
  return values.formula({
    literals,
    number: numbers.and(number, numbers.not(numberTwice)),
    ...(values.contents.at(content).kind === "refused" ? {} : { string: onlyString, outerString: onlyOuterString }),
    content,
    array: arrays.or(
      formulas.map((formula, i) =>
        formulas.reduce<ArrayFormula>(
          (all, other, j) => (i === j || all === arrays.none ? all : arrays.and(all, arrays.not(other.array))),
          formula.array,
        ),
      ),
    ),
    object: objects.or(
      formulas.map((formula, i) =>
        formulas.reduce<ObjectFormula>(
          (all, other, j) =>
            i === j || all === objects.none || areDisjoint(values, formula.object, other.object)
              ? all
              : objects.and(all, objects.not(other.object)),
          formula.object,
        ),
      ),
    ),
  });
}

/** Strings in at least one of the sets, but not in two; where formats are enforced in part, in one for certain and in no other perhaps. */
function exactlyOneString(
  arena: TermArena,
  formulas: readonly ValueFormula[],
): { readonly onlyString: Term; readonly onlyOuterString: Term } {
  if (formulas.every((formula) => formula.string === formula.outerString)) {
    let once = EMPTY;
    let twice = EMPTY;
    for (const { string } of formulas) {
      const overlap = arena.intersect(once, string);
      if (!arena.isEmpty(overlap)) twice = arena.union(twice, overlap);
      once = arena.union(once, string);
    }
    const only = difference(arena, once, twice);
    return { onlyString: only, onlyOuterString: only };
  }
  let twice = EMPTY;
  let perhapsTwice = EMPTY;
  formulas.forEach((a, i) => {
    for (const b of formulas.slice(0, i)) {
      // Supersets are simple and mostly apart: the formats themselves need not be compared then.
      const outer = arena.intersect(a.outerString, b.outerString);
      if (arena.isEmpty(outer)) continue;
      twice = arena.union(twice, arena.intersect(a.string, b.string));
      perhapsTwice = arena.union(perhapsTwice, outer);
    }
  });
  return {
    // One by one: where a set is within another, nothing of it is left to be carried along.
    onlyString: arena.unionAll(formulas.map((formula) => difference(arena, formula.string, perhapsTwice))),
    onlyOuterString: difference(arena, arena.unionAll(formulas.map((formula) => formula.outerString)), twice),
  };
}

function difference(arena: TermArena, from: Term, what: Term): Term {
  const rest = arena.difference(from, what);
  return arena.isEmpty(rest) ? EMPTY : rest;
}

/** True when two sets of objects plainly have no object in common; false says nothing. */
function areDisjoint(values: ValueAlgebra, a: ObjectFormula, b: ObjectFormula): boolean {
  const left = a.kind === "or" ? a.branches : [a];
  const right = b.kind === "or" ? b.branches : [b];
  if (left.length * right.length > 64) return false;
  return left.every((one) => right.every((other) => areDisjointConjunctions(values, one, other)));
}

function areDisjointConjunctions(values: ValueAlgebra, a: ObjectConjunction, b: ObjectConjunction): boolean {
  values.arena.spend(1 + ((a.required.size + b.required.size) >>> 2));
  for (const [one, other] of [
    [a, b],
    [b, a],
  ] as const) {
    for (const word of one.required) {
      if (values.areDisjoint(values.objects.selection(one, word), values.objects.selection(other, word))) return true;
    }
  }
  return false;
}
