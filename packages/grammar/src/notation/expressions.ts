import type {
  CharactersExpression,
  ChoiceExpression,
  EmptyExpression,
  Expression,
  RepeatExpression,
} from "../cfg/grammar.ts";
import { type CodePointRanges, normalizeRanges } from "../regex/utf8-terms.ts";

// The constructors keep expressions in a normal form, so that a grammar that is printed and read again is the same:
// no sequence inside a sequence, no choice inside a choice, none of one item, no empty text in a sequence.

export const EMPTY_TEXT: EmptyExpression = { kind: "empty" };

/** The empty language: there is no such text. */
export const NOTHING: ChoiceExpression = { kind: "choice", alternatives: [] };

export const ANY_CHARACTER: CharactersExpression = { kind: "characters", ranges: [], negated: true };

export function literalOf(text: string, ignoreCase = false): Expression {
  if (text === "") return EMPTY_TEXT;
  return ignoreCase ? { kind: "literal", text, ignoreCase } : { kind: "literal", text };
}

export function charactersOf(ranges: CodePointRanges, negated = false): CharactersExpression {
  const sorted = normalizeRanges(ranges);
  if (!negated && isEverything(sorted)) return ANY_CHARACTER;
  return negated ? { kind: "characters", ranges: sorted, negated } : { kind: "characters", ranges: sorted };
}

/** All of Unicode, with or without the surrogates, which are no text. */
function isEverything(ranges: CodePointRanges): boolean {
  const text = ranges.map(([low, high]) => `${low}-${high}`).join(" ");
  return ranges.length < 3 && (text === "0-1114111" || text === "0-55295 57344-1114111");
}

export function sequenceOf(items: readonly Expression[]): Expression {
  const flat: Expression[] = [];
  for (const item of items) {
    if (item.kind === "sequence") for (const each of item.items) flat.push(each);
    else if (item.kind !== "empty") flat.push(item);
  }
  if (flat.length === 0) return EMPTY_TEXT;
  return flat.length === 1 ? flat[0] : { kind: "sequence", items: flat };
}

export function choiceOf(alternatives: readonly Expression[]): Expression {
  const flat: Expression[] = [];
  for (const alternative of alternatives) {
    if (alternative.kind === "choice") for (const each of alternative.alternatives) flat.push(each);
    else flat.push(alternative);
  }
  return flat.length === 1 ? flat[0] : { kind: "choice", alternatives: flat };
}

export function repeatOf(item: Expression, min: number, max?: number | undefined): Expression {
  if (item.kind === "empty" || max === 0) return EMPTY_TEXT;
  if (min === 1 && max === 1) return item;
  const repeat: RepeatExpression = { kind: "repeat", item, min };
  return max === undefined ? repeat : { ...repeat, max };
}

export function optionalOf(item: Expression): Expression {
  return repeatOf(item, 0, 1);
}

export function exceptOf(item: Expression, without: Expression): Expression {
  return { kind: "except", item, without };
}

export function intersectOf(item: Expression, and: Expression): Expression {
  return { kind: "intersect", item, and };
}

/** The expressions directly inside one. */
export function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "sequence":
      return expression.items;
    case "choice":
      return expression.alternatives;
    case "repeat":
      return [expression.item];
    case "except":
      return [expression.item, expression.without];
    case "intersect":
      return [expression.item, expression.and];
    default:
      return [];
  }
}

/** Copies an expression through the constructors, with its parts changed by `change`, inner ones first. */
export function mapParts(expression: Expression, change: (part: Expression) => Expression): Expression {
  switch (expression.kind) {
    case "sequence":
      return sequenceOf(expression.items.map(change));
    case "choice":
      return choiceOf(expression.alternatives.map(change));
    case "repeat":
      return repeatOf(change(expression.item), expression.min, expression.max);
    case "except":
      return exceptOf(change(expression.item), change(expression.without));
    case "intersect":
      return intersectOf(change(expression.item), change(expression.and));
    default:
      return expression;
  }
}
