import { InvalidInputError } from "@espalier/grammar";
import { readSchemaInput, type Validator } from "../output/schema-input.ts";
import type { Tool } from "./tool.ts";

/** A tool with its schema read. */
export interface KnownTool {
  readonly name: string;
  readonly description: string | undefined;
  readonly jsonSchema: unknown;
  readonly validate: Validator;
}

const NAME = /^[\p{L}\p{N}_.:/-]+$/u;

/**
 * @throws InvalidInputError when there is no tool, a name is not one or is given twice, or a schema does not tell its JSON Schema
 * @throws UnsupportedError when a library cannot express a schema as JSON Schema
 * @internal
 */
export function readTools(tools: readonly Tool[]): readonly KnownTool[] {
  if (!Array.isArray(tools) || tools.length === 0) {
    throw new InvalidInputError({
      message: "There is no tool to call.",
      place: "tools",
      hint: 'For example: tools: [{ name: "get_weather", parameters: schema }].',
    });
  }
  const names = new Set<string>();
  return (tools as readonly Tool[]).map((tool, index) => {
    const { name, description, parameters, inputSchema } = tool;
    const place = `tools[${index}].name`;
    if (typeof name !== "string" || !NAME.test(name)) {
      throw new InvalidInputError({
        message: `The name of a tool must be made of letters, digits and _ . : / -, not ${JSON.stringify(name)}, at ${place}.`,
        place,
      });
    }
    if (names.has(name)) {
      throw new InvalidInputError({ message: `There are two tools with the name "${name}", at ${place}.`, place });
    }
    names.add(name);
    const schema = parameters ?? inputSchema ?? { type: "object", properties: {}, additionalProperties: false };
    return { name, description, ...readSchemaInput(schema, undefined) };
  });
}
