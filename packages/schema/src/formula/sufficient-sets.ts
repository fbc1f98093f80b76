import { ANYTHING, type ValueId } from "./formula.ts";

/**
 * One way for a member or item to go: if its value is in all of `values`, what follows must be in `rest`, and in one option of
 * each list of `choices`, which are worked out when they are asked for.
 */
export interface StepOption<Formula> {
  readonly values: readonly ValueId[];
  readonly rest: Formula;
  choices?(): readonly (readonly StepOption<Formula>[])[];
}

/**
 * The minimal sets of values of which one must hold for an option to be met.
 *
 * Depth first, options that ask for nothing first, and no way is followed that contains a set already found: where nothing
 * needs to be decided yet, as is usual, the first way that works ends the search, however many combinations there are.
 * @param and the conjunction of two rests
 * @param accepts whether values and rest can be met
 * @param spend called once for each step
 */
export function sufficientSets<Formula>(
  start: StepOption<Formula>,
  and: (a: Formula, b: Formula) => Formula,
  accepts: (values: readonly ValueId[], rest: Formula) => boolean,
  spend: () => void,
): (readonly ValueId[])[] {
  const found: (readonly ValueId[])[] = [];
  const visit = (
    pending: readonly (readonly StepOption<Formula>[])[],
    values: readonly ValueId[],
    rest: Formula,
  ): void => {
    spend();
    if (found.some((set) => set.every((value) => values.includes(value)))) return;
    const [list, ...others] = pending;
    if (list === undefined) {
      if (accepts(values, rest)) found.push(values);
      return;
    }
    for (const option of list.toSorted((a, b) => a.values.length - b.values.length)) {
      visit([...(option.choices?.() ?? []), ...others], union(values, option.values), and(rest, option.rest));
    }
  };
  visit(start.choices?.() ?? [], start.values, start.rest);
  return found.filter((set) => !found.some((other) => other !== set && other.every((value) => set.includes(value))));
}

/** `value` as the list of what it asks. */
export function asked(value: ValueId): readonly ValueId[] {
  return value === ANYTHING ? [] : [value];
}

export function satisfied(value: ValueId, holds: (value: ValueId) => boolean): boolean {
  return value === ANYTHING || holds(value);
}

function union(a: readonly ValueId[], b: readonly ValueId[]): readonly ValueId[] {
  if (b.length === 0) return a;
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}
