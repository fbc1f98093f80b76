import { readFileSync } from "node:fs";
import { join } from "node:path";
import { InvalidInputError } from "espalier";

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
 * @throws InvalidInputError when the file is missing or empty, or a line is not an example
 */
export function readHeldOut(folder: string, limit: number): HeldOutExample[] {
  const file = join(folder, "heldout.jsonl");
  const lines = readLines(file)
    .map((line, index) => ({ line, place: `${file}:${index + 1}` }))
    .filter(({ line }) => line.trim() !== "")
    .slice(0, limit);
  if (lines.length === 0) throw new InvalidInputError({ message: `${file} holds no examples.`, place: file });
  return lines.map(({ line, place }) => parseExample(line, place));
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split("\n");
  } catch (cause) {
    const message = `The held-out examples cannot be read: ${(cause as Error).message}`;
    throw new InvalidInputError({ message, place: file, cause });
  }
}

function parseExample(line: string, place: string): HeldOutExample {
  let row: Partial<HeldOutExample> | null;
  try {
    row = JSON.parse(line) as Partial<HeldOutExample> | null;
  } catch (cause) {
    throw new InvalidInputError({ message: `${place} is not JSON: ${(cause as Error).message}`, place, cause });
  }
  const { id, domain, schema, text, answer } = row ?? {};
  const areTexts = typeof id === "string" && typeof domain === "string" && typeof text === "string";
  if (!areTexts || typeof schema !== "object" || schema === null || answer === undefined) {
    throw new InvalidInputError({
      message: `${place} is not an example.`,
      place,
      hint: "It takes the texts id, domain and text, an object for a schema, and an answer.",
    });
  }
  return { id, domain, schema, text, answer };
}
