import { createHash } from "node:crypto";
import { InvalidInputError } from "@espalier/grammar";
import { contentLanguagesKey, JsonSchema, type JsonSchemaOptions } from "@espalier/schema";
import type { StandardJSONSchemaV1, StandardSchemaV1 } from "@standard-schema/spec";
import type { Draft } from "../typed/draft.ts";
import type { FromSchema } from "../typed/from-schema.ts";
import { readSchemaInput } from "./schema-input.ts";
import type { Output } from "./output.ts";
import { signature } from "../prompt/signature.ts";

/** A schema of a library that follows Standard Schema and Standard JSON Schema: zod 4.2, ArkType and others. */
export type StandardSchema = StandardSchemaV1 | (StandardSchemaV1 & StandardJSONSchemaV1);

export interface JsonOptions extends Omit<JsonSchemaOptions, "signal" | "escapes"> {
  /**
   * Which escapes strings may use. The default lets the model spell a key or a word in one way only, so that what is forced
   * need not be asked for.
   * @defaultValue "minimal"
   */
  readonly escapes?: JsonSchemaOptions["escapes"];
  /**
   * The JSON Schema of a Standard Schema that cannot tell it itself; it describes the validator's *input*.
   * @defaultValue what `~standard.jsonSchema.input` gives
   */
  readonly jsonSchema?: unknown;
}

/** What {@link json} returns: an output that also tells its schema. */
export interface JsonOutput<Value, Partial = unknown> extends Output<Value, Partial> {
  readonly kind: "json";
  /** The JSON Schema that is enforced. */
  readonly schema: unknown;
}

/**
 * JSON text that a schema accepts; the result is the parsed value.
 *
 * `schema` is plain JSON Schema (any draft; the result's type comes from the literal), a TypeBox type, or a schema of zod 4 or
 * another library with Standard Schema and Standard JSON Schema. The library's own validator runs last: defaults are filled
 * in, transforms run, and refinements that JSON Schema cannot say may still refuse the value (OutputRejectedError).
 *
 * Integers beyond 2^53 lose digits in the value, as with `JSON.parse`; the result's `text` has them all.
 *
 * @throws InvalidInputError when the schema is circular, or of a library that does not tell its JSON Schema
 * @throws UnsupportedError when the library cannot express it as JSON Schema
 *
 * Compiling throws InvalidInputError when it is no schema, UnsupportedError for what cannot be enforced, UnsatisfiableError
 * when no value satisfies it, LimitExceededError at `maxDepth` and `maxWork`; each with the JSON Pointer of what is wrong.
 *
 * @example
 * output: json({ type: "object", properties: { name: { type: "string" } }, required: ["name"] })
 * output: json(z.object({ name: z.string() }))
 */
export function json<Schema extends StandardSchema>(
  schema: Schema,
  options?: JsonOptions,
): JsonOutput<StandardSchemaV1.InferOutput<Schema>, Draft<StandardSchemaV1.InferInput<Schema>>>;
export function json<const Schema>(
  schema: Schema,
  options?: JsonOptions,
): JsonOutput<FromSchema<Schema>, Draft<FromSchema<Schema>>>;
export function json(schema: unknown, options: JsonOptions = {}): JsonOutput<unknown> {
  const { jsonSchema, escapes = "minimal", ...others } = options;
  const schemaOptions = { ...others, escapes };
  const input = readSchemaInput(schema, jsonSchema);
  return {
    kind: "json",
    schema: input.jsonSchema,
    cacheKey: keyOf(input.jsonSchema, schemaOptions),
    instruction: () => `Answer as JSON: ${signature(input.jsonSchema)}`,
    compile: (vocabulary, signal) =>
      new JsonSchema(input.jsonSchema, { ...schemaOptions, signal }).constraint(vocabulary),
    finish: async (text) => await input.validate(JSON.parse(text), text),
  };
}

/**
 * Equal keys, equal constraints; `undefined` when the schema's meaning depends on more than its text.
 * @throws InvalidInputError when it cannot be JSON: a circle, a bigint
 */
function keyOf(schema: unknown, options: Omit<JsonOptions, "jsonSchema">): string | undefined {
  if (options.resolve !== undefined) return undefined;
  try {
    const { contents, ...others } = options;
    const content = JSON.stringify([schema, others, contentLanguagesKey(contents)]);
    return `json ${createHash("sha256").update(content).digest("base64url")}`;
  } catch (cause) {
    // Too deep for the stack: compiling refuses it, and names the limit.
    if (cause instanceof RangeError) return undefined;
    throw new InvalidInputError({
      message: `The schema is not JSON: ${(cause as Error).message.split("\n")[0]}.`,
      place: "schema",
      hint: "Say with $ref what refers to itself.",
      cause,
    });
  }
}
