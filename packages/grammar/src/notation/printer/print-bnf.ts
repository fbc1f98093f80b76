import type { CharactersExpression, Expression, Grammar } from "../../cfg/grammar.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";
import { notationBudget } from "../notation-budget.ts";
import { withinStack } from "../within-stack.ts";
import { numbered, spellCharacter } from "./character-escapes.ts";
import { ATOM, braceCounts, type Dialect, ITEM, type Printed, printExpression } from "./expression-printer.ts";
import type { PrintOptions } from "./print-options.ts";
import { expressionOfCaseless, expressionOfRegex } from "./regex-expression.ts";
import { ruleNames } from "./rule-names.ts";
import { withoutLexing } from "../without-lexing.ts";

/** What GBNF and the EBNF of the W3C differ in. */
export interface BnfDialect {
  readonly title: string;
  /** Any character. */
  readonly any: string;
  /** Differences and tokens. */
  readonly other: (expression: Expression, print: (part: Expression, level: number) => string) => Printed | undefined;
}

/**
 * Prints a grammar with `root ::= …`.
 * @throws UnsupportedError for what the notation has no words for, naming it and the rule
 */
export function printBnf(grammar: Grammar, { title, any, other }: BnfDialect, options: PrintOptions): string {
  const budget = notationBudget(options);
  if (grammar.lexing !== undefined && options.lexing !== "scannerless") {
    throw new UnsupportedError({
      message: `${title} has no lexing: it cannot say that the longest terminal is taken${
        grammar.lexing.ignored.length === 0
          ? ""
          : ` and that ${grammar.lexing.ignored.join(", ")} may stand between terminals`
      }.`,
      hint: 'The option lexing: "scannerless" writes down what comes nearest; it allows more texts.',
    });
  }
  const printable = withoutLexing(grammar);
  const names = ruleNames(printable, ({ name }) => spellName(name), "root");
  const dialect = (rule: string): Dialect => ({
    title,
    empty: '""',
    name: (name) => names.get(name) ?? spellName(name),
    literal: (text) => `"${[...text].map((each) => spell(each, '"\\')).join("")}"`,
    characters: (expression) => characters(expression, any),
    counts: braceCounts,
    other: (expression, print) => {
      const simpler =
        expression.kind === "regex"
          ? expressionOfRegex(expression, rule, budget)
          : expression.kind === "literal"
            ? expressionOfCaseless(expression.text)
            : undefined;
      if (simpler !== undefined) return { text: print(simpler, ITEM), level: simpler.kind === "repeat" ? ITEM : ATOM };
      return other(expression, print);
    },
  });
  return withinStack(() => {
    const lines: string[] = [];
    const start = names.get(printable.start) ?? printable.start;
    if (start !== "root") lines.push(`root ::= ${start}`);
    for (const rule of printable.rules.values()) {
      const body = printExpression(rule.expression, rule.name, dialect(rule.name), budget);
      lines.push(
        line(`${names.get(rule.name)} ::=`, rule.expression, body, (part) => {
          const text = printExpression(part, rule.name, dialect(rule.name), budget);
          return part.kind === "choice" ? `(${text})` : text;
        }),
      );
    }
    return `${lines.join("\n")}\n`;
  });
}

/** A long choice goes on behind each `|` on a new line, which both notations allow. */
function line(head: string, expression: Expression, body: string, print: (part: Expression) => string): string {
  if (expression.kind !== "choice" || head.length + body.length < 100) return `${head} ${body}`;
  return `${head}\n  ${expression.alternatives.map(print).join(" |\n  ")}`;
}

function spell(character: string, special: string): string {
  return spellCharacter(character.codePointAt(0) as number, special, (each) => `\\${each}`);
}

function characters({ ranges, negated }: CharactersExpression, any: string): string {
  if (ranges.length === 0) {
    if (negated === true) return any;
    throw new UnsupportedError({ message: "A class without characters cannot be written; no text matches it." });
  }
  const spelled = ranges.map(([low, high]) => {
    const [from, to] = [low, high].map((each) =>
      spellCharacter(each, "\\[]^-", (special) => ("^-".includes(special) ? numbered(each) : `\\${special}`)),
    );
    return low === high ? from : high === low + 1 ? from + to : `${from}-${to}`;
  });
  return `[${negated === true ? "^" : ""}${spelled.join("")}]`;
}

/** Letters, digits, dashes and underscores, a letter first. */
function spellName(name: string): string {
  const spelled = name.replaceAll(/[^A-Za-z0-9_-]+/g, "-");
  return /^[A-Za-z_]/.test(spelled) ? spelled : `r${spelled}`;
}
