import { LimitExceededError } from "@espalier/grammar";
import { NOTHING, type ObjectConjunction, type ObjectFormula, type ValueId } from "./formula.ts";
import type { Membership } from "./membership.ts";
import type { ObjectProgress, PlannedMember } from "./object-plans.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import { INEXACT_NUMBER, type Witnesses } from "./witnesses.ts";

/** Concrete members that complete an object of some formula from where it stood once. */
type Sample = ReadonlyMap<string, unknown>;

interface Example {
  readonly json: unknown;
}

/** Samples kept of one conjunction. */
const MAX_SAMPLES = 4;
/** Values tried under one key. */
const MAX_VALUES = 4;
/** Longer texts are not tried. */
const MAX_TEXT_LENGTH = 1_000;

/**
 * Tells from concrete objects what is possible: an object that completes one of a formula completes others of it too, and most further members do
 * it no harm. Trying that is a matter of microseconds, where a search through `oneOf`s and differences takes milliseconds.
 */
export class ObjectTrials {
  readonly #values: ValueAlgebra;
  readonly #membership: Membership;
  readonly #witnesses: Witnesses;
  readonly #samples = new WeakMap<ObjectConjunction, Sample[]>();
  readonly #examples = new Map<ValueId, Example>();

  constructor(values: ValueAlgebra, membership: Membership, witnesses: Witnesses) {
    this.#values = values;
    this.#membership = membership;
    this.#witnesses = witnesses;
  }

  /** Remembers a plan that completes an object of `formula`. */
  remember(formula: ObjectConjunction, plan: readonly PlannedMember[], progress: ObjectProgress): void {
    const sample = new Map<string, unknown>();
    for (const { key, value } of plan) {
      const example = this.#exampleOf(value);
      if (example === undefined) return;
      sample.set(key, example.json);
    }
    // Members may be planned that stand for others, or be asked for more than their values show.
    if (!this.#completes(formula, sample, progress)) return;
    const samples = this.#samples.get(formula);
    if (samples === undefined) this.#samples.set(formula, [sample]);
    else if (samples.length < MAX_SAMPLES) samples.push(sample);
  }

  /** Whether a known object completes one of `formula` from `progress`; false says nothing. */
  canFinish(formula: ObjectFormula, progress: ObjectProgress): boolean {
    return this.#samplesOf(formula).some((sample) => this.#completes(formula, sample, progress));
  }

  #samplesOf(formula: ObjectFormula): readonly Sample[] {
    if (formula.kind === "or") return formula.branches.flatMap((branch) => this.#samplesOf(branch));
    return this.#samples.get(formula) ?? [];
  }

  /**
   * Whether `key` is seen to be possible as the next key of an object of `formula`; false says nothing.
   * @param progress where the object stands
   * @param after where it stands once the key is used
   */
  admits(formula: ObjectFormula, key: string, progress: ObjectProgress, after: ObjectProgress): boolean {
    const samples = this.#samplesOf(formula);
    if (samples.length === 0 || !progress.isOpen(key) || progress.has(key)) return false;
    const mayFollow = (sample: Sample): boolean =>
      [...sample.keys()].every((other) => other === key || after.isOpen(other));
    for (const sample of samples) {
      if (sample.has(key) && mayFollow(sample) && this.#completes(formula, sample, progress)) return true;
    }
    const examples = this.#examplesUnder(formula, key);
    for (const sample of samples) {
      if (sample.has(key) || !mayFollow(sample)) continue;
      for (const { json } of examples) {
        if (this.#completes(formula, new Map(sample).set(key, json), progress)) return true;
      }
    }
    return false;
  }

  #completes(formula: ObjectFormula, sample: Sample, progress: ObjectProgress): boolean {
    for (const key of sample.keys()) if (!progress.isOpen(key) || progress.has(key)) return false;
    return this.#membership.containsObject(formula, sample, (word) => progress.has(word), progress.memberCount);
  }

  /** Values that a member under `key` may have by some part of the formula. */
  #examplesUnder(formula: ObjectFormula, key: string): Example[] {
    const tried = new Set<ValueId>();
    const examples: Example[] = [];
    const visit = (part: ObjectConjunction, outer: ValueId | undefined): void => {
      if (examples.length >= MAX_VALUES) return;
      this.#values.arena.spend();
      const own = this.#values.objects.selection(part, key);
      const value = outer === undefined ? own : this.#values.and(outer, own);
      if (value === NOTHING) return;
      if (!tried.has(value)) {
        tried.add(value);
        const example = this.#exampleOf(value);
        if (example !== undefined) examples.push(example);
      }
      for (const clause of part.clauses) for (const branch of clause.branches) visit(branch, value);
    };
    for (const branch of formula.kind === "or" ? formula.branches : [formula]) visit(branch, undefined);
    return examples;
  }

  /** A short member of a set; undefined where there is none, or none that can be looked at. */
  #exampleOf(value: ValueId): Example | undefined {
    const known = this.#examples.get(value);
    if (known !== undefined) return known;
    const text = this.#textOf(value);
    if (text === undefined || text.length > MAX_TEXT_LENGTH || INEXACT_NUMBER.test(text)) return undefined;
    const example = { json: JSON.parse(text) as unknown } satisfies Example;
    this.#examples.set(value, example);
    return example;
  }

  #textOf(value: ValueId): string | undefined {
    try {
      return this.#witnesses.shortest(value);
    } catch (error) {
      if (error instanceof LimitExceededError && error.limit === "maxWitnessLength") return undefined;
      throw error;
    }
  }
}
