import type { WorkBudget } from "../../budget/work-budget.ts";
import type { CharactersExpression, Expression, RepeatExpression } from "../../cfg/grammar.ts";
import { UnsupportedError } from "../../errors/unsupported-error.ts";

/** How tightly what is printed holds together; a context asks for a level, and parentheses give the highest. */
export const CHOICE = 0;
export const SEQUENCE = 1;
export const ITEM = 2;
export const ATOM = 3;

export interface Printed {
  readonly text: string;
  readonly level: number;
}

/** What notations differ in. */
export interface Dialect {
  /** Such as "GBNF", for errors. */
  readonly title: string;
  readonly empty: string;
  readonly name: (rule: string) => string;
  readonly literal: (text: string) => string;
  readonly characters: (expression: CharactersExpression) => string;
  /** The counts behind an item: `*`, `{2,3}`. Nothing where {@link other} is to find the words. */
  readonly counts: (repeat: RepeatExpression) => string | undefined;
  /** Everything else; nothing where the notation has no words for it. */
  readonly other: (expression: Expression, print: (part: Expression, level: number) => string) => Printed | undefined;
}

const KINDS: Readonly<Record<Expression["kind"], string>> = {
  empty: "The empty text",
  literal: "A literal",
  characters: "Characters",
  regex: "A pattern",
  reference: "A reference",
  sequence: "A sequence",
  choice: "The empty language",
  repeat: "A repeat",
  except: "A difference",
  intersect: "An intersection",
  token: "A token",
  embedded: "A language of another kind (such as %json)",
  automaton: "An automaton",
};

/** Prints the expression of one rule. @throws UnsupportedError for what the notation has no words for */
export function printExpression(expression: Expression, rule: string, dialect: Dialect, budget: WorkBudget): string {
  const print = (part: Expression, level: number): string => {
    budget.spend();
    const { text, level: own } = printed(part);
    budget.spend(text.length >>> 6);
    return own < level ? `(${text})` : text;
  };
  const printed = (part: Expression): Printed => {
    switch (part.kind) {
      case "empty":
        return { text: dialect.empty, level: ATOM };
      case "literal":
        if (part.ignoreCase !== true) return { text: dialect.literal(part.text), level: ATOM };
        break;
      case "characters":
        return { text: dialect.characters(part), level: ATOM };
      case "reference":
        return { text: dialect.name(part.rule), level: ATOM };
      case "sequence":
        return { text: part.items.map((each) => print(each, ITEM)).join(" "), level: SEQUENCE };
      case "choice":
        if (part.alternatives.length === 0) break;
        return { text: part.alternatives.map((each) => print(each, SEQUENCE)).join(" | "), level: CHOICE };
      case "repeat": {
        const counts = dialect.counts(part);
        if (counts === undefined) break;
        return { text: print(part.item, ATOM) + counts, level: ITEM };
      }
      default:
    }
    const other = dialect.other(part, print);
    if (other !== undefined) return other;
    throw new UnsupportedError({
      message: `${KINDS[part.kind]} cannot be written in ${dialect.title}; the rule ${rule} has one.`,
      place: `rule ${rule}`,
    });
  };
  return print(expression, CHOICE);
}

/** `?`, `*`, `+`, `{2}`, `{2,}`, `{2,3}`. */
export function braceCounts({ min, max }: RepeatExpression): string {
  if (max === undefined) return min === 0 ? "*" : min === 1 ? "+" : `{${min},}`;
  if (min === 0 && max === 1) return "?";
  return min === max ? `{${min}}` : `{${min},${max}}`;
}
