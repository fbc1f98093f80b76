import { namedRule } from "../cfg/combinators/rule-expression.ts";
import type { CharactersExpression, Expression, Grammar } from "../cfg/grammar.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { charactersOf, choiceOf, literalOf, mapParts, sequenceOf } from "../notation/expressions.ts";
import { notationBudget } from "../notation/notation-budget.ts";
import type { PrintOptions } from "../notation/printer/print-options.ts";
import { expressionOfCaseless, expressionOfRegex } from "../notation/printer/regex-expression.ts";
import { withoutLexing } from "../notation/without-lexing.ts";
import { withinStack } from "../notation/within-stack.ts";
import { CodePointSet } from "../regex/code-point-set.ts";

export interface JsonStringOptions extends PrintOptions {
  /** What the names of the grammar's rules begin with in the grammar around them. @defaultValue "string " */
  readonly prefix?: string | undefined;
}

/** What cannot stand in a JSON string as it is. */
const ESCAPED = CodePointSet.of([
  [0x00, 0x1f],
  [0x22, 0x22],
  [0x5c, 0x5c],
]);

/**
 * A JSON string, quotes included, whose value is a text of `grammar`: a query in a member of an object, say. Each text is spelled
 * in one way: what must be escaped is, in its shortest form, and nothing else. O(size of the grammar), patterns written out.
 *
 * ```ts
 * grammar(sequence('{"query": ', jsonString(sql), ', "limit": ', jsonSchema({ type: "integer" }), "}"));
 * ```
 * @throws UnsupportedError for lexing (see the option), assertions in patterns, tokens, embedded languages and automata; it names the rule
 * @throws LimitExceededError at the limit of work
 */
export function jsonString(grammar: Grammar, options: JsonStringOptions = {}): Expression {
  const { prefix = "string ", lexing = "refuse" } = options;
  if (grammar.lexing !== undefined && lexing === "refuse") {
    throw new UnsupportedError({
      message: "A grammar that is cut into terminals cannot be the text of a JSON string.",
      hint: 'The option { lexing: "scannerless" } writes ignored terminals out between the others.',
    });
  }
  const budget = notationBudget(options);
  const { start, rules } = withoutLexing(grammar);
  // A rule is one object, however often it is referred to.
  const escapedRules = new Map<string, Expression>();
  const ruleOf = (name: string): Expression => {
    const { expression } = rules.get(name)!;
    return namedRule(`${prefix}${name}`, () => withinStack(() => escaped(expression, name)));
  };
  const escaped = (expression: Expression, rule: string): Expression => {
    budget.spend();
    switch (expression.kind) {
      case "reference": {
        if (!rules.has(expression.rule)) return { ...expression, rule: `${prefix}${expression.rule}` };
        let known = escapedRules.get(expression.rule);
        if (known === undefined) escapedRules.set(expression.rule, (known = ruleOf(expression.rule)));
        return known;
      }
      case "literal":
        if (expression.ignoreCase === true) return escaped(expressionOfCaseless(expression.text), rule);
        return literalOf(escapedText(expression.text));
      case "regex":
        return escaped(expressionOfRegex(expression, rule, budget), rule);
      case "characters":
        return escapedCharacters(expression);
      case "token":
      case "embedded":
      case "automaton":
        throw new UnsupportedError({
          message: `The rule "${rule}" holds ${expression.kind === "token" ? "a token" : "another language"}, which cannot be escaped as part of a JSON string.`,
          place: `rule ${rule}`,
        });
      default:
        return mapParts(expression, (part) => escaped(part, rule));
    }
  };
  return sequenceOf([literalOf('"'), escaped({ kind: "reference", rule: start }, start), literalOf('"')]);
}

function escapedText(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

function escapedCharacters({ ranges, negated = false }: CharactersExpression): Expression {
  const listed = CodePointSet.of(ranges);
  const set = negated ? listed.complement() : listed;
  const alternatives = [...codePoints(set.intersect(ESCAPED))].map((each) =>
    literalOf(escapedText(String.fromCodePoint(each))),
  );
  if (alternatives.length === 0) return charactersOf(ranges, negated);
  const plain = set.intersect(ESCAPED.complement());
  return choiceOf(plain.isEmpty ? alternatives : [...alternatives, charactersOf(plain.ranges)]);
}

function* codePoints(set: CodePointSet): Generator<number> {
  for (const [from, to] of set.ranges) for (let each = from; each <= to; each++) yield each;
}
