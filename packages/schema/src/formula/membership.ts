import { NO_CONTENT, type ContentId } from "../content/content-table.ts";
import { Decimal } from "../number/decimal.ts";
import { itemValue } from "./array-algebra.ts";
import {
  ANYTHING,
  LITERAL_FALSE,
  LITERAL_NULL,
  LITERAL_TRUE,
  NOTHING,
  type ArrayFormula,
  type ObjectConjunction,
  type ObjectFormula,
  type ValueId,
} from "./formula.ts";
import type { ValueAlgebra } from "./value-algebra.ts";

/** The members of a concrete object, by key. */
export type Members = ReadonlyMap<string, unknown>;

/** Whether concrete JSON values are in sets: formulas run as a validator. */
export class Membership {
  readonly #values: ValueAlgebra;

  constructor(values: ValueAlgebra) {
    this.#values = values;
  }

  contains(value: ValueId, json: unknown): boolean {
    if (value === ANYTHING) return true;
    if (value === NOTHING) return false;
    this.#values.arena.spend();
    const formula = this.#values.expand(value);
    switch (typeof json) {
      case "boolean":
        return (formula.literals & (json ? LITERAL_TRUE : LITERAL_FALSE)) !== 0;
      case "number":
        return this.#values.numbers.contains(formula.number, Decimal.fromNumber(json));
      case "string":
        return this.#values.arena.acceptsText(formula.string, json) || this.#inContent(formula.content, json);
      default:
        if (json === null) return (formula.literals & LITERAL_NULL) !== 0;
        if (Array.isArray(json)) return this.containsArray(formula.array, json);
        return this.containsObject(formula.object, new Map(Object.entries(json as object)), () => false, 0);
    }
  }

  /**
   * Whether further `members` complete an object whose members so far have been taken into `formula`.
   * @param has which keys the object has already
   * @param memberCount how many members it has already
   */
  containsObject(
    formula: ObjectFormula,
    members: Members,
    has: (word: string) => boolean,
    memberCount: number,
  ): boolean {
    if (formula.kind === "or") {
      return formula.branches.some((branch) => this.containsObject(branch, members, has, memberCount));
    }
    const count = memberCount + members.size;
    if (count < formula.minMembers || count > formula.maxMembers) return false;
    for (const word of formula.required) if (!members.has(word) && !has(word)) return false;
    return (
      this.#membersFit(formula, members) &&
      formula.clauses.every((clause) => this.containsObject(clause, members, has, memberCount))
    );
  }

  /** Whether further `items` complete an array whose items so far have been taken into `formula`, no values remembered. */
  containsArray(formula: ArrayFormula, items: readonly unknown[]): boolean {
    if (formula.kind === "or") return formula.branches.some((branch) => this.containsArray(branch, items));
    if (items.length < formula.minItems || items.length > formula.maxItems) return false;
    const countInside = (value: ValueId): number => items.filter((item) => this.contains(value, item)).length;
    return (
      items.every((item, i) => this.contains(itemValue(formula, i), item)) &&
      formula.atLeastInside.every((atom) => countInside(atom.value) >= atom.count) &&
      formula.atMostOutside.every((atom) => items.length - countInside(atom.value) <= atom.count) &&
      formula.exists.every(({ from, to, value }) =>
        items.some((item, i) => i >= from && i < to && this.contains(value, item)),
      ) &&
      (!formula.unique || !hasRepeated(items)) &&
      (!formula.repeated || hasRepeated(items)) &&
      formula.clauses.every((clause) => this.containsArray(clause, items))
    );
  }

  #inContent(id: ContentId, text: string): boolean {
    if (id === NO_CONTENT) return false;
    const { contents } = this.#values;
    const content = contents.at(id);
    if (content.kind === "refused") throw contents.refusal(id);
    if (content.kind === "automaton") return contents.accepts(content.automaton, text);
    let json: unknown;
    try {
      json = JSON.parse(text);
    } catch {
      return false;
    }
    return this.contains(content.value, json);
  }

  #membersFit(formula: ObjectConjunction, members: Members): boolean {
    const { arena, objects } = this.#values;
    for (const [key, json] of members) {
      if (!this.contains(objects.selection(formula, key), json)) return false;
    }
    return formula.exists.every((atom) =>
      [...members].some(([key, json]) => arena.acceptsText(atom.keys, key) && this.contains(atom.value, json)),
    );
  }
}

function hasRepeated(items: readonly unknown[]): boolean {
  return new Set(items.map(canonicalText)).size < items.length;
}

/** Equal values, equal texts: members sorted by key. */
function canonicalText(json: unknown): string {
  if (typeof json !== "object" || json === null) return JSON.stringify(json);
  if (Array.isArray(json)) return `[${json.map(canonicalText).join()}]`;
  const members = Object.entries(json).map(([key, value]) => `${JSON.stringify(key)}:${canonicalText(value)}`);
  return `{${members.sort().join()}}`;
}
