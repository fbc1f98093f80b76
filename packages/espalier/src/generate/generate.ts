import type { GenerateOptions } from "./generate-options.ts";
import type { GenerateResult } from "./generate-result.ts";
import { stream } from "./stream.ts";

/**
 * Writes what `output` asks for with a language model, and resolves to its typed value. What is constrained can not be
 * invalid, and is complete within `maxTokens`.
 *
 * The compiled constraint is kept for further calls with the same model and an equal output.
 *
 * @example
 * const { value } = await generate({
 *   model: await loadModel(),
 *   prompt: "Ada Lovelace, 36, lives in London",
 *   output: json({
 *     type: "object",
 *     properties: { name: { type: "string" }, age: { type: "integer" } },
 *     required: ["name", "age"],
 *   }),
 * });
 * value.age; // a number
 *
 * @throws InvalidInputError for options out of range, and a schema or pattern that is none
 * @throws UnsupportedError for what cannot be enforced
 * @throws UnsatisfiableError when nothing satisfies the constraint, or the model's vocabulary cannot spell it
 * @throws LimitExceededError when the output or the prompt does not fit `maxTokens` or the context, before the first
 *   model call; and at the limits of compiling
 * @throws ModelError when the model fails or gives NaN
 * @throws OutputRejectedError when the schema library's own validator refuses the value
 * @throws AbortedError when the signal has fired
 */
export async function generate<Value>(options: GenerateOptions<Value>): Promise<GenerateResult<Value>> {
  for await (const event of stream(options)) {
    if (event.type === "finish") return event.result;
  }
  throw new Error("A stream ended without its finish event.");
}
