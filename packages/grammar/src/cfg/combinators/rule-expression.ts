import type { Expression, ReferenceExpression } from "../grammar.ts";

/** A reference that knows what it refers to: {@link grammar} collects such rules. */
export interface RuleExpression extends ReferenceExpression {
  readonly define: () => Expression;
}

export function namedRule(name: string, define: () => Expression): RuleExpression {
  return { kind: "reference", rule: name, define };
}

export function isRuleExpression(expression: ReferenceExpression): expression is RuleExpression {
  return "define" in expression;
}
