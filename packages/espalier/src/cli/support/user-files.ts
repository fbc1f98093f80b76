import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { InvalidInputError } from "@espalier/grammar";
import { PartialJsonReader } from "../../partial/partial-json-reader.ts";
import { textPlace } from "./text-place.ts";

/** A path as the user means it: `pnpm espalier` runs in the root of the workspace, wherever the user stands. @internal */
export function userPath(path: string): string {
  const { INIT_CWD, npm_lifecycle_event: script } = process.env;
  return resolve(script === "espalier" && INIT_CWD !== undefined ? INIT_CWD : process.cwd(), path);
}

/**
 * A file's bytes; `-` is the standard input.
 * @throws InvalidInputError when it cannot be read
 * @internal
 */
export async function readUserFile(path: string): Promise<Buffer> {
  if (path === "-") {
    const pieces: Buffer[] = [];
    for await (const piece of process.stdin) pieces.push(piece as Buffer);
    return Buffer.concat(pieces);
  }
  try {
    return await readFile(userPath(path));
  } catch (cause) {
    throw new InvalidInputError({
      message: `${path} cannot be read: ${(cause as Error).message}`,
      place: path,
      cause,
    });
  }
}

/**
 * A JSON file's value.
 * @throws InvalidInputError when it cannot be read or is no JSON; `place` is file, line and column
 * @internal
 */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = (await readUserFile(path)).toString("utf8").replace(/^\uFEFF/, "");
  try {
    return JSON.parse(text);
  } catch (cause) {
    const { problem, offset } = findSyntaxError(text, cause as Error);
    const { line, column } = textPlace(text.slice(0, offset));
    throw new InvalidInputError({
      message: `${path} is not JSON: ${problem}, at line ${line}, column ${column}.`,
      place: `${path}:${line}:${column}`,
      cause,
    });
  }
}

/** The errors of `JSON.parse` do not always say where. */
function findSyntaxError(text: string, error: Error): { problem: string; offset: number } {
  const reader = new PartialJsonReader();
  try {
    reader.push(text);
    reader.end();
  } catch (found) {
    const problem = /^No JSON text: (.*), at offset \d+\.$/s.exec((found as Error).message)?.[1];
    return { problem: problem ?? error.message, offset: reader.offset };
  }
  return { problem: error.message, offset: text.length };
}
