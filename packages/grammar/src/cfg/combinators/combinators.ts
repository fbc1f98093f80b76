import type { PushdownAutomaton } from "../../automaton/pushdown-automaton.ts";
import type { Expression } from "../grammar.ts";
import { escapePattern } from "./escape-pattern.ts";
import { namedRule } from "./rule-expression.ts";

/** What combinators take for an expression: a string is a literal. */
export type Part = Expression | string;

/** One after the other. */
export function sequence(...parts: readonly Part[]): Expression {
  return { kind: "sequence", items: parts.map(expressionOf) };
}

/** Any one of several. Without alternatives: nothing at all. */
export function choice(...parts: readonly Part[]): Expression {
  return { kind: "choice", alternatives: parts.map(expressionOf) };
}

/** Once or not at all. */
export function optional(part: Part): Expression {
  return repeat(part, { min: 0, max: 1 });
}

export interface RepeatOptions {
  /** @defaultValue 0 */
  readonly min?: number | undefined;
  /** @defaultValue no limit */
  readonly max?: number | undefined;
  /** What stands between two of them. @defaultValue nothing */
  readonly separator?: Part | undefined;
}

/** Any number of times, or a number between two bounds. */
export function repeat(part: Part, options: RepeatOptions = {}): Expression {
  const { min = 0, max, separator } = options;
  const item = expressionOf(part);
  if (separator === undefined) return { kind: "repeat", item, min, max };
  if (max !== undefined && max < Math.max(min, 1)) return { kind: "repeat", item, min, max };
  const rest: Expression = {
    kind: "repeat",
    item: sequence(separator, item),
    min: Math.max(min - 1, 0),
    max: max === undefined ? undefined : max - 1,
  };
  const some = sequence(item, rest);
  return min === 0 ? optional(some) : some;
}

/** Exactly this text. */
export function literal(text: string, options: { readonly ignoreCase?: boolean } = {}): Expression {
  return { kind: "literal", text, ignoreCase: options.ignoreCase };
}

/**
 * The texts that a pattern of ECMA-262 matches as a whole.
 * @param flags of patterns given as text @defaultValue "u"
 */
export function regex(pattern: RegExp | string, flags = "u"): Expression {
  return typeof pattern === "string"
    ? { kind: "regex", source: pattern, flags }
    : { kind: "regex", source: pattern.source, flags: pattern.flags };
}

/**
 * A rule: an expression with a name, which may refer to itself.
 * @param define called once, when a grammar is made of what refers to the rule
 */
export function rule(name: string, define: () => Part): Expression {
  return namedRule(name, () => expressionOf(define()));
}

/** The texts of `part` that are also texts of `regular`, which must be regular. */
export function intersect(part: Part, regular: Part | RegExp): Expression {
  return { kind: "intersect", item: expressionOf(part), and: regularOf(regular) };
}

/** The texts of `part` that are not texts of `regular`, which must be regular. */
export function without(part: Part, regular: Part | RegExp): Expression {
  return { kind: "except", item: expressionOf(part), without: regularOf(regular) };
}

export interface FreeTextOptions {
  /**
   * Texts at the first of which the free text ends; that text is its last part. Without them it may be any text.
   * @defaultValue none
   */
  readonly until?: string | readonly string[] | undefined;
}

/**
 * Any text; with `until`, any text up to and with the first occurrence of one of some texts. One terminal, so that its mask, in which
 * nearly every token is allowed, is made once.
 */
export function freeText(options: FreeTextOptions = {}): Expression {
  const { until } = options;
  if (until === undefined) return regex("[\\s\\S]*");
  const ends = typeof until === "string" ? [until] : until;
  const patterns = ends.map(escapePattern).join("|");
  // No end stands before the last one: not inside what comes before it, and not across its beginning.
  return without(
    sequence(freeText(), choice(...ends.map((end) => literal(end)))),
    regex(`[\\s\\S]*(?:${patterns})[\\s\\S]+`),
  );
}

/** Any text in which none of some texts occurs: what follows the last trigger, or replaces it. */
export function freeTextWithout(texts: readonly string[]): Expression {
  if (texts.length === 0) return freeText();
  return without(freeText(), regex(`[\\s\\S]*(?:${texts.map(escapePattern).join("|")})[\\s\\S]*`));
}

/** A text of another automaton, such as that of a JSON Schema. It goes on for as long as it can. */
export function embedded(automaton: PushdownAutomaton, description = "automaton"): Expression {
  return { kind: "automaton", automaton, description };
}

/** A string as a literal. */
export function expressionOf(part: Part): Expression {
  return typeof part === "string" ? literal(part) : part;
}

function regularOf(part: Part | RegExp): Expression {
  return part instanceof RegExp ? regex(part) : expressionOf(part);
}
