import {
  choice,
  embedded,
  EspalierError,
  type Expression,
  freeTextWithout,
  type Grammar,
  grammar,
  repeat,
  sequence,
  UnsatisfiableError,
} from "@espalier/grammar";
import { JsonSchema, type JsonSchemaOptions } from "@espalier/schema";
import { textNotBeginning, textThrough } from "../output/free-text.ts";
import { triggered } from "../output/triggered.ts";
import { callMarks, callTemplate } from "./call-template.ts";
import type { KnownTool } from "./known-tools.ts";
import type { ToolCallFormat } from "./tool-call-format.ts";

export interface ToolCallLanguage {
  readonly format: ToolCallFormat;
  /** Those that may be called. */
  readonly tools: readonly KnownTool[];
  /** Whether free text may stand before, between and behind calls, as far as the format has it. */
  readonly hasText: boolean;
  readonly hasCalls: boolean;
  /** Whether there may be several. */
  readonly isParallel: boolean;
  readonly schemaOptions: JsonSchemaOptions;
}

/** The grammar of texts with calls. Each tool's arguments are a document of their own. @internal */
export function toolCallGrammar(language: ToolCallLanguage): Grammar {
  return grammar(languageOf(language));
}

function languageOf(language: ToolCallLanguage): Expression {
  const { format, hasText, hasCalls, isParallel } = language;
  const { placement, begin, betweenBlocks = "" } = format;
  const marks = callMarks(format);
  const text = placement === "whole" ? textNotBeginning(marks) : freeTextWithout(marks);
  if (!hasCalls) return text;

  const block = blockOf(language);
  // Where a block holds several calls, all of them are in one.
  const hasMore = isParallel && format.between === undefined;
  const rest = hasMore ? sequence(block, repeat(sequence(betweenBlocks, choice(...begin), block))) : block;
  if (!hasText) return sequence(choice(...begin), rest);
  switch (placement) {
    case "whole":
      return choice(text, sequence(choice(...begin), rest));
    case "last":
      return choice(text, ...begin.map((each) => sequence(textThrough(each, begin), rest)));
    case "anywhere": {
      const triggers = begin.map((each) => ({ begin: each, content: block }));
      return triggered({ triggers, stopAfterFirst: !isParallel });
    }
  }
}

/** What follows the begin of a block. */
function blockOf({ format, tools, isParallel, schemaOptions }: ToolCallLanguage): Expression {
  const { open = "", between, end } = format;
  const { beforeName, beforeArguments, after } = callTemplate(format);
  const call = choice(
    ...tools.map((tool) =>
      sequence(`${beforeName}${tool.name}${beforeArguments}`, argumentsOf(tool, schemaOptions), after),
    ),
  );
  const calls = isParallel && between !== undefined ? repeat(call, { min: 1, separator: between }) : call;
  return sequence(open, calls, end);
}

function argumentsOf(tool: KnownTool, options: JsonSchemaOptions): Expression {
  const { automaton, isSatisfiable } = compiled(tool, options);
  if (isSatisfiable) return embedded(automaton, `arguments of ${tool.name}`);
  throw new UnsatisfiableError({
    message: `The tool "${tool.name}" can never be called: no JSON value satisfies its schema.`,
    place: tool.name,
    hint: "Look for contradictions: bounds that cross, an empty enum, required properties that cannot be met.",
  });
}

function compiled(tool: KnownTool, options: JsonSchemaOptions): JsonSchema {
  try {
    return new JsonSchema(tool.jsonSchema, options);
  } catch (error) {
    // The error's own class and fields stay; only where it comes from is added.
    if (EspalierError.isInstance(error)) error.message = `In the schema of the tool "${tool.name}": ${error.message}`;
    throw error;
  }
}
