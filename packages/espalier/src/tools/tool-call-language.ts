import { EspalierError, type Expression, type Grammar, UnsatisfiableError } from "@espalier/grammar";
import { JsonSchema, type JsonSchemaOptions } from "@espalier/schema";
import { textNotBeginning, textThrough, textWithout } from "../output/free-text.ts";
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
  const expression = languageOf(language);
  return { start: "start", rules: new Map([["start", { name: "start", expression }]]) };
}

function languageOf(language: ToolCallLanguage): Expression {
  const { format, hasText, hasCalls, isParallel } = language;
  const { placement, begin, betweenBlocks = "" } = format;
  const marks = callMarks(format);
  const text = placement === "whole" ? textNotBeginning(marks) : textWithout(marks);
  if (!hasCalls) return text;

  const block = blockOf(language);
  const first = choice(begin.map(literal));
  const more = repeat(sequence([literal(betweenBlocks), first, block]));
  // Where a block holds several calls, all of them are in one.
  const rest = isParallel && format.between === undefined ? [block, more] : [block];
  if (!hasText) return sequence([first, ...rest]);
  switch (placement) {
    case "whole":
      return choice([text, sequence([first, ...rest])]);
    case "last":
      return choice([text, ...begin.map((each) => sequence([textThrough(each, begin), ...rest]))]);
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
    tools.map((tool) =>
      sequence([
        literal(`${beforeName}${tool.name}${beforeArguments}`),
        argumentsOf(tool, schemaOptions),
        literal(after),
      ]),
    ),
  );
  const more = isParallel && between !== undefined ? [repeat(sequence([literal(between), call]))] : [];
  return sequence([literal(open), call, ...more, literal(end)]);
}

function argumentsOf(tool: KnownTool, options: JsonSchemaOptions): Expression {
  const { automaton, isSatisfiable } = compiled(tool, options);
  if (isSatisfiable) return { kind: "automaton", automaton, description: `arguments of ${tool.name}` };
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

function literal(text: string): Expression {
  return text === "" ? { kind: "empty" } : { kind: "literal", text };
}

function sequence(items: readonly Expression[]): Expression {
  return { kind: "sequence", items };
}

function choice(alternatives: readonly Expression[]): Expression {
  return alternatives.length === 1 ? alternatives[0] : { kind: "choice", alternatives };
}

function repeat(item: Expression): Expression {
  return { kind: "repeat", item, min: 0 };
}
