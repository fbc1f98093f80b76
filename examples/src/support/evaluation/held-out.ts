import { readFileSync } from "node:fs";
import { join } from "node:path";

/** One line of a model folder's `heldout.jsonl`: a text, and the object that is to be read out of it. */
export interface HeldOutExample {
  readonly id: string;
  readonly domain: string;
  /** JSON Schema of the answer. */
  readonly schema: object;
  readonly text: string;
  readonly answer: unknown;
}

/**
 * The first `limit` held-out examples of a model folder, in the order of the file.
 * @throws Error when the file is missing or empty, or a line is not an example
 */
export function readHeldOut(folder: string, limit: number): HeldOutExample[] {
  const file = join(folder, "heldout.jsonl");
  const lines = readFileSync(file, "utf8")
    .split("\n")
    .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
    .filter(({ line }) => line.trim() !== "")
    .slice(0, limit);
  if (lines.length === 0) throw new Error(`${file} holds no examples.`);
  return lines.map(({ line, place }) => parseExample(line, place));
}

function parseExample(line: string, place: string): HeldOutExample {
  let row: Partial<HeldOutExample> | null;
  try {
    row = JSON.parse(line) as Partial<HeldOutExample> | null;
  } catch (cause) {
    throw new Error(`${place} is not JSON: ${(cause as Error).message}`, { cause });
  }
  const { id, domain, schema, text, answer } = row ?? {};
  if (
    typeof id !== "string" ||
    typeof domain !== "string" ||
    typeof schema !== "object" ||
    typeof text !== "string" ||
    answer === undefined
  ) {
    throw new Error(
      `${place} is not an example: it takes the texts id, domain and text, an object schema and an answer.`,
    );
  }
  return { id, domain, schema, text, answer };
}
