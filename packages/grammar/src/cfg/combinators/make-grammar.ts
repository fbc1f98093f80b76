import { WorkBudget } from "../../budget/work-budget.ts";
import { InvalidInputError } from "../../errors/invalid-input-error.ts";
import type { Expression, Grammar, GrammarRule, ReferenceExpression } from "../grammar.ts";
import { collectReferences } from "../regular-parts.ts";
import { expressionOf, type Part } from "./combinators.ts";
import { isRuleExpression, type RuleExpression } from "./rule-expression.ts";

export interface MakeGrammarOptions {
  /** Rules that are referred to by name alone. @defaultValue none */
  readonly rules?: Readonly<Record<string, Part>> | undefined;
  /** Expressions that may be visited. @defaultValue 10,000,000 */
  readonly maxWork?: number | undefined;
}

/**
 * The grammar of an expression, with all rules that it leads to.
 *
 * ```ts
 * const value = rule("value", () => choice(regex(/\d+/u), sequence("(", value, ")")));
 * const nested = grammar(value);
 * ```
 * @throws InvalidInputError when two different rules have one name
 */
export function grammar(start: Part, options: MakeGrammarOptions = {}): Grammar {
  const budget = new WorkBudget({ name: "maxWork", limit: options.maxWork ?? 10_000_000 });
  const rules = new Map<string, GrammarRule>();
  const origins = new Map<string, RuleExpression>();
  const pending: Expression[] = [];
  const add = (name: string, expression: Expression): void => {
    rules.set(name, { name, expression });
    pending.push(expression);
  };
  const root = expressionOf(start);
  const name = root.kind === "reference" ? root.rule : freeName("start", options.rules ?? {});
  if (root.kind === "reference") pending.push(root);
  else add(name, root);
  for (const [given, part] of Object.entries(options.rules ?? {})) add(given, expressionOf(part));
  for (let expression = pending.pop(); expression !== undefined; expression = pending.pop()) {
    const references: ReferenceExpression[] = [];
    collectReferences(expression, references, budget);
    for (const reference of references) {
      if (!isRuleExpression(reference)) continue;
      const known = origins.get(reference.rule);
      if (known === undefined && !rules.has(reference.rule)) {
        origins.set(reference.rule, reference);
        add(reference.rule, reference.define());
      } else if (known?.define !== reference.define) {
        throw new InvalidInputError({
          message: `Two different rules have the name "${reference.rule}".`,
          place: `rule ${reference.rule}`,
        });
      }
    }
  }
  return { start: name, rules };
}

function freeName(name: string, taken: Readonly<Record<string, unknown>>): string {
  return Object.hasOwn(taken, name) ? freeName(`${name}_`, taken) : name;
}
