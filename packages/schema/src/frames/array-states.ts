import type { Result } from "@espalier/grammar";
import { itemValue } from "../formula/array-algebra.ts";
import type { ArraySteps } from "../formula/array-steps.ts";
import type { ConstantValues } from "../formula/constant-values.ts";
import { NOTHING, type ArrayFormula, type ValueId } from "../formula/formula.ts";
import type { PlannedItem } from "../formula/array-plans.ts";
import { isPlainlyUnique } from "../formula/plain-items.ts";
import type { Satisfiability } from "../formula/satisfiability.ts";
import type { Acceptance } from "../formula/sufficient-sets.ts";
import type { ValueAlgebra } from "../formula/value-algebra.ts";
import type { LabelSets } from "./label-sets.ts";
import type { Slot, Slots } from "./slot.ts";

/** Texts whose lengths differ by no more are taken to be as long as each other. */
const EVEN_LENGTHS = 8;

/** Items that are tried for how much it matters which one comes. */
const MAX_SAMPLES = 8;

/** An array whose items so far have been read. */
export interface ArrayState {
  readonly id: number;
  /** The formulas of the rest that may still hold, by label. */
  readonly labels: readonly number[];
  readonly formulas: readonly ArrayFormula[];
  /** Labels of which one must hold in the end. */
  readonly goal: readonly number[];
  /** The sets of the items' values, ascending, where formulas ask whether items are equal; else empty. */
  readonly seen: readonly ValueId[];
  /** True when an item was read whose value is not known. */
  readonly unknownItem: boolean;
}

/** What is asked of the next item. */
export interface Item {
  readonly slot: Slot;
  readonly implied: readonly (readonly ValueId[])[];
}

function repeatsNothing(formula: ArrayFormula): boolean {
  return formula.kind === "or"
    ? formula.branches.every(repeatsNothing)
    : !formula.repeated && formula.clauses.every(repeatsNothing);
}

/** The rest of an array of different items. */
export interface PlainRest {
  readonly texts: readonly string[];
  /** By text, what is asked of the item apart from being different. */
  readonly sets: readonly ValueId[];
  readonly result: Result;
}

/** The states of arrays being read, interned by content, and the steps between them. */
export class ArrayStates {
  readonly #values: ValueAlgebra;
  readonly #steps: ArraySteps;
  readonly #satisfiability: Satisfiability;
  readonly #constants: ConstantValues;
  readonly #labelSets: LabelSets;
  readonly #slots: Slots;
  readonly #states = new Map<string, ArrayState>();
  readonly #items = new Map<ArrayState, Item | undefined>();

  constructor(
    values: ValueAlgebra,
    steps: ArraySteps,
    satisfiability: Satisfiability,
    constants: ConstantValues,
    labelSets: LabelSets,
    slots: Slots,
  ) {
    this.#values = values;
    this.#steps = steps;
    this.#satisfiability = satisfiability;
    this.#constants = constants;
    this.#labelSets = labelSets;
    this.#slots = slots;
  }

  /** The state after `[`; undefined when no array meets a goal. */
  open(labels: readonly number[], formulas: readonly ArrayFormula[], goal: readonly number[]): ArrayState | undefined {
    return this.#state({ labels, formulas, goal, seen: [], unknownItem: false });
  }

  /** True when the values of items decide what may follow, so that they must be captured. */
  remembers(state: ArrayState): boolean {
    return state.formulas.some((formula) => formula.remembers);
  }

  /** What is asked of the next item; undefined when there can be none. */
  item(state: ArrayState): Item | undefined {
    if (!this.#items.has(state)) this.#items.set(state, this.#item(state));
    return this.#items.get(state);
  }

  /** Whether so many strings are allowed as the next item that some are left, whatever a few items were that are not known. */
  mayBeManyStrings(state: ArrayState): boolean {
    const slot = this.item(state)?.slot;
    return slot?.goal.some((label) => this.#satisfiability.abundance.ofStrings(slot.values[label])) === true;
  }

  /** The same for objects with members, where nothing is asked of items but that they differ, and of each by itself. */
  mayBeManyObjects(state: ArrayState): boolean {
    if (this.item(state) === undefined) return false;
    return state.formulas.some(
      (formula, i) =>
        state.goal.includes(state.labels[i]) &&
        formula.kind === "and" &&
        isPlainlyUnique(formula) &&
        this.#satisfiability.abundance.ofObjects(itemValue(formula, 0)),
    );
  }

  /** Whether an item that is not known can only take away from what the next one may be: nothing asks for an item to come twice. */
  onlyExcludes(state: ArrayState): boolean {
    return state.formulas.every(repeatsNothing);
  }

  /**
   * The state after an item that ended with `result`.
   * @param value the set of just its value, where it is known
   */
  afterItem(state: ArrayState, item: Item, result: Result, value: ValueId | undefined): ArrayState {
    const holding = new Set<ValueId>();
    for (const label of this.#labelSets.labelsOf(result)) {
      for (const set of item.implied[label]) holding.add(set);
    }
    const remembered = this.remembers(state);
    const seenBefore = { anyOfThem: this.#anyOf(state.seen) };
    const formulas = state.formulas.map((formula) => this.#steps.after(formula, seenBefore, (set) => holding.has(set)));
    const seen = remembered && value !== undefined ? insertedNumber(state.seen, value) : state.seen;
    const unknownItem = state.unknownItem || (remembered && value === undefined);
    const after = this.#state({ ...state, formulas, seen, unknownItem });
    if (after === undefined) throw new Error("Broken invariant: an item that was allowed leaves no way on.");
    return after;
  }

  /** What the array tells when it ends here; -1 when it cannot. */
  endResult(state: ArrayState): Result {
    const holding = state.labels.filter((_, i) => this.#steps.holdsAtEnd(state.formulas[i]));
    return holding.some((label) => state.goal.includes(label)) ? this.#labelSets.intern(holding) : -1;
  }

  /**
   * Short texts of all items that complete an array of which nothing is asked but so many different items, with the result that it
   * then tells; undefined of others. After an item that is not known, those that take most where the shortest might be used up.
   */
  plainRest(state: ArrayState): PlainRest | undefined {
    if (state.labels.length !== 1) return undefined;
    const [formula] = state.formulas;
    const texts = this.#satisfiability.arrays.plain.texts(formula, state.seen, state.unknownItem ? 1 : 0);
    if (texts === undefined || formula.kind === "or") return undefined;
    return { texts, sets: texts.map((_, i) => itemValue(formula, i)), result: this.#labelSets.intern(state.labels) };
  }

  /**
   * Texts that an item may be, one of each kind that matters for what is left to be done after it: one that the rest can do without, and some that
   * a shortest rest would use. None where items are all alike.
   */
  itemSamples(state: ArrayState, item: Item): string[] {
    if (!this.remembers(state) || state.unknownItem || this.#isEven(state)) return [];
    const holding = new Set(item.slot.goal.slice(0, 1).flatMap((label) => item.implied[label]));
    const seenBefore = { anyOfThem: this.#anyOf(state.seen) };
    const used = new Set<string>();
    state.formulas.forEach((formula, i) => {
      if (!state.goal.includes(state.labels[i])) return;
      const rest = this.#steps.after(formula, seenBefore, (set) => holding.has(set));
      const plan = this.#satisfiability.arrays.plan(rest, state.seen);
      for (const text of plan === undefined ? [] : this.#satisfiability.arrays.texts(plan)) used.add(text);
    });
    if (used.size === 0) return [];
    const byLength = [...used].sort((a, b) => a.length - b.length);
    const extremes = [...byLength.slice(0, MAX_SAMPLES / 2), ...byLength.slice(-MAX_SAMPLES / 2)];
    const others = this.#values.not(this.#anyOf(byLength.map((text) => this.#constants.ofText(text))));
    const asked = this.#values.any(item.slot.goal.map((label) => item.slot.values[label]));
    const other = this.#satisfiability.shortest(this.#values.and(asked, others));
    return [...new Set([...(other === undefined ? [] : [other]), ...extremes])];
  }

  /** Whether the rest of an array is known to be about as long, whatever the next item is. */
  #isEven(state: ArrayState): boolean {
    const rest = this.plainRest(state);
    const withoutFirst = this.plainRest({ ...state, unknownItem: true });
    if (rest === undefined || withoutFirst === undefined) return false;
    const lengths = [...rest.texts, ...withoutFirst.texts].map((text) => text.length);
    return Math.max(...lengths) - Math.min(...lengths) <= EVEN_LENGTHS;
  }

  /** Texts of items that complete the array; none when it may end here, undefined where that depends on an item that is not known. */
  plan(state: ArrayState): string[] | undefined {
    let best: PlannedItem[] | undefined;
    state.labels.forEach((label, i) => {
      if (!state.goal.includes(label)) return;
      const plan = this.#satisfiability.arrays.beginning(state.formulas[i], state.seen);
      if (plan !== undefined && (best === undefined || plan.length < best.length)) best = plan;
    });
    if (best === undefined && state.unknownItem) return undefined;
    if (best === undefined) throw new Error("Broken invariant: an array that cannot be completed.");
    return this.#satisfiability.arrays.texts(best);
  }

  #item(state: ArrayState): Item | undefined {
    const seen = { anyOfThem: this.#anyOf(state.seen) };
    const tracked = new Set<ValueId>();
    const sufficient = new Map<ValueId, readonly ValueId[]>();
    state.labels.forEach((label, i) => {
      const formula = state.formulas[i];
      this.#steps.track(formula, seen, tracked);
      if (!state.goal.includes(label)) return;
      const narrowed = new Map<string, ValueId>();
      const accepts = (values: readonly ValueId[], rest: ArrayFormula): Acceptance => {
        const asked = this.#values.all(values);
        const value = this.#possibleItem(asked, rest, state.seen);
        if (value === undefined) return "none";
        const key = values.join();
        narrowed.set(key, this.#values.or(narrowed.get(key) ?? NOTHING, value));
        return value === asked ? "all" : "some";
      };
      for (const values of this.#steps.sufficient(formula, seen, accepts)) {
        sufficient.set(narrowed.get(values.join())!, values);
      }
    });
    if (sufficient.size === 0) return undefined;
    if (sufficient.size === 1 && [...tracked].every((value) => [...sufficient.values()][0].includes(value)))
      tracked.clear();
    const slot = this.#slots.of([...tracked], [...sufficient.keys()]);
    return { slot, implied: slot.values.map((value) => [value, ...(sufficient.get(value) ?? [])]) };
  }

  /**
   * The values of an item after which the rest can be met; undefined when there are none.
   *
   * Where values are remembered, an item may take away the very value that the rest needs. Only values that a witness for the rest
   * uses can do so: any other leaves that witness.
   */
  #possibleItem(value: ValueId, rest: ArrayFormula, seen: readonly ValueId[]): ValueId | undefined {
    const { arrays } = this.#satisfiability;
    if (!this.#satisfiability.isSatisfiable(value)) return undefined;
    if (!rest.remembers) return arrays.canFinish(rest, []) ? value : undefined;
    if (arrays.isPlentiful(rest, seen.length + 1) || arrays.plain.leavesEnough(rest, seen)) return value;
    const witness = arrays.plan(rest, seen);
    const canFollow = (itemText: string): boolean =>
      arrays.plan(rest, insertedNumber(seen, this.#constants.ofText(itemText))) !== undefined;
    if (witness === undefined) {
      // The rest must repeat something, and it can only be this item.
      const repeatable = arrays.repeatable(rest, value);
      return repeatable === NOTHING ? undefined : repeatable;
    }
    let possible = value;
    for (const itemText of new Set(arrays.texts(witness))) {
      if (canFollow(itemText)) continue;
      possible = this.#values.and(possible, this.#values.not(this.#constants.ofText(itemText)));
    }
    return this.#satisfiability.isSatisfiable(possible) ? possible : undefined;
  }

  #state(content: Omit<ArrayState, "id">): ArrayState | undefined {
    const { arrays } = this.#values;
    const labels: number[] = [];
    const formulas: ArrayFormula[] = [];
    content.labels.forEach((label, i) => {
      if (content.formulas[i] === arrays.none) return;
      labels.push(label);
      formulas.push(content.formulas[i]);
    });
    const { unknownItem } = content;
    const seen = formulas.some((formula) => formula.remembers) ? content.seen : [];
    const goal = content.goal.filter((label) => {
      const i = labels.indexOf(label);
      return i >= 0 && (unknownItem || this.#satisfiability.arrays.canFinish(formulas[i], seen));
    });
    if (goal.length === 0) return undefined;
    const key = `${labels.join()};${formulas.map((formula) => formula.id).join()};${goal.join()};${seen.join()};${unknownItem}`;
    let state = this.#states.get(key);
    if (state === undefined) {
      state = { id: this.#states.size, labels, formulas, goal, seen, unknownItem };
      this.#states.set(key, state);
    }
    return state;
  }

  #anyOf(seen: readonly ValueId[]): ValueId {
    return this.#values.any(seen);
  }
}

function insertedNumber(list: readonly ValueId[], item: ValueId): readonly ValueId[] {
  return list.includes(item) ? list : [...list, item].sort((a, b) => a - b);
}
