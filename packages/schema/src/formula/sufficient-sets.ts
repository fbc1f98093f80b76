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

type Choices<Formula> = readonly (readonly StepOption<Formula>[])[];

/** Whether an option can be met by every value that is in what it asks for, by some of them, or by none. */
export type Acceptance = "all" | "some" | "none";

/**
 * The minimal sets of values of which one must hold for an option to be met.
 *
 * Depth first, options that ask for nothing first, and no way is followed that contains a set already found: where nothing
 * needs to be decided yet, as is usual, the first way that works ends the search, however many combinations there are. A set that only
 * some of its values meet ends nothing: a set that contains it may be met by the others.
 * @param none the rest that nothing can meet
 * @param and the conjunction of two rests
 * @param accepts whether values and rest can be met
 * @param spend called once for each step
 */
export function sufficientSets<Formula>(
  start: StepOption<Formula>,
  none: Formula,
  and: (a: Formula, b: Formula) => Formula,
  accepts: (values: readonly ValueId[], rest: Formula) => Acceptance,
  spend: () => void,
): (readonly ValueId[])[] {
  const found = new Map<string, { readonly values: readonly ValueId[]; acceptance: Acceptance }>();
  const isCovered = (values: readonly ValueId[], but?: readonly ValueId[]): boolean => {
    for (const set of found.values()) {
      if (set.acceptance !== "all" || set.values === but) continue;
      if (set.values.every((value) => values.includes(value))) return true;
    }
    return false;
  };
  /** Whether a list has an option that asks for nothing more: no other can do better. */
  const isMet = (list: readonly StepOption<Formula>[], values: readonly ValueId[], rest: Formula): boolean =>
    list.some((option) => {
      spend();
      if (!option.values.every((value) => values.includes(value)) || and(rest, option.rest) !== rest) return false;
      return (option.choices?.().length ?? 0) === 0;
    });
  const visit = (pending: Choices<Formula>, values: readonly ValueId[], rest: Formula): void => {
    spend();
    let met = 0;
    while (met < pending.length && isMet(pending[met], values, rest)) met++;
    const [list, ...others] = pending.slice(met);
    if (list === undefined) {
      const acceptance = accepts(values, rest);
      if (acceptance !== "none") found.set(values.join(), { values, acceptance });
      return;
    }
    let isFirst = true;
    for (const option of list.toSorted((a, b) => a.values.length - b.values.length)) {
      spend();
      const demanded = union(values, option.values);
      // Before the rest is worked out, which is dear.
      if (isCovered(demanded)) continue;
      const both = and(rest, option.rest);
      if (both === none) continue;
      const choices = [...(option.choices?.() ?? []), ...others];
      if (isFirst) visit(choices, demanded, both);
      else visitSettled(choices, demanded, both);
      isFirst = false;
    }
  };
  /**
   * {@link visit}, with whatever is left no choice taken first: what it demands may contain a set that was found. Without that, a list that
   * leaves no choice after many that do would be come upon once for each combination of those.
   */
  const visitSettled = (pending: Choices<Formula>, values: readonly ValueId[], rest: Formula): void => {
    let lists = pending;
    for (let settled = 0; settled < lists.length;) {
      const list = lists[settled];
      const open = list.filter((option) => {
        spend();
        return !isCovered(union(values, option.values)) && and(rest, option.rest) !== none;
      });
      if (open.length === 0) return;
      if (open.length > 1) {
        settled++;
        continue;
      }
      const [only] = open;
      values = union(values, only.values);
      rest = and(rest, only.rest);
      lists = [...(only.choices?.() ?? []), ...lists.filter((other) => other !== list)];
      settled = 0;
    }
    visit(lists, values, rest);
  };
  visit(start.choices?.() ?? [], start.values, start.rest);
  return [...found.values()].map((set) => set.values).filter((values) => !isCovered(values, values));
}

/**
 * The option with what its choices leave no choice about already taken: what it asks for is then plain to see. Undefined when a choice
 * has no option left.
 */
export function settledOption<Formula>(
  option: StepOption<Formula>,
  none: Formula,
  and: (a: Formula, b: Formula) => Formula,
): StepOption<Formula> | undefined {
  let { values, rest } = option;
  const open: (readonly StepOption<Formula>[])[] = [];
  for (const list of option.choices?.() ?? []) {
    const left = list.filter((one) => one.rest !== none);
    const [only] = left;
    if (only === undefined) return undefined;
    if (left.length > 1 || only.choices !== undefined) {
      open.push(left);
      continue;
    }
    values = union(values, only.values);
    rest = and(rest, only.rest);
    if (rest === none) return undefined;
  }
  return { values, rest, choices: () => open };
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
