import type { WorkBudget } from "../budget/work-budget.ts";
import { checkExpression, describeValue } from "../cfg/check-expression.ts";
import type { Expression } from "../cfg/grammar.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";

/**
 * Regular expressions by name, as a program gives them in an option.
 * @throws InvalidInputError for what is none, with a place such as `declared._INDENT.items[2]`
 */
export function givenExpressions(
  option: string,
  given: Readonly<Record<string, Expression>>,
  budget: WorkBudget,
): Map<string, Expression> {
  if (typeof given !== "object" || given === null) {
    throw new InvalidInputError({
      message: `The option ${option} is no object of expressions by name, but ${describeValue(given)}.`,
      place: option,
    });
  }
  const entries = Object.entries(given);
  for (const [name, expression] of entries) {
    checkExpression(expression, `${option}.${name}`, budget, { mustBeRegular: true });
  }
  return new Map(entries);
}
