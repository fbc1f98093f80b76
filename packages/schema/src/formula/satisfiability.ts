import { EMPTY, part, type Steps, type Term } from "@espalier/grammar";
import { NO_CONTENT, type ContentId } from "../content/content-table.ts";
import { Abundance } from "./abundance.ts";
import { ArrayPlans } from "./array-plans.ts";
import type { ConstantValues } from "./constant-values.ts";
import {
  ANYTHING,
  LITERAL_FALSE,
  LITERAL_NULL,
  LITERAL_TRUE,
  NOTHING,
  type ObjectFormula,
  type ValueFormula,
  type ValueId,
} from "./formula.ts";
import { Membership } from "./membership.ts";
import { FRESH_OBJECT, ObjectPlans, type PlannedMember } from "./object-plans.ts";
import { admitsEmptyArray, admitsEmptyObject } from "./plain-comparisons.ts";
import { isTooLong, tooLong } from "./planned-members.ts";
import { inSchemaOrder } from "./schema-order.ts";
import { SomeMembers, type Members } from "./some-members.ts";
import type { ValueAlgebra } from "./value-algebra.ts";
import type { Witnesses } from "./witnesses.ts";

/** Members that are gone through in one step. */
const MEMBERS_AT_A_TIME = 64;

const decoder = new TextDecoder();

/**
 * Whether sets of values have members, and a short member if so: the least fixed point over recursive schemas, with a witness.
 *
 * Witnesses are short, not always shortest: where choices interact (several `contains`, `uniqueItems` over a small set) the
 * first plan that works is taken.
 */
export class Satisfiability implements Witnesses {
  readonly objects: ObjectPlans;
  readonly arrays: ArrayPlans;
  readonly abundance: Abundance;
  readonly #values: ValueAlgebra;
  readonly #members: SomeMembers;
  readonly #shortest = new Map<ValueId, string | undefined>();
  /** Sets that have members, as far as that was seen without spelling one. */
  readonly #satisfiable = new Set<ValueId>();
  readonly #working = new Set<ValueId>();
  /** Set when an answer relied on a value still being worked out; such a "no" is not remembered. */
  #assumed = false;
  /** Work of {@link run} that relied on such a value: at least those that may be gone on with. */
  readonly #assumedBefore = new Set<string>();

  constructor(values: ValueAlgebra, constants: ConstantValues) {
    this.#values = values;
    const membership = new Membership(values);
    this.objects = new ObjectPlans(values, membership, this);
    this.arrays = new ArrayPlans(values, constants, membership, this);
    this.abundance = new Abundance(values, this);
    this.#members = new SomeMembers(values, constants, membership, this, this);
  }

  /** Sets of which it is known for good whether they have members. */
  get answered(): number {
    return this.#shortest.size;
  }

  isSatisfiable(value: ValueId): boolean {
    if (value === ANYTHING) return true;
    if (value === NOTHING) return false;
    if (this.#shortest.has(value)) return this.#shortest.get(value) !== undefined;
    // While a witness is put together, a value with a member may have none that is spelled yet.
    if (this.#working.size > 0) return this.shortest(value) !== undefined;
    if (this.#satisfiable.has(value)) return true;
    const hasMember = this.#values.hasMember(value) || this.#showsMember(this.#values.expand(value));
    if (!hasMember && this.shortest(value) === undefined) return false;
    this.#satisfiable.add(value);
    return true;
  }

  /** Whether there is a member that need not be spelled to be seen; false says nothing. */
  #showsMember({ literals, number, object, array, string }: ValueFormula): boolean {
    const { arena, numbers } = this.#values;
    if (literals !== 0 || number !== numbers.none || admitsEmptyObject(object) || admitsEmptyArray(array)) return true;
    return string !== EMPTY && !isTooLong(arena.minLength(string)) && !arena.isEmpty(string);
  }

  /** A short member as JSON text without whitespace, or undefined when there is none. */
  shortest(value: ValueId): string | undefined {
    if (value === NOTHING) return undefined;
    if (value === ANYTHING) return "0";
    if (this.#shortest.has(value)) return this.#shortest.get(value);
    if (this.#working.has(value)) {
      this.#assumed = true;
      return undefined;
    }
    this.#values.arena.spend();
    const outer = this.#assumed;
    this.#working.add(value);
    try {
      const { answer: text, isFinal } = this.asking(() => this.#shortestOf(value));
      if (text !== undefined || isFinal || this.#working.size === 1) this.#shortest.set(value, text);
      // A member that was found is one, whatever was assumed on the way.
      if (text !== undefined) this.#assumed = outer;
      return text;
    } finally {
      this.#working.delete(value);
    }
  }

  someMembers(value: ValueId, count: number): Members {
    return this.#members.of(value, count);
  }

  run<Result>(work: string, begin: () => Steps<Result>): Result {
    // Answers hold for the sets that count as empty meanwhile: under others the work is another.
    const key = `${work} within ${[...this.#working].join()}`;
    const outer = this.#assumed;
    this.#assumed = this.#assumedBefore.has(key);
    try {
      return this.#values.arena.run(key, begin);
    } finally {
      if (this.#assumed) this.#assumedBefore.add(key);
      this.#assumed ||= outer;
    }
  }

  asking<Answer>(question: () => Answer): { readonly answer: Answer; readonly isFinal: boolean } {
    const outer = this.#assumed;
    this.#assumed = false;
    try {
      const answer = question();
      return { answer, isFinal: !this.#assumed };
    } finally {
      this.#assumed ||= outer;
    }
  }

  #shortestOf(value: ValueId): string | undefined {
    const formula = this.#values.expand(value);
    let best: string | undefined;
    const offer = (text: string | undefined): void => {
      if (text !== undefined && (best === undefined || text.length < best.length)) best = text;
    };
    offer(this.#values.numbers.shortest(formula.number));
    // Whether strings that long are there is not found out either: their shortest would have to be spelled.
    const isLongString = formula.string !== EMPTY && isTooLong(this.#values.arena.minLength(formula.string));
    if (formula.string !== EMPTY && !isLongString) offer(this.#shortestString(formula.string));
    offer(this.#shortestContent(formula.content));
    if (formula.literals & LITERAL_NULL) offer("null");
    if (formula.literals & LITERAL_TRUE) offer("true");
    if (formula.literals & LITERAL_FALSE) offer("false");
    if (best !== undefined && best.length <= 2) return best;
    const items = this.arrays.plan(formula.array, []);
    const array = items === undefined ? undefined : this.arrays.arrayText(items);
    let isLong = isLongString || (items !== undefined && array === undefined);
    offer(array);
    if (best !== undefined && best.length <= 2) return best;
    const members = this.objects.plan(formula.object, FRESH_OBJECT);
    if (members !== undefined) {
      const texts = this.#memberTexts(members, formula.object);
      if (isTooLong(texts.reduce((length, text) => length + text.length + 1, 0))) isLong = true;
      else offer(`{${texts.join()}}`);
    }
    if (best === undefined && isLong) throw tooLong();
    const { contents } = this.#values;
    if (best === undefined && contents.at(formula.content).kind === "refused") throw contents.refusal(formula.content);
    return best;
  }

  /** A shortest string of a language over decoded text, as a JSON string. */
  #shortestString(language: Term): string | undefined {
    const bytes = this.#values.arena.shortest(language);
    return bytes === undefined ? undefined : JSON.stringify(decoder.decode(bytes));
  }

  /** A short string of a content, as a JSON string. */
  #shortestContent(id: ContentId): string | undefined {
    if (id === NO_CONTENT) return undefined;
    const { contents } = this.#values;
    const content = contents.at(id);
    if (content.kind === "refused") return undefined;
    const text = content.kind === "json" ? this.shortest(content.value) : contents.shortest(content.automaton);
    return text === undefined ? undefined : JSON.stringify(text);
  }

  #memberTexts(members: readonly PlannedMember[], formula: ObjectFormula): readonly string[] {
    if (members.length <= MEMBERS_AT_A_TIME) {
      return inSchemaOrder(members, formula).map((member) => this.#memberText(member));
    }
    return this.run(`texts of ${formula.id}`, () => this.#manyMemberTexts(members, formula));
  }

  *#manyMemberTexts(members: readonly PlannedMember[], formula: ObjectFormula): Steps<readonly string[]> {
    const texts: string[] = [];
    for (const member of inSchemaOrder(members, formula)) texts.push(yield* part(() => this.#memberText(member)));
    return texts;
  }

  #memberText({ key, value }: PlannedMember): string {
    return `${JSON.stringify(key)}:${this.shortest(value)}`;
  }
}
