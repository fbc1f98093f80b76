import {
  type EmbeddedExpression,
  EspalierError,
  type Expression,
  type Grammar,
  type GrammarRule,
  InvalidInputError,
  mapParts,
  partsOf,
} from "@espalier/grammar";
import { jsonSchema, type JsonSchemaExpressionOptions } from "./json-schema-expression.ts";

/** What notations call this language (`%json {…}` in Lark). */
const LANGUAGE = "json-schema";

/**
 * The grammar with its embedded JSON Schemas compiled, each as a document of its own. Other embedded languages stay as they are.
 * O(size of the grammar) but for compiling the schemas.
 *
 * @throws InvalidInputError for what is no schema; UnsupportedError, LimitExceededError and AbortedError as
 * `JsonSchema` does. Messages name the rule.
 */
export function resolveJsonSchemas(grammar: Grammar, options: JsonSchemaExpressionOptions = {}): Grammar {
  let isChanged = false;
  const rules = new Map<string, GrammarRule>();
  for (const [name, rule] of grammar.rules) {
    const change = (expression: Expression): Expression => {
      if (expression.kind !== "embedded" || expression.language !== LANGUAGE) return mapParts(expression, change);
      isChanged = true;
      return compiled(expression, name, options);
    };
    const expression = holdsSchema(rule.expression) ? change(rule.expression) : rule.expression;
    rules.set(name, expression === rule.expression ? rule : { ...rule, expression });
  }
  return isChanged ? { ...grammar, rules } : grammar;
}

/** Without recursion: rules are as deep as their authors made them. */
function holdsSchema(expression: Expression): boolean {
  const pending = [expression];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    if (part.kind === "embedded" && part.language === LANGUAGE) return true;
    for (const inner of partsOf(part)) pending.push(inner);
  }
  return false;
}

function compiled(embedded: EmbeddedExpression, rule: string, options: JsonSchemaExpressionOptions): Expression {
  try {
    return jsonSchema(embedded.content, options);
  } catch (cause) {
    if (!EspalierError.isInstance(cause) || cause.code !== "invalid-input") throw cause;
    const where = embedded.place === undefined ? "" : `, line ${embedded.place.line}, column ${embedded.place.column}`;
    throw new InvalidInputError({
      message: `The JSON Schema in the rule "${rule}"${where}, is none: ${cause.message}`,
      place: cause.place,
      hint: cause.hint,
      cause,
    });
  }
}
