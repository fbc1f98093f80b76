import type { Expression, Grammar, GrammarRule } from "../cfg/grammar.ts";
import { choiceOf, mapParts, repeatOf, sequenceOf } from "./expressions.ts";

/**
 * The grammar with what may be ignored written out behind each terminal, and before the first: a terminal may end wherever it matches.
 * O(size of the grammar).
 */
export function withoutLexing(grammar: Grammar): Grammar {
  const ignored = grammar.lexing?.ignored ?? [];
  if (ignored.length === 0) return { start: grammar.start, rules: grammar.rules };
  const name = freshName("ignored", grammar.rules);
  const reference: Expression = { kind: "reference", rule: name };
  const isTerminal = (rule: string): boolean => grammar.rules.get(rule)?.isTerminal === true;
  const spaced = (expression: Expression): Expression => {
    switch (expression.kind) {
      case "sequence":
      case "choice":
      case "repeat":
        return mapParts(expression, spaced);
      case "empty":
        return expression;
      case "reference":
        return isTerminal(expression.rule) ? sequenceOf([expression, reference]) : expression;
      default:
        return sequenceOf([expression, reference]);
    }
  };
  const rules = new Map<string, GrammarRule>();
  const start = freshName("text", grammar.rules);
  const startReference: Expression = { kind: "reference", rule: grammar.start };
  const rest = isTerminal(grammar.start) ? [startReference, reference] : [startReference];
  rules.set(start, { name: start, expression: sequenceOf([reference, ...rest]) });
  for (const [key, rule] of grammar.rules) {
    rules.set(key, rule.isTerminal === true ? rule : { ...rule, expression: spaced(rule.expression) });
  }
  const texts = ignored.map((rule): Expression => ({ kind: "reference", rule }));
  rules.set(name, { name, expression: repeatOf(choiceOf(texts), 0) });
  return { start, rules };
}

function freshName(base: string, taken: ReadonlyMap<string, unknown>): string {
  if (!taken.has(base)) return base;
  for (let number = 2; ; number++) if (!taken.has(`${base}-${number}`)) return `${base}-${number}`;
}
