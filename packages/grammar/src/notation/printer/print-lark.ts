import type { WorkBudget } from "../../budget/work-budget.ts";
import type { Expression, Grammar, GrammarRule, RepeatExpression } from "../../cfg/grammar.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import { CodePointSet } from "../../regex/code-point-set.ts";
import { expressionOfPattern } from "../lark/terminal-pattern.ts";
import { analysePattern } from "../lark/pattern-analysis.ts";
import { notationBudget } from "../notation-budget.ts";
import { withinStack } from "../within-stack.ts";
import { spellCharacter } from "./character-escapes.ts";
import { cutIntoCharacters } from "./character-atoms.ts";
import { ATOM, type Dialect, ITEM, type Printed, printExpression, SEQUENCE } from "./expression-printer.ts";
import type { PrintOptions } from "./print-options.ts";
import { pythonClass, pythonPattern } from "./python-pattern.ts";
import { ruleNames } from "./rule-names.ts";

/**
 * Prints a grammar in Lark's notation, with llguidance's words for what Lark has none for (`%json`, tokens, `&` and `~`, `[lazy]`).
 * Rules keep their names as far as Lark can spell them: lower case for rules, capitals for terminals; `start` is the start.
 *
 * Lark cuts texts into terminals, and takes the longest. A grammar without lexing is therefore printed such that every terminal is one
 * character: long, but of the same language.
 *
 * @throws UnsupportedError for automata, back-references and some lookbehinds in patterns, tokens that are not `<…>`, and
 * differences and intersections where there is no lexing; it names the rule
 * @throws LimitExceededError at the limit of work
 */
export function printLark(grammar: Grammar, options: Omit<PrintOptions, "lexing"> = {}): string {
  const budget = notationBudget(options);
  return withinStack(() => {
    const printable = grammar.lexing === undefined ? cutIntoCharacters(grammar, budget) : grammar;
    const names = ruleNames(printable, spellName, "start");
    const lines: string[] = [];
    const start = names.get(printable.start) ?? printable.start;
    if (start !== "start") lines.push(`start: ${start}`);
    for (const rule of printable.rules.values()) lines.push(printRule(rule, names, budget));
    const ignored = printable.lexing?.ignored ?? [];
    if (ignored.length > 0) lines.push("", ...ignored.map((name) => `%ignore ${names.get(name) ?? name}`));
    return `${lines.join("\n")}\n`;
  });
}

function printRule(rule: GrammarRule, names: ReadonlyMap<string, string>, budget: WorkBudget): string {
  const name = names.get(rule.name) as string;
  const { expression } = rule;
  if (rule.isTerminal === true && expression.kind === "choice" && expression.alternatives.length === 0) {
    return `%declare ${name}`;
  }
  const priority = rule.isTerminal === true && (rule.priority ?? 0) !== 0 ? `.${rule.priority}` : "";
  const dialect = larkDialect(rule.name, names, budget);
  const shortest = rule.isTerminal === true && !isLazyPattern(expression) ? shortestItem(expression) : undefined;
  const printed = shortest ?? expression;
  const head = `${name}${shortest === undefined ? "" : "[lazy]"}${priority}:`;
  const body = printExpression(printed, rule.name, dialect, budget);
  if (printed.kind !== "choice" || head.length + body.length < 100) return `${head} ${body.trimStart()}`.trimEnd();
  const alternatives = printed.alternatives.map((each) => printExpression(each, rule.name, dialect, budget));
  return `${head} ${alternatives.join(`\n${" ".repeat(Math.min(head.length - 1, 24))}| `)}`;
}

function larkDialect(rule: string, names: ReadonlyMap<string, string>, budget: WorkBudget): Dialect {
  return {
    title: "Lark",
    empty: "",
    name: (name) => names.get(name) ?? name,
    literal: (text) => quoted(text),
    characters: (part) => {
      const [range] = part.ranges;
      if (part.negated === true || part.ranges.length !== 1) {
        const set = CodePointSet.of(part.ranges);
        return `/${pythonClass(part.negated === true ? set.complement() : set)}/`;
      }
      const [low, high] = range.map((each) => String.fromCodePoint(each));
      return low === high ? quoted(low) : `${quoted(low)}..${quoted(high)}`;
    },
    counts,
    other: (part, print) => otherThanBnf(part, print, rule, budget),
  };
}

function otherThanBnf(
  part: Expression,
  print: (part: Expression, level: number) => string,
  rule: string,
  budget: WorkBudget,
): Printed | undefined {
  switch (part.kind) {
    case "literal":
      return { text: `${quoted(part.text)}i`, level: ATOM };
    case "regex":
      return { text: pythonPattern(part, rule, budget), level: ATOM };
    case "choice":
      return { text: String.raw`/[^\s\S]/`, level: ATOM };
    case "repeat": {
      const item = print(part.item, ATOM);
      return { text: `${item}~${part.min} ${item}*`, level: SEQUENCE };
    }
    case "except": {
      const item = shortestItem(part);
      if (item?.kind === "regex" && isLazyPattern(part))
        return { text: pythonPattern(item, rule, budget), level: ATOM };
      const without = `~${print(part.without, ATOM)}`;
      // "&" binds less tightly than a sequence, and more tightly than "|".
      return isAnything(part.item)
        ? { text: without, level: ITEM }
        : { text: `(${print(part.item, SEQUENCE)} & ${without})`, level: ATOM };
    }
    case "intersect":
      return { text: `(${print(part.item, SEQUENCE)} & ${print(part.and, SEQUENCE)})`, level: ATOM };
    case "token":
      return larkToken(part);
    case "embedded":
      if (part.language !== "json-schema") return undefined;
      return { text: `%json ${schemaText(part.content, rule)}`, level: ATOM };
    default:
      return undefined;
  }
}

function larkToken({ token, negated }: Expression & { readonly kind: "token" }): Printed | undefined {
  if (typeof token === "number") return { text: negated === true ? `<[^${token}]>` : `<[${token}]>`, level: ATOM };
  return negated === true || !/^<[^<>\s]+>$/.test(token) || token.startsWith("<[")
    ? undefined
    : { text: token, level: ATOM };
}

function schemaText(content: unknown, rule: string): string {
  if (typeof content === "boolean") return content ? "{}" : '{"not":{}}';
  if (typeof content === "object" && content !== null) return JSON.stringify(content);
  throw new UnsupportedError({ message: `The schema of the rule ${rule} is not JSON.`, place: `rule ${rule}` });
}

/** Lark counts with `~`; it has no words for "at least two". */
function counts({ item, min, max }: RepeatExpression): string | undefined {
  if (max === undefined) return min === 0 ? "*" : min === 1 ? "+" : undefined;
  if (min === 0 && max === 1) return "?";
  // A count behind a count would be read as one.
  const space = item.kind === "repeat" ? " " : "";
  return min === max ? `${space}~${min}` : `${space}~${min}..${max}`;
}

/** The expression whose shortest texts one stands for, as Lark's reader makes them. */
function shortestItem(expression: Expression): Expression | undefined {
  if (expression.kind !== "except" || expression.without.kind !== "sequence") return undefined;
  const { items } = expression.without;
  const last = items.at(-1);
  if (last?.kind !== "repeat" || last.min !== 1 || last.max !== undefined || !isAny(last.item)) return undefined;
  const own = expression.item.kind === "sequence" ? expression.item.items : [expression.item];
  return sameExpressions(own, items.slice(0, -1)) ? expression.item : undefined;
}

/** Whether a pattern alone would be read as the shortest texts. */
function isLazyPattern(expression: Expression): boolean {
  const item = shortestItem(expression);
  if (item?.kind !== "regex") return false;
  const read = expressionOfPattern({ ...item, analysis: analysePattern(item.source, item.flags) });
  return read.kind === "except";
}

function sameExpressions(a: readonly Expression[], b: readonly Expression[]): boolean {
  return a.length === b.length && a.every((each, index) => each === b[index] || textOf(each) === textOf(b[index]));
}

function textOf(expression: Expression): string {
  return JSON.stringify(expression, (key, value: unknown) => (key === "place" ? undefined : value));
}

function isAny(expression: Expression): boolean {
  return expression.kind === "characters" && expression.negated === true && expression.ranges.length === 0;
}

function isAnything(expression: Expression): boolean {
  return expression.kind === "repeat" && expression.min === 0 && expression.max === undefined && isAny(expression.item);
}

function quoted(text: string): string {
  return `"${[...text].map((each) => spellCharacter(each.codePointAt(0) as number, '"\\', (special) => `\\${special}`)).join("")}"`;
}

function spellName({ name, isTerminal }: GrammarRule): string {
  const words = name.replaceAll(/[^A-Za-z0-9_]+/g, "_");
  if (isTerminal === true) return /^_*[A-Za-z]/.test(words) ? words.toUpperCase() : `T${words.toUpperCase()}`;
  return /^_*[A-Za-z]/.test(words) ? words.toLowerCase() : `r${words.toLowerCase()}`;
}
