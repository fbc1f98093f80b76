import type { WorkBudget } from "../../budget/work-budget.ts";
import type { Expression, Grammar, GrammarRule } from "../../cfg/grammar.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import { CodePointSet } from "../../regex/code-point-set.ts";
import { charactersOf, choiceOf, mapParts, sequenceOf } from "../expressions.ts";
import { allParts } from "../finish-grammar.ts";
import { expressionOfCaseless, expressionOfRegex } from "./regex-expression.ts";

/**
 * Prepares a grammar without lexing for a notation with it: its characters are cut into sets such that no two share a character,
 * and every terminal becomes one character of one set. Then there is one way to cut any text into terminals, and no lexer can go wrong.
 *
 * Sets that come to several pieces become rules `_class_1`, so that they are written once. O(characters × sets) at most.
 *
 * @throws UnsupportedError for differences and intersections, which are terminals of more than one character
 */
export function cutIntoCharacters(grammar: Grammar, budget: WorkBudget): Grammar {
  const plain = new Map([...grammar.rules].map(([name, rule]) => [name, plainRule(rule, budget)]));
  const atoms = new Atoms(plain.values(), budget);
  const rules = new Map<string, GrammarRule>();
  for (const [name, { isTerminal: _, ...rule }] of plain) {
    rules.set(name, { ...rule, expression: atoms.cut(rule.expression) });
  }
  for (const rule of atoms.classes(grammar.rules)) rules.set(rule.name, rule);
  return { start: grammar.start, rules, lexing: { ignored: [] } };
}

function plainRule(rule: GrammarRule, budget: WorkBudget): GrammarRule {
  const plain = (part: Expression): Expression => {
    budget.spend();
    switch (part.kind) {
      case "regex":
        return plain(expressionOfRegex(part, rule.name, budget));
      case "literal":
        return part.ignoreCase === true ? expressionOfCaseless(part.text) : part;
      case "except":
      case "intersect":
        throw new UnsupportedError({
          message: `${part.kind === "except" ? "A difference" : "An intersection"} cannot be written in Lark without a longest match; the rule ${rule.name} has one.`,
          place: `rule ${rule.name}`,
        });
      default:
        return mapParts(part, plain);
    }
  };
  return { ...rule, expression: plain(rule.expression) };
}

class Atoms {
  readonly #budget: WorkBudget;
  /** The first characters of the pieces, ascending. */
  readonly #starts: number[] = [];
  /** The set that each piece belongs to: pieces that every class treats alike are one. */
  readonly #ids: number[] = [];
  readonly #sets: Map<number, CodePointSet> = new Map();
  readonly #classes: Map<string, { readonly name: string; readonly ids: readonly number[] }> = new Map();

  constructor(rules: Iterable<GrammarRule>, budget: WorkBudget) {
    this.#budget = budget;
    const classes: CodePointSet[] = [];
    const seen = new Set<string>();
    const add = (set: CodePointSet): void => {
      const key = set.ranges.join(" ");
      if (!seen.has(key)) classes.push(set);
      seen.add(key);
    };
    for (const rule of rules) {
      for (const part of allParts(rule.expression, budget)) {
        if (part.kind === "characters") add(setOf(part));
        else if (part.kind === "literal") for (const each of part.text) add(single(each.codePointAt(0) as number));
      }
    }
    this.#partition(classes);
  }

  /** Sweeps over the ends of all ranges; a piece is known by the classes that hold it. */
  #partition(classes: readonly CodePointSet[]): void {
    const events: { readonly at: number; readonly index: number }[] = [];
    classes.forEach(({ ranges }, index) => {
      for (const [low, high] of ranges) events.push({ at: low, index }, { at: high + 1, index });
    });
    events.sort((a, b) => a.at - b.at);
    const holding = new Set<number>();
    const known = new Map<string, number>();
    const ranges = new Map<number, [number, number][]>();
    for (let i = 0; i < events.length;) {
      const { at } = events[i];
      for (; i < events.length && events[i].at === at; i++) {
        if (!holding.delete(events[i].index)) holding.add(events[i].index);
      }
      this.#budget.spend(1 + holding.size);
      if (holding.size === 0 || i === events.length) continue;
      const key = [...holding].sort((a, b) => a - b).join(" ");
      const id = known.get(key) ?? known.size;
      known.set(key, id);
      this.#starts.push(at);
      this.#ids.push(id);
      const list = ranges.get(id);
      const range: [number, number] = [at, events[i].at - 1];
      if (list === undefined) ranges.set(id, [range]);
      else list.push(range);
    }
    for (const [id, list] of ranges) this.#sets.set(id, CodePointSet.of(list));
  }

  cut(expression: Expression): Expression {
    switch (expression.kind) {
      case "characters":
        return this.#class(setOf(expression));
      case "literal":
        return sequenceOf([...expression.text].map((each) => this.#class(single(each.codePointAt(0) as number))));
      default:
        return mapParts(expression, (part) => this.cut(part));
    }
  }

  /** The rules for classes of several pieces, once everything was cut. */
  *classes(taken: ReadonlyMap<string, unknown>): Generator<GrammarRule> {
    for (const { name, ids } of this.#classes.values()) {
      if (taken.has(name)) throw new UnsupportedError({ message: `The rule ${name} has a name that printing needs.` });
      const pieces = ids.map((id) => charactersOf((this.#sets.get(id) as CodePointSet).ranges));
      yield { name, expression: choiceOf(pieces) };
    }
  }

  #class(set: CodePointSet): Expression {
    const ids = new Set<number>();
    for (const [low, high] of set.ranges) {
      for (let i = this.#indexOf(low); i < this.#starts.length && this.#starts[i] <= high; i++) {
        this.#budget.spend();
        ids.add(this.#ids[i]);
      }
    }
    const list = [...ids];
    if (list.length < 2) return charactersOf(set.ranges);
    const key = list.join(" ");
    let known = this.#classes.get(key);
    if (known === undefined) this.#classes.set(key, (known = { name: `_class_${this.#classes.size + 1}`, ids: list }));
    return { kind: "reference", rule: known.name };
  }

  #indexOf(codePoint: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#starts[middle] < codePoint) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

function single(codePoint: number): CodePointSet {
  return CodePointSet.of([[codePoint, codePoint]]);
}

function setOf(part: Expression & { readonly kind: "characters" }): CodePointSet {
  const set = CodePointSet.of(part.ranges);
  return part.negated === true ? set.complement() : set;
}
