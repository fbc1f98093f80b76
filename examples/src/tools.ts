// Calls of tools in the forms that model families write them in, each with its own schema; the tools are called for real.
import { generate, loadModel, TOOL_CALL_FORMATS, toolCalls, type ToolCallFormatName } from "espalier";
import { z } from "zod";
import { bold, cyan, dim, section } from "./support/terminal.ts";

// As a server of the Model Context Protocol lists it, and one of zod.
const orderStatus = {
  name: "order_status",
  description: "Where an order is.",
  inputSchema: {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { order: { $ref: "#/definitions/id" } },
    required: ["order"],
    additionalProperties: false,
    definitions: { id: { type: "string", pattern: "^[A-Z]{2}-[0-9]{4}$" } },
  },
} as const;
const addContact = {
  name: "add_contact",
  description: "Adds somebody to the address book.",
  parameters: z.strictObject({ name: z.string().max(40), age: z.int().min(0).max(150).optional() }),
} as const;
const tools = [orderStatus, addContact] as const;

const model = await loadModel();
const prompt = "Ada Lovelace, 36, wants to know where her order AB-1234 is.";

section("The prompt", prompt);
for (const format of Object.keys(TOOL_CALL_FORMATS) as ToolCallFormatName[]) {
  const output = toolCalls({ tools, format, toolChoice: "required" });
  const { text, value } = await generate({ model, prompt, output, maxTokens: 150, promptHelper: false });
  const lines = [dim(text)];
  for (const part of value) {
    if (part.type === "text") continue;
    // The name tells the type of the arguments.
    const result =
      part.name === "order_status"
        ? `${part.arguments.order} is on its way.`
        : `Added ${part.arguments.name}, ${part.arguments.age ?? "of unknown age"}.`;
    lines.push(`${cyan(part.name)} → ${result}`);
  }
  section(bold(format), lines.join("\n"));
}

const chosen = toolCalls({ tools, toolChoice: { name: "order_status" } });
const { value } = await generate({ model, prompt, output: chosen, promptHelper: false });
section("One named tool", JSON.stringify(value));
await model.dispose();
