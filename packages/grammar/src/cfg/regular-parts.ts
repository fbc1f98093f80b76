import type { WorkBudget } from "../budget/work-budget.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { compileRegex } from "../regex/compile-regex.ts";
import type { TermArena } from "../regex/term-arena.ts";
import { EMPTY, EPSILON, type Term } from "../regex/term.ts";
import type { Vocabulary } from "../vocabulary/vocabulary.ts";
import type { Expression, Grammar, GrammarRule, ReferenceExpression, TokenExpression } from "./grammar.ts";
import { withoutLinearRecursion } from "./linear-recursion.ts";
import { strongComponents } from "./strong-components.ts";

/**
 * Leaves that an expression may have to be taken for one terminal. Larger regular expressions are left to the parser: their parts
 * are then shared with other places, and the mask inside a string is made once.
 */
const MAX_LEAVES = 256;

export interface RegularPartsOptions {
  readonly arena: TermArena;
  readonly budget: WorkBudget;
  readonly vocabulary: Vocabulary | undefined;
}

/** Which parts of a grammar are regular, and their terms. */
export class RegularParts {
  readonly #grammar: Grammar;
  readonly #arena: TermArena;
  readonly #budget: WorkBudget;
  readonly #vocabulary: Vocabulary | undefined;
  readonly #sizes = new Map<Expression, number>();
  readonly #ruleSizes = new Map<string, number>();
  readonly #bodies = new Map<string, Expression>();
  readonly #terms = new Map<Expression, Term>();
  readonly #patterns = new Map<string, Term>();

  /** @throws InvalidInputError for references to rules that are not there, and for terminals that refer to themselves or to rules. */
  constructor(grammar: Grammar, options: RegularPartsOptions) {
    this.#grammar = grammar;
    this.#arena = options.arena;
    this.#budget = options.budget;
    this.#vocabulary = options.vocabulary;
    this.#measureRules();
  }

  /** The expression of a rule; without recursion where that could be turned into repetition. */
  body(rule: string): Expression {
    return this.#bodies.get(rule) ?? this.#grammar.rules.get(rule)!.expression;
  }

  /** True when an expression is regular and small enough to be one terminal. */
  isTerminal(expression: Expression): boolean {
    return this.#size(expression) <= MAX_LEAVES;
  }

  /** True when an expression is regular, whatever its size. */
  isRegular(expression: Expression): boolean {
    return this.#size(expression) < Infinity;
  }

  /** The language of a regular expression. */
  term(expression: Expression): Term {
    let term = this.#terms.get(expression);
    if (term === undefined) {
      this.#budget.spend();
      term = this.#makeTerm(expression);
      this.#terms.set(expression, term);
    }
    return term;
  }

  #makeTerm(expression: Expression): Term {
    const arena = this.#arena;
    switch (expression.kind) {
      case "empty":
        return EPSILON;
      case "literal":
        return expression.ignoreCase === true
          ? this.#pattern(expression.text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, "\\$&"), "iu")
          : arena.text(expression.text);
      case "characters":
        return arena.codePoints(expression.negated === true ? complementOf(expression.ranges) : expression.ranges);
      case "regex":
        return this.#pattern(expression.source, expression.flags);
      case "reference":
        return this.term(this.body(expression.rule));
      case "sequence":
        return arena.concatAll(expression.items.map((item) => this.term(item)));
      case "choice":
        return this.#choice(expression.alternatives);
      case "repeat":
        return arena.repeat(this.term(expression.item), expression.min, expression.max ?? Infinity);
      case "except":
        return arena.difference(this.term(expression.item), this.term(expression.without));
      case "intersect":
        return arena.intersect(this.term(expression.item), this.term(expression.and));
      case "token":
        return this.#token(expression);
      default:
        throw new Error(`Broken invariant: an expression of kind "${expression.kind}" is not regular.`);
    }
  }

  #choice(alternatives: readonly Expression[]): Term {
    const words: string[] = [];
    const others: Term[] = [];
    for (const alternative of alternatives) {
      if (alternative.kind === "literal" && alternative.ignoreCase !== true) words.push(alternative.text);
      else others.push(this.term(alternative));
    }
    if (words.length > 8) others.push(this.#arena.words(words));
    else others.push(...words.map((word) => this.#arena.text(word)));
    return this.#arena.unionAll(others);
  }

  #pattern(source: string, flags: string): Term {
    const key = `${flags}/${source}`;
    let term = this.#patterns.get(key);
    if (term === undefined) {
      term = compileRegex(this.#arena, source, { flags, match: "whole", fallback: true });
      this.#patterns.set(key, term);
    }
    return term;
  }

  #token({ token, negated = false }: TokenExpression): Term {
    const vocabulary = this.#vocabulary;
    if (!negated && typeof token === "string") return this.#arena.text(token);
    if (vocabulary === undefined) {
      throw new UnsupportedError({
        message: `The token ${JSON.stringify(token)} stands for bytes that only a vocabulary can tell.`,
        place: `token ${JSON.stringify(token)}`,
        hint: "Compile the grammar with the option vocabulary.",
      });
    }
    if (!negated) {
      const bytes = Number(token) < vocabulary.size ? vocabulary.bytes(Number(token)) : new Uint8Array(0);
      return bytes.length === 0 ? EMPTY : this.#arena.literalBytes(bytes);
    }
    const words: Uint8Array[] = [];
    for (let id = 0; id < vocabulary.size; id++) {
      const bytes = vocabulary.bytes(id);
      this.#budget.spend(bytes.length + 1);
      if (bytes.length === 0) continue;
      if (typeof token === "number" ? id !== token : new TextDecoder().decode(bytes) !== token) words.push(bytes);
    }
    return this.#arena.words(words);
  }

  #measureRules(): void {
    const { rules } = this.#grammar;
    const names = [...rules.keys()];
    const numbers = new Map(names.map((name, number) => [name, number]));
    const references = names.map((name) => {
      const found: ReferenceExpression[] = [];
      collectReferences(rules.get(name)!.expression, found, this.#budget);
      for (const reference of found)
        if (!rules.has(reference.rule)) throw undefinedRule(reference, name, rules.get(name)!);
      return [...new Set(found.map((reference) => numbers.get(reference.rule)!))];
    });
    for (const component of strongComponents(names.keys(), (rule) => references[rule])) {
      const name = names[component[0]];
      if (component.length === 1 && !references[component[0]].includes(component[0])) {
        this.#ruleSizes.set(name, this.#size(this.body(name)));
        continue;
      }
      for (const member of component) this.#ruleSizes.set(names[member], Infinity);
      if (component.length > 1 || this.#grammar.lexing !== undefined) continue;
      this.#unroll(name);
    }
    for (const [name, rule] of rules) {
      if (rule.isTerminal === true && this.#ruleSizes.get(name) === Infinity) throw notRegular(rule);
    }
  }

  /** Turns the recursion of a rule that refers to itself at one end into repetition, if what remains is regular. */
  #unroll(name: string): void {
    const { expression } = this.#grammar.rules.get(name)!;
    const mentions = (part: Expression): boolean => {
      const found: ReferenceExpression[] = [];
      collectReferences(part, found, this.#budget);
      return found.some((reference) => reference.rule === name);
    };
    const body = withoutLinearRecursion(expression, mentions);
    if (body === undefined || this.#size(body) === Infinity) return;
    this.#bodies.set(name, body);
    this.#ruleSizes.set(name, this.#size(body));
    this.#sizes.clear();
  }

  /** Leaves of a regular expression; Infinity for others. */
  #size(expression: Expression): number {
    let size = this.#sizes.get(expression);
    if (size === undefined) {
      this.#budget.spend();
      size = this.#measure(expression);
      this.#sizes.set(expression, size);
    }
    return size;
  }

  #measure(expression: Expression): number {
    const sum = (parts: readonly Expression[]): number => parts.reduce((total, part) => total + this.#size(part), 1);
    switch (expression.kind) {
      case "reference":
        return this.#ruleSizes.get(expression.rule) ?? Infinity;
      case "sequence":
        return sum(expression.items);
      case "choice":
        // A list of words is one minimal automaton, however long.
        return expression.alternatives.every((part) => part.kind === "literal") ? 1 : sum(expression.alternatives);
      case "repeat":
        return this.#size(expression.item) + 1;
      case "except":
        return sum([expression.item, expression.without]);
      case "intersect":
        return sum([expression.item, expression.and]);
      case "embedded":
      case "automaton":
        return Infinity;
      default:
        return 1;
    }
  }
}

/** Adds the references in an expression, without following them. */
export function collectReferences(root: Expression, into: ReferenceExpression[], budget: WorkBudget): void {
  const pending: Expression[] = [root];
  for (let expression = pending.pop(); expression !== undefined; expression = pending.pop()) {
    budget.spend();
    switch (expression.kind) {
      case "reference":
        into.push(expression);
        break;
      case "sequence":
        for (const item of expression.items) pending.push(item);
        break;
      case "choice":
        for (const alternative of expression.alternatives) pending.push(alternative);
        break;
      case "repeat":
        pending.push(expression.item);
        break;
      case "except":
        pending.push(expression.item, expression.without);
        break;
      case "intersect":
        pending.push(expression.item, expression.and);
        break;
    }
  }
}

function complementOf(ranges: readonly (readonly [number, number])[]): [number, number][] {
  const complement: [number, number][] = [];
  let from = 0;
  for (const [low, high] of ranges.toSorted((a, b) => a[0] - b[0])) {
    if (low > from) complement.push([from, low - 1]);
    from = Math.max(from, high + 1);
  }
  if (from <= 0x10_ffff) complement.push([from, 0x10_ffff]);
  return complement;
}

/** Where an expression or a rule was written. */
export function placeText(place: { readonly line: number; readonly column: number } | undefined): string | undefined {
  return place === undefined ? undefined : `line ${place.line}, column ${place.column}`;
}

function undefinedRule(reference: ReferenceExpression, user: string, rule: GrammarRule): InvalidInputError {
  const place = placeText(reference.place ?? rule.place);
  return new InvalidInputError({
    message: `The rule "${user}" refers to the rule "${reference.rule}", which is not defined${place === undefined ? "" : ` (${place})`}.`,
    place: place ?? `rule ${user}`,
  });
}

function notRegular(rule: GrammarRule): InvalidInputError {
  return new InvalidInputError({
    message: `The terminal "${rule.name}" is not regular: it refers to itself, or to something that is not a terminal.`,
    place: placeText(rule.place) ?? `terminal ${rule.name}`,
  });
}
