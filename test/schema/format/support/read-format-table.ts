import { readFileSync } from "node:fs";

export interface FormatCase {
  readonly line: number;
  readonly text: string;
  readonly accepted: boolean;
}

/**
 * Reads `tables/<format>.txt`. A line is `+ text` (a member) or `- text` (not a member), verbatim to the end of the line;
 * `+json "..."` and `-json "..."` take a JSON string, for texts with control characters or blanks at an end.
 * Lines that start with `#` are comments.
 */
export function readFormatTable(format: string): FormatCase[] {
  const url = new URL(`../tables/${format}.txt`, import.meta.url);
  const cases: FormatCase[] = [];
  for (const [index, row] of readFileSync(url, "utf8").split("\n").entries()) {
    if (row === "" || row.startsWith("#")) continue;
    const match = /^([+-])(json)? (.*)$/.exec(row);
    if (match === null) throw new Error(`${url.pathname}:${index + 1}: not a case: ${row}`);
    const text = match[2] === undefined ? match[3] : (JSON.parse(match[3]) as string);
    cases.push({ line: index + 1, text, accepted: match[1] === "+" });
  }
  return cases;
}
