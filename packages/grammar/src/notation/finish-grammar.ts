import type { WorkBudget } from "../budget/work-budget.ts";
import type { Expression, Grammar, GrammarNote, GrammarRule, Lexing, ReferenceExpression } from "../cfg/grammar.ts";
import type { EspalierError } from "../errors/espalier-error.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { NOTHING, partsOf } from "./expressions.ts";
import { nearNames } from "./near-names.ts";
import type { UndefinedRules } from "./notation-options.ts";
import { throwTogether } from "./report-together.ts";
import type { SourceText } from "./source-text.ts";

/** A rule with where it was written. */
export interface ReadRule {
  readonly rule: GrammarRule;
  readonly source: SourceText;
  readonly offset: number;
  /** Where names inside its expression stand, for those that turn out to be undefined. */
  readonly references?: ReadonlyMap<ReferenceExpression, number> | undefined;
}

export interface ReadGrammar {
  readonly source: SourceText;
  readonly rules: readonly ReadRule[];
  readonly start: string;
  readonly lexing?: Lexing | undefined;
  readonly notes?: readonly GrammarNote[] | undefined;
  /** @defaultValue "refuse" */
  readonly undefinedRules?: UndefinedRules | undefined;
}

/**
 * The checks that all notations share: no rule twice, a start, no undefined names, terminals that are regular, and regular
 * operands of differences and intersections. O(size of the grammar).
 *
 * @throws InvalidInputError for each of them; undefined names are told together
 */
export function finishGrammar(read: ReadGrammar, budget: WorkBudget): Grammar {
  const rules = new Map<string, ReadRule>();
  const errors: EspalierError[] = [];
  for (const each of read.rules) {
    budget.spend();
    const first = rules.get(each.rule.name);
    if (first === undefined) rules.set(each.rule.name, each);
    else {
      const where = first.source.describe(first.offset);
      errors.push(
        each.source.invalid(each.offset, `The rule ${each.rule.name} is defined twice, first at ${where} and again`),
      );
    }
  }
  throwTogether(errors);
  const isLenient = read.undefinedRules === "nothing";
  const notes = [...(read.notes ?? []), ...(isLenient ? defineAsNothing(rules, budget) : [])];
  checkReferences(rules, budget);
  if (!rules.has(read.start)) throw withoutStart(read, rules);
  const cyclic = new CycleFinder(rules, budget);
  for (const each of rules.values()) {
    if (each.rule.isTerminal === true) cyclic.refuse(each, each.rule.expression, `The terminal ${each.rule.name}`);
    for (const part of allParts(each.rule.expression, budget)) {
      const operand = part.kind === "except" ? part.without : part.kind === "intersect" ? part.and : undefined;
      if (operand !== undefined) cyclic.refuse(each, operand, "What is taken away from or intersected with a rule");
    }
  }
  return {
    start: read.start,
    rules: new Map([...rules].map(([name, each]) => [name, each.rule])),
    ...(read.lexing === undefined ? {} : { lexing: read.lexing }),
    ...(notes.length === 0 ? {} : { notes }),
  };
}

/** Gives names that no rule has a rule without texts. */
function defineAsNothing(rules: Map<string, ReadRule>, budget: WorkBudget): GrammarNote[] {
  const notes: GrammarNote[] = [];
  for (const { rule, source, offset, references } of [...rules.values()]) {
    for (const part of allParts(rule.expression, budget)) {
      if (part.kind !== "reference" || rules.has(part.rule)) continue;
      const used = references?.get(part) ?? offset;
      const place = source.placeAt(used);
      rules.set(part.rule, { rule: { name: part.rule, expression: NOTHING, place }, source, offset: used });
      notes.push({ message: `The rule ${part.rule} is not defined: no text matches it.`, place });
    }
  }
  return notes;
}

function checkReferences(rules: ReadonlyMap<string, ReadRule>, budget: WorkBudget): void {
  const errors: EspalierError[] = [];
  const told = new Set<string>();
  for (const { rule, source, offset, references } of rules.values()) {
    for (const part of allParts(rule.expression, budget)) {
      if (part.kind !== "reference") continue;
      const target = rules.get(part.rule);
      const place = references?.get(part) ?? offset;
      if (target === undefined) {
        if (told.has(part.rule)) continue;
        told.add(part.rule);
        const near = told.size > 10 ? [] : nearNames(part.rule, rules.keys());
        const hint = near.length === 0 ? "" : ` (near: ${near.join(", ")})`;
        errors.push(source.invalid(place, `The rule ${part.rule} is not defined${hint}; it is used`, hintOf(near)));
      } else if (rule.isTerminal === true && target.rule.isTerminal !== true) {
        errors.push(
          source.invalid(place, `The terminal ${rule.name} refers to ${part.rule}, which is not a terminal,`),
        );
      }
    }
  }
  throwTogether(errors);
}

function hintOf(near: readonly string[]): string {
  if (near.length > 0) return `Did you mean ${near.join(" or ")}?`;
  return 'With undefinedRules: "nothing" (--undefined-rules nothing) it is a rule without texts.';
}

function withoutStart(read: ReadGrammar, rules: ReadonlyMap<string, ReadRule>): InvalidInputError {
  const names = [...rules.keys()];
  const shown = names.slice(0, 8).join(", ");
  return new InvalidInputError({
    message:
      names.length === 0
        ? "The grammar has no rules."
        : `The start rule ${read.start} is not defined among ${names.length} rules (${shown}${names.length > 8 ? ", …" : ""}).`,
    place: read.source.describe(0),
    hint: names.length === 0 ? undefined : "Name the rule that derives whole texts in the option start.",
  });
}

/** An expression and everything inside it. */
export function allParts(expression: Expression, budget: WorkBudget): Expression[] {
  const found = [expression];
  for (let i = 0; i < found.length; i++) {
    const parts = partsOf(found[i]);
    budget.spend(1 + parts.length);
    for (const part of parts) found.push(part);
  }
  return found;
}

/** Finds rules from which a cycle can be reached: they are not plainly regular. Each rule is looked at once. */
class CycleFinder {
  readonly #rules: ReadonlyMap<string, ReadRule>;
  readonly #budget: WorkBudget;
  /** False while a rule is being looked at, and for good where no cycle was found. */
  readonly #cycle: Map<string, string | undefined> = new Map();
  readonly #open: Set<string> = new Set();

  constructor(rules: ReadonlyMap<string, ReadRule>, budget: WorkBudget) {
    this.#rules = rules;
    this.#budget = budget;
  }

  refuse(where: ReadRule, expression: Expression, subject: string): void {
    for (const name of this.#names(expression)) {
      const cycle = this.#cycleFrom(name);
      if (cycle === undefined) continue;
      throw where.source.invalid(
        where.offset,
        `${subject} must be regular, but leads to ${cycle}, which refers to itself,`,
      );
    }
  }

  /** The name of a recursive rule that `start` leads to. Depth first, without a call stack. */
  #cycleFrom(start: string): string | undefined {
    if (this.#cycle.has(start)) return this.#cycle.get(start);
    const stack: { readonly name: string; readonly names: string[] }[] = [];
    const enter = (name: string): void => {
      this.#open.add(name);
      stack.push({ name, names: this.#names((this.#rules.get(name) as ReadRule).rule.expression) });
    };
    enter(start);
    let cycle: string | undefined;
    while (stack.length > 0) {
      const top = stack[stack.length - 1];
      const next = cycle === undefined ? top.names.pop() : undefined;
      if (next === undefined) {
        this.#cycle.set(top.name, cycle);
        this.#open.delete(top.name);
        stack.pop();
      } else if (this.#open.has(next)) cycle = next;
      else if (this.#cycle.has(next)) cycle = this.#cycle.get(next);
      else enter(next);
    }
    return cycle;
  }

  #names(expression: Expression): string[] {
    return allParts(expression, this.#budget).flatMap((part) => (part.kind === "reference" ? [part.rule] : []));
  }
}
