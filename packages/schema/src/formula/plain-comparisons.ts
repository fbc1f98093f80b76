import { EMPTY } from "@espalier/grammar";
import { NO_CONTENT } from "../content/content-table.ts";
import type { NumberSet } from "../number/number-set.ts";
import type { ArrayFormula, ObjectFormula, ValueFormula } from "./formula.ts";

/** Whether the empty object is in a set. */
export function admitsEmptyObject(formula: ObjectFormula): boolean {
  if (formula.kind === "or") return formula.branches.some(admitsEmptyObject);
  const { required, exists, minMembers, clauses } = formula;
  return required.size === 0 && exists.length === 0 && minMembers === 0 && clauses.every(admitsEmptyObject);
}

/** Whether the empty array is in a set. */
export function admitsEmptyArray(formula: ArrayFormula): boolean {
  if (formula.kind === "or") return formula.branches.some(admitsEmptyArray);
  const { minItems, atLeastInside, exists, repeated, clauses } = formula;
  const isAsked = minItems > 0 || atLeastInside.length > 0 || exists.length > 0 || repeated;
  return !isAsked && clauses.every(admitsEmptyArray);
}

/** Whether two sets have a value in common that is seen without working out what they have in common; false says nothing. */
export function plainlyMeet(a: ValueFormula, b: ValueFormula, noNumbers: NumberSet): boolean {
  if ((a.literals & b.literals) !== 0) return true;
  if (a.number === b.number && a.number !== noNumbers) return true;
  if (a.string === b.string && a.string !== EMPTY) return true;
  if (admitsEmptyObject(a.object) && admitsEmptyObject(b.object)) return true;
  return admitsEmptyArray(a.array) && admitsEmptyArray(b.array);
}

/** Whether `b` lacks a value of `a` that is seen without working out what they have in common; false says nothing. */
export function plainlyLacks(b: ValueFormula, a: ValueFormula, noNumbers: NumberSet): boolean {
  if ((a.literals & ~b.literals) !== 0) return true;
  if (a.number !== noNumbers && b.number === noNumbers) return true;
  if (a.string !== EMPTY && b.string === EMPTY && b.content === NO_CONTENT) return true;
  if (admitsEmptyObject(a.object) && !admitsEmptyObject(b.object)) return true;
  return admitsEmptyArray(a.array) && !admitsEmptyArray(b.array);
}
