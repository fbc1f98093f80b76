import { readFileSync } from "node:fs";

/** One case of `cases.txt`, whose head explains the notation. */
export interface RegexCase {
  readonly line: number;
  readonly source: string;
  readonly flags: string;
  readonly match: "whole" | "search";
  readonly fallback: boolean;
  readonly accepted: string[];
  readonly refused: string[];
  error: { readonly className: string; readonly fragment: string } | undefined;
  /** False when the running engine is not to be asked. */
  engineKnows: boolean;
}

export function readCases(file: URL): RegexCase[] {
  const cases: RegexCase[] = [];
  for (const [index, line] of readFileSync(file, "utf8").split("\n").entries()) {
    if (line === "" || line.startsWith("#")) continue;
    const current = cases[cases.length - 1];
    const rest = line.slice(2);
    if (line.startsWith("+ ")) current.accepted.push(...texts(rest));
    else if (line.startsWith("- ")) current.refused.push(...texts(rest));
    else if (line.startsWith("~ ")) current.engineKnows = false;
    else if (line.startsWith("! ")) {
      const space = rest.indexOf(" ");
      current.error = { className: rest.slice(0, space), fragment: rest.slice(space + 1) };
    } else cases.push(head(line, index + 1));
  }
  return cases;
}

function head(text: string, line: number): RegexCase {
  const end = text.lastIndexOf("/");
  const [flags, ...words] = text.slice(end + 1).split(" ");
  if (!text.startsWith("/") || end === 0) throw new Error(`cases.txt:${line} is not understood: ${text}`);
  return {
    line,
    source: text.slice(1, end),
    flags,
    match: words.includes("whole") ? "whole" : "search",
    fallback: words.includes("fallback"),
    accepted: [],
    refused: [],
    error: undefined,
    engineKnows: true,
  };
}

function texts(list: string): string[] {
  return (list.match(/"(?:[^"\\]|\\.)*"/g) ?? []).map((text) => JSON.parse(text) as string);
}
