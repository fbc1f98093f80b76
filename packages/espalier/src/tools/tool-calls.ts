import { createHash } from "node:crypto";
import { Constraint, GrammarLanguage, InvalidInputError } from "@espalier/grammar";
import type { JsonSchemaOptions } from "@espalier/schema";
import { OutputRejectedError } from "../errors/output-rejected-error.ts";
import type { Output } from "../output/output.ts";
import { callMarks, callTemplate } from "./call-template.ts";
import { TOOL_CALL_FORMATS, type ToolCallFormatName } from "./formats/index.ts";
import { type KnownTool, readTools } from "./known-tools.ts";
import { readToolCalls, type WrittenCall } from "./read-tool-calls.ts";
import type { ToolCallFormat } from "./tool-call-format.ts";
import { type ToolCallLanguage, toolCallGrammar } from "./tool-call-language.ts";
import { toolInstruction } from "./tool-instruction.ts";
import type { Tool, ToolCallPart } from "./tool.ts";

/**
 * - `auto`: text, calls, or both, as the format has it
 * - `required`: at least one call, and no free text
 * - `none`: free text alone, in which nothing looks like a call
 * - `{ name }`: one call of that tool, and no free text
 */
export type ToolChoice<Name extends string = string> = "auto" | "required" | "none" | { readonly name: Name };

export interface ToolCallsOptions<Tools extends readonly Tool[]> {
  readonly tools: Tools;
  /** How calls are written: the name of a family's format, or a format of your own. @defaultValue "json" */
  readonly format?: ToolCallFormatName | ToolCallFormat | undefined;
  /** @defaultValue "auto" */
  readonly toolChoice?: ToolChoice<Tools[number]["name"]> | undefined;
  /** Whether there may be several calls; otherwise the text ends behind the first one. @defaultValue true */
  readonly parallel?: boolean | undefined;
  /** For the JSON of the arguments. @defaultValue as `json` has it */
  readonly schemaOptions?: Omit<JsonSchemaOptions, "signal"> | undefined;
}

/**
 * Text with calls of tools, in the form that a family of models writes them in. The value is what was written, in order: texts, and
 * calls whose arguments satisfy the schema of their tool. The tools' own validators run last.
 *
 * Each schema is a document of its own: `#/$defs/…` in it is found in it. In free text, whatever begins like a call is one.
 *
 * Throws InvalidInputError at once for tools, formats and choices that are none. Compiling throws what `json` does, and names the
 * tool; UnsatisfiableError also for a tool that could never be called.
 *
 * @example
 * const { value } = await generate({
 *   model,
 *   prompt: "Is it cold in Oslo?",
 *   output: toolCalls({
 *     tools: [{ name: "get_weather", parameters: { type: "object", properties: { city: { type: "string" } } } }],
 *     format: "hermes",
 *   }),
 * });
 * for (const part of value) if (part.type === "call") console.log(part.name, part.arguments.city);
 */
export function toolCalls<const Tools extends readonly Tool[]>(
  options: ToolCallsOptions<Tools>,
): Output<ToolCallPart<Tools>[], never> {
  const { toolChoice = "auto", parallel = true } = options;
  const format = formatOf(options.format ?? "json");
  const tools = readTools(options.tools);
  const called = calledTools(tools, toolChoice);
  const schemaOptions: JsonSchemaOptions = { escapes: "minimal", ...options.schemaOptions };
  const language: ToolCallLanguage = {
    format,
    tools: called,
    hasText: toolChoice === "auto" || toolChoice === "none",
    hasCalls: toolChoice !== "none",
    isParallel: parallel && typeof toolChoice === "string",
    schemaOptions,
  };
  return {
    kind: "tools",
    cacheKey: keyOf(language),
    instruction: () => (toolChoice === "none" ? undefined : toolInstruction(language)),
    compile: (modelVocabulary, signal) => {
      const vocabulary = modelVocabulary.spelling(format.specialTokens ?? []);
      return new Constraint({
        automaton: compiled(language, signal).automaton,
        vocabulary,
        subject: `the calls in the format "${format.name}"`,
        renew: () => compiled(language).automaton,
      });
    },
    finish: async (text) => {
      const parts: unknown[] = [];
      for (const part of readToolCalls(text, format)) {
        parts.push(part.type === "text" ? part : await validated(part, tools, text));
      }
      return parts as ToolCallPart<Tools>[];
    },
  };
}

function compiled(language: ToolCallLanguage, signal?: AbortSignal): GrammarLanguage {
  const schemaOptions = { ...language.schemaOptions, signal };
  return new GrammarLanguage(toolCallGrammar({ ...language, schemaOptions }), { signal });
}

function formatOf(format: ToolCallFormatName | ToolCallFormat): ToolCallFormat {
  const found = typeof format === "string" ? (TOOL_CALL_FORMATS as Record<string, ToolCallFormat>)[format] : format;
  if (found === undefined) {
    throw new InvalidInputError({
      message: `There is no format ${JSON.stringify(format)} for calls of tools.`,
      place: "format",
      hint: `There are: ${Object.keys(TOOL_CALL_FORMATS).join(", ")}.`,
    });
  }
  callTemplate(found);
  callMarks(found);
  return found;
}

function calledTools(tools: readonly KnownTool[], choice: ToolChoice): readonly KnownTool[] {
  if (typeof choice === "string") {
    if (choice === "auto" || choice === "required" || choice === "none") return tools;
    throw new InvalidInputError({
      message: `The choice of a tool must be "auto", "required", "none" or { name }, not ${JSON.stringify(choice)}.`,
      place: "toolChoice",
    });
  }
  const chosen = tools.filter(({ name }) => name === choice.name);
  if (chosen.length > 0) return chosen;
  throw new InvalidInputError({
    message: `There is no tool with the name ${JSON.stringify(choice.name)} to choose.`,
    place: "toolChoice.name",
    hint: `There are: ${tools.map(({ name }) => name).join(", ")}.`,
  });
}

async function validated(call: WrittenCall, tools: readonly KnownTool[], text: string): Promise<unknown> {
  const { type, name, json } = call;
  const tool = tools.find((each) => each.name === name);
  if (tool === undefined) {
    throw new InvalidInputError({ message: `The text calls ${JSON.stringify(name)}, which is no tool.`, place: name });
  }
  try {
    return { type, name, arguments: await tool.validate(JSON.parse(json), json) };
  } catch (cause) {
    if (!(cause instanceof OutputRejectedError)) throw cause;
    throw new OutputRejectedError({
      message: `In the call of "${name}": ${cause.message}`,
      place: cause.place,
      hint: cause.hint,
      issues: cause.issues,
      text,
      cause,
    });
  }
}

/** Equal keys, equal constraints; `undefined` when a schema's meaning depends on more than its text. */
function keyOf(language: ToolCallLanguage): string | undefined {
  if (language.schemaOptions.resolve !== undefined) return undefined;
  const tools = language.tools.map(({ name, jsonSchema }) => [name, jsonSchema]);
  try {
    const content = JSON.stringify({ ...language, tools });
    return `tools ${createHash("sha256").update(content).digest("base64url")}`;
  } catch {
    // Circular, or too deep: compiling refuses it, and says why.
    return undefined;
  }
}
