import type { StandardSchemaV1 } from "@standard-schema/spec";
import { appendToPointer } from "../partial/json-values.ts";
import { OutputRejectedError, type OutputIssue } from "../errors/output-rejected-error.ts";
import type { Validator } from "./schema-input.ts";

/** A Standard Schema's own validation. @internal */
export function standardValidator(schema: StandardSchemaV1): Validator {
  const { vendor, validate } = schema["~standard"];
  return async (value, text) => {
    let result: StandardSchemaV1.Result<unknown>;
    try {
      result = await validate(value);
    } catch (cause) {
      throw rejection({ vendor, text, cause, issues: [{ message: messageOf(cause), pointer: "#" }] });
    }
    if (result.issues === undefined) return result.value;
    const issues = result.issues.map((issue) => ({ message: issue.message, pointer: pointerOf(issue.path) }));
    throw rejection({ vendor, text, issues });
  };
}

export interface Rejection {
  readonly vendor: string;
  readonly text: string;
  readonly issues: readonly OutputIssue[];
  readonly cause?: unknown;
}

/** @internal */
export function rejection({ vendor, text, issues, cause }: Rejection): OutputRejectedError {
  const first = issues[0] ?? { message: "no reason given", pointer: "#" };
  const more = issues.length > 1 ? ` (and ${issues.length - 1} more)` : "";
  return new OutputRejectedError({
    message: `The output satisfies the JSON Schema, but ${vendor} refuses it at ${first.pointer}: ${first.message}${more}`,
    place: first.pointer,
    hint: "JSON Schema does not say what the refinement asks for: say it there as well (pattern, minimum, enum …), or try another seed.",
    issues,
    text,
    cause,
  });
}

/** @internal */
export function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message : String(cause);
}

function pointerOf(path: StandardSchemaV1.Issue["path"]): string {
  let pointer = "#";
  for (const segment of path ?? []) {
    const key = typeof segment === "object" ? segment.key : segment;
    pointer = appendToPointer(pointer, typeof key === "number" ? key : String(key));
  }
  return pointer;
}
