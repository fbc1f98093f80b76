import { ajvErrors } from "../ajv-errors.ts";
import type { HeldOutExample } from "./held-out.ts";
import { leaves } from "./leaves.ts";

/** How an output compares with the reference answer. */
export interface Score {
  /** The whole object is right: equal as JSON; the order of properties and the whitespace do not matter. */
  readonly isExact: boolean;
  /** Leaves of the reference (see `leaves`) that stand at the same place, with the same value, in the output. */
  readonly fieldsRight: number;
  /** Leaves of the reference. What the output has beyond them makes no field wrong; it does make the object wrong. */
  readonly fieldCount: number;
  /** Why it is invalid: not JSON, or what ajv says against it. Absent when valid. */
  readonly complaint?: string;
}

/** Compares an output with the reference. In a text that is not JSON every field is wrong. */
export function score(example: HeldOutExample, text: string): Score {
  const wanted = leaves(example.answer);
  const written = parsedLeaves(text);
  let fieldsRight = 0;
  for (const [pointer, value] of wanted) if (written.get(pointer) === value) fieldsRight++;
  const complaint = ajvErrors(example.schema, text);
  return {
    isExact: fieldsRight === wanted.size && written.size === wanted.size,
    fieldsRight,
    fieldCount: wanted.size,
    ...(complaint === undefined ? {} : { complaint }),
  };
}

function parsedLeaves(text: string): Map<string, string> {
  try {
    return leaves(JSON.parse(text));
  } catch {
    return new Map();
  }
}
