import { type AST, RegExpParser } from "@eslint-community/regexpp";
import type { WorkBudget } from "../budget/work-budget.ts";
import type { Expression, Grammar, GrammarRule, ReferenceExpression, RegexExpression } from "./grammar.ts";
import { collectReferences } from "./regular-parts.ts";

/** A pattern that ends in an assertion about what follows it, as a lexer has to read it. */
export interface EndAssertion {
  /** The pattern without the assertion. */
  readonly body: RegexExpression;
  /**
   * Texts of the body with what the assertion does not let follow. While one of them stands in a text, the terminal does not: the barrier is
   * the longer match, and nothing expects it.
   */
  readonly barrier: Expression;
  /** Whether something has to follow. No barrier can stand after the end of the text, where the assertion is taken to hold. */
  readonly asksForMore: boolean;
}

interface Forbidden {
  /** What must not come next, as patterns; where that depends on the last character of the body, by its kind. */
  readonly ways: readonly { readonly last?: string; readonly next: string }[];
  readonly asksForMore: boolean;
}

/**
 * The assertion that a pattern ends in, where it can be told by a longer match: `(?!…)`; `(?=…)` and `\b` about one character; `$` without the flag m.
 */
export function endAssertionOf({ source, flags }: RegexExpression): EndAssertion | undefined {
  if (!/[)bB$]$/.test(source)) return undefined;
  const alternatives = parsed(source, flags)?.alternatives ?? [];
  const last = alternatives.length === 1 ? alternatives[0].elements.at(-1) : undefined;
  if (last === undefined || alternatives[0].elements.length < 2) return undefined;
  const forbidden = forbiddenAfter(last, source);
  if (forbidden === undefined) return undefined;
  const regex = (text: string): RegexExpression => ({ kind: "regex", source: text, flags });
  const body = regex(source.slice(0, last.start));
  // The body sees its own text alone, here as in its terminal.
  const barriers = forbidden.ways.map(({ last: end, next }): Expression => {
    const some: Expression = end === undefined ? body : { kind: "intersect", item: body, and: regex(`[^]*${end}`) };
    return { kind: "sequence", items: [some, regex(next)] };
  });
  const barrier: Expression = barriers.length === 1 ? barriers[0] : { kind: "choice", alternatives: barriers };
  return { body, barrier, asksForMore: forbidden.asksForMore };
}

/** A grammar that cuts texts into terminals, with such terminals as their bodies; and the barriers, by body. */
export function withBarriers(
  grammar: Grammar,
  budget: WorkBudget,
): { readonly grammar: Grammar; readonly barriers: ReadonlyMap<Expression, Expression> } {
  const barriers = new Map<Expression, Expression>();
  const rules = new Map<string, GrammarRule>();
  const used = new Set<string>();
  for (const rule of grammar.rules.values()) {
    if (rule.isTerminal !== true || rule.expression.kind === "regex") continue;
    const references: ReferenceExpression[] = [];
    collectReferences(rule.expression, references, budget);
    for (const { rule: name } of references) used.add(name);
  }
  for (const [name, rule] of grammar.rules) {
    const { expression } = rule;
    budget.spend();
    // As a part of another terminal it would be read without the assertion.
    const found =
      rule.isTerminal === true && expression.kind === "regex" && !used.has(name)
        ? endAssertionOf(expression)
        : undefined;
    if (found === undefined) {
      rules.set(name, rule);
      continue;
    }
    barriers.set(found.body, found.barrier);
    rules.set(name, { ...rule, expression: found.body });
  }
  return barriers.size === 0 ? { grammar, barriers } : { grammar: { ...grammar, rules }, barriers };
}

/** Undefined where the element is no assertion of ours. */
function forbiddenAfter(node: AST.Element, source: string): Forbidden | undefined {
  if (node.type === "Group" && node.modifiers === null) return forbiddenAtBoundary(node, source);
  if (node.type !== "Assertion") return undefined;
  if (node.kind === "word") return atBoundary("\\w", "\\W", node.negate);
  if (node.kind === "end") return { ways: [{ next: "[^]" }], asksForMore: false };
  if (node.kind !== "lookahead") return undefined;
  const inside = source.slice(node.start + 3, node.end - 1);
  if (node.negate) return { ways: [{ next: inside }], asksForMore: false };
  const isOneCharacter = node.alternatives.every(
    ({ elements }) => elements.length === 1 && (elements[0].type === "Character" || isSet(elements[0])),
  );
  return isOneCharacter ? { ways: [{ next: `(?!${inside})[^]` }], asksForMore: true } : undefined;
}

/** At a boundary, a character of the same kind must not come next; where there must be none, one of the other kind. */
function atBoundary(word: string, other: string, negate: boolean): Forbidden {
  const ways = [
    { last: word, next: negate ? other : word },
    { last: other, next: negate ? word : other },
  ];
  // A word ends where the text does. Behind anything else, where it is the other way round, boundaries are seldom asked for.
  return { ways, asksForMore: negate };
}

function isSet(node: AST.Element): boolean {
  return node.type === "CharacterSet" || (node.type === "CharacterClass" && !("strings" in node));
}

/** Of `(?:(?<=w)(?!w)|(?<!w)(?=w))`, a word boundary with a set of its own for words, and of its opposite. */
function forbiddenAtBoundary({ alternatives }: AST.Group, source: string): Forbidden | undefined {
  if (alternatives.length !== 2) return undefined;
  const looks = alternatives.flatMap(({ elements }) =>
    elements.map((element) =>
      element.type === "Assertion" && (element.kind === "lookbehind" || element.kind === "lookahead")
        ? {
            kind: `${element.kind}${element.negate ? "!" : "="}`,
            inside: source.slice(element.start + (element.kind === "lookbehind" ? 4 : 3), element.end - 1),
          }
        : undefined,
    ),
  );
  const word = looks[0]?.inside;
  if (word === undefined || !/^\[[^\]^][^\]]*\]$/.test(word) || looks.some((look) => look?.inside !== word))
    return undefined;
  const other = `[^${word.slice(1)}`;
  switch (looks.map((look) => look?.kind).join(" ")) {
    case "lookbehind= lookahead! lookbehind! lookahead=":
      return atBoundary(word, other, false);
    case "lookbehind= lookahead= lookbehind! lookahead!":
      return atBoundary(word, other, true);
    default:
      return undefined;
  }
}

function parsed(source: string, flags: string): AST.Pattern | undefined {
  const unicodeSets = flags.includes("v");
  try {
    const parser = new RegExpParser({ ecmaVersion: 2025 });
    return parser.parsePattern(source, 0, source.length, { unicode: !unicodeSets, unicodeSets });
  } catch {
    // What is wrong with it is told when it is compiled.
    return undefined;
  }
}
