import { InvalidInputError, UnsupportedError } from "@espalier/grammar";
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import { standardValidator } from "./standard-validator.ts";
import { isTypeBox, typeBoxJsonSchema, typeBoxValidator } from "./typebox.ts";

/** Turns the parsed output into the result's value. */
export type Validator = (value: unknown, text: string) => unknown;

export interface SchemaInput {
  readonly jsonSchema: unknown;
  readonly validate: Validator;
}

/**
 * What a caller gave for a schema, as JSON Schema and a validator to run last.
 * @throws InvalidInputError when it is a Standard Schema that does not tell its JSON Schema
 * @throws UnsupportedError when its library cannot express it as JSON Schema
 * @internal
 */
export function readSchemaInput(schema: unknown, jsonSchema: unknown): SchemaInput {
  if (isStandard(schema)) {
    return {
      jsonSchema: jsonSchema ?? standardJsonSchema(schema),
      validate: standardValidator(schema),
    };
  }
  if (isTypeBox(schema)) {
    return { jsonSchema: jsonSchema ?? typeBoxJsonSchema(schema), validate: typeBoxValidator(schema) };
  }
  return { jsonSchema: jsonSchema ?? schema, validate: (value) => value };
}

function isStandard(schema: unknown): schema is StandardSchemaV1 {
  // ArkType's schemas are functions.
  if (schema === null || (typeof schema !== "object" && typeof schema !== "function")) return false;
  const props = (schema as Partial<StandardSchemaV1>)["~standard"];
  return typeof props === "object" && typeof props.validate === "function";
}

function standardJsonSchema(schema: StandardSchemaV1): unknown {
  const { vendor, jsonSchema } = schema["~standard"] as StandardSchemaV1.Props & Partial<StandardJSONSchemaV1.Props>;
  if (jsonSchema === undefined) {
    throw new InvalidInputError({
      message: `The schema of ${vendor} does not tell its JSON Schema (Standard JSON Schema).`,
      place: "schema",
      hint:
        vendor === "zod"
          ? 'Update zod to 4.2 or later, or pass json(schema, { jsonSchema: z.toJSONSchema(schema, { io: "input" }) }).'
          : "Pass it: json(schema, { jsonSchema }).",
    });
  }
  try {
    return jsonSchema.input({ target: "draft-2020-12" });
  } catch (cause) {
    throw new UnsupportedError({
      message: `${vendor} cannot express the schema as JSON Schema: ${cause instanceof Error ? cause.message : String(cause)}`,
      place: "schema",
      hint: "Describe the input as JSON has it (a date as a string, say) and transform it.",
      cause,
    });
  }
}
