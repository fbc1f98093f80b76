import { EMPTY, part, type Steps, type Term, type TermArena } from "@espalier/grammar";
import {
  LITERAL_FALSE,
  LITERAL_NULL,
  LITERAL_TRUE,
  type ObjectConjunction,
  type ObjectFormula,
  type ValueFormula,
  type ValueId,
} from "./formula.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** Sets that one is compared with in one go. */
const OTHERS_AT_A_TIME = 16;

/** Sets of strings that are joined one after the other. */
const MANY_STRINGS = 16;

/**
 * The values that are in exactly one of several sets.
 *
 * Literals, numbers and strings by counting (in at least one, but not in two). Arrays and objects as "in this one and in none
 * of those that overlap it"; which overlap is only asked where it is cheap to see, and assumed otherwise.
 */
export function* exactlyOne(values: ValueAlgebra, branches: readonly ValueId[]): Steps<ValueId> {
  if (branches.length === 1) return branches[0];
  const formulas: ValueFormula[] = [];
  for (const branch of branches) formulas.push(yield* part(() => values.expand(branch)));
  const { numbers, arrays, objects } = values;
  let literals = 0;
  for (const bit of [LITERAL_NULL, LITERAL_TRUE, LITERAL_FALSE]) {
    if (formulas.filter((formula) => formula.literals & bit).length === 1) literals |= bit;
  }
  let number = numbers.none;
  let numberTwice = numbers.none;
  for (const formula of formulas) {
    const before = number;
    const both = yield* part(() => numbers.and(before, formula.number));
    numberTwice = numbers.or(numberTwice, both);
    number = yield* part(() => numbers.or(before, formula.number));
  }
  const onlyNumber = yield* part(() => numbers.and(number, numbers.not(numberTwice)));
  const { onlyString, onlyOuterString } = yield* exactlyOneString(values.arena, formulas);
  const content = values.contents.exactlyOne(formulas);
  const onlyArrays = yield* eachWithoutOthers(
    formulas.map((formula) => formula.array),
    arrays.none,
    (all, other) => arrays.and(all, arrays.not(other)),
  );
  const onlyObjects = yield* eachWithoutOthers(
    formulas.map((formula) => formula.object),
    objects.none,
    (all, other, one) => (areDisjoint(values, one, other) ? all : objects.and(all, objects.not(other))),
  );
  return values.formula({
    literals,
    number: onlyNumber,
    ...(values.contents.at(content).kind === "refused" ? {} : { string: onlyString, outerString: onlyOuterString }),
    content,
    array: arrays.or(onlyArrays),
    object: yield* part(() => objects.or(onlyObjects)),
  });
}

/** Of each formula what is outside of all the others. */
function* eachWithoutOthers<Formula>(
  formulas: readonly Formula[],
  none: Formula,
  without: (all: Formula, other: Formula, one: Formula) => Formula,
): Steps<readonly Formula[]> {
  const only: Formula[] = [];
  for (const [i, one] of formulas.entries()) {
    let all = one;
    for (let from = 0; from < formulas.length && all !== none; from += OTHERS_AT_A_TIME) {
      const others = formulas.slice(from, from + OTHERS_AT_A_TIME);
      const before = all;
      all = yield* part(() =>
        others.reduce((rest, other, j) => (from + j === i || rest === none ? rest : without(rest, other, one)), before),
      );
    }
    only.push(all);
  }
  return only;
}

/** Strings in at least one of the sets, but not in two; where formats are enforced in part, in one for certain and in no other perhaps. */
function* exactlyOneString(
  arena: TermArena,
  formulas: readonly ValueFormula[],
): Steps<{ readonly onlyString: Term; readonly onlyOuterString: Term }> {
  if (formulas.every((formula) => formula.string === formula.outerString)) {
    const strings = formulas.map((formula) => formula.string).filter((string) => string !== EMPTY);
    const { once, twice } = yield* onceAndTwice(arena, strings);
    const only = yield* part(() => difference(arena, once, twice));
    return { onlyString: only, onlyOuterString: only };
  }
  let twice = EMPTY;
  const others: Term[] = formulas.map(() => EMPTY);
  for (const [i, a] of formulas.entries()) {
    for (const [j, b] of formulas.slice(0, i).entries()) {
      // Supersets are simple and mostly apart: the formats themselves need not be compared then.
      const outer = arena.intersect(a.outerString, b.outerString);
      if (yield* part(() => arena.isEmpty(outer))) continue;
      twice = arena.union(twice, arena.intersect(a.string, b.string));
      others[i] = arena.union(others[i], b.outerString);
      others[j] = arena.union(others[j], a.outerString);
    }
  }
  return {
    // One by one: where a set is within another, nothing of it is left to be carried along.
    onlyString: arena.unionAll(formulas.map(({ string }, i) => difference(arena, string, others[i]))),
    onlyOuterString: difference(arena, arena.unionAll(formulas.map((formula) => formula.outerString)), twice),
  };
}

/** What is in at least one, and what is in at least two of some sets of strings. Many are split in halves, so that no union is built up one by one. */
function* onceAndTwice(
  arena: TermArena,
  strings: readonly Term[],
): Steps<{ readonly once: Term; readonly twice: Term }> {
  if (strings.length > MANY_STRINGS) {
    const middle = strings.length >>> 1;
    const left = yield* onceAndTwice(arena, strings.slice(0, middle));
    const right = yield* onceAndTwice(arena, strings.slice(middle));
    return yield* part(() => {
      const overlap = arena.intersect(left.once, right.once);
      const within = arena.isEmpty(overlap) ? EMPTY : overlap;
      return {
        once: arena.union(left.once, right.once),
        twice: arena.union(left.twice, right.twice, within),
      };
    });
  }
  let once = EMPTY;
  let twice = EMPTY;
  for (const string of strings) {
    const overlap = arena.intersect(once, string);
    if (!(yield* part(() => arena.isEmpty(overlap)))) twice = arena.union(twice, overlap);
    once = arena.union(once, string);
  }
  return { once, twice };
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
