import type { StandardSchemaV1 } from "@standard-schema/spec";
import type { FromSchema } from "../typed/from-schema.ts";

/** A tool that a model may call. Tools of the Model Context Protocol are such, as a server lists them. */
export interface Tool {
  /** Letters, digits and `_ . : / -`; each tool its own. */
  readonly name: string;
  readonly description?: string | undefined;
  /**
   * What it takes: JSON Schema, or a schema of zod 4, TypeBox or another library with Standard Schema and Standard JSON Schema.
   * @defaultValue `inputSchema`, or else an object without members
   */
  readonly parameters?: unknown;
  /** The same, under the name that the Model Context Protocol gives it. */
  readonly inputSchema?: unknown;
}

/** Free text between calls. */
export interface TextPart {
  readonly type: "text";
  readonly text: string;
}

/** A call of one of the tools. */
export interface CallPart<Name extends string = string, Arguments = unknown> {
  readonly type: "call";
  readonly name: Name;
  /** They satisfy the tool's schema; what its validator made of them. */
  readonly arguments: Arguments;
}

/** What a model wrote, in order. */
export type ToolCallPart<Tools extends readonly Tool[] = readonly Tool[]> = TextPart | CallOf<Tools[number]>;

/** Distributes over the tools, so that `name` tells the type of `arguments`. */
type CallOf<Each extends Tool> = Each extends Tool ? CallPart<Each["name"], ArgumentsOf<Each>> : never;

type ArgumentsOf<Each extends Tool> = Each extends { readonly parameters: infer Schema }
  ? ValueOf<Schema>
  : Each extends { readonly inputSchema: infer Schema }
    ? ValueOf<Schema>
    : unknown;

type ValueOf<Schema> = Schema extends StandardSchemaV1 ? StandardSchemaV1.InferOutput<Schema> : FromSchema<Schema>;
