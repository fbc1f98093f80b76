import type { AutomatonExpression } from "@espalier/grammar";
import { JsonSchema, type JsonSchemaOptions } from "../json-schema.ts";

export interface JsonSchemaExpressionOptions extends JsonSchemaOptions {
  /** What diagrams and messages call it. @defaultValue "JSON" */
  readonly description?: string | undefined;
}

/**
 * JSON text that a schema accepts, as a part of a grammar. The schema is a document of its own: `#` in it is the schema, whatever
 * stands around it.
 *
 * Compiles at once. The text has no white space before and after it. A number goes on as long as it can: digits that follow it
 * are part of it.
 *
 * @throws as the constructor of {@link JsonSchema} does
 */
export function jsonSchema(schema: unknown, options: JsonSchemaExpressionOptions = {}): AutomatonExpression {
  const { description = "JSON", ...others } = options;
  return { kind: "automaton", automaton: new JsonSchema(schema, others).automaton, description };
}
