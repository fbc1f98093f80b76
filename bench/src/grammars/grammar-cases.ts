import { readdirSync, readFileSync } from "node:fs";
import type { GrammarSources } from "../masks/mask-engine.ts";
import type { SchemaCase } from "../support/schema-cases.ts";

/** One grammar in several notations, with texts that are in its language and others that are not. */
export interface GrammarCase {
  readonly name: string;
  readonly sources: GrammarSources;
  readonly tests: SchemaCase["tests"];
}

const FOLDER = new URL("../../grammars/", import.meta.url);

/** The grammars of `bench/grammars`, by name. */
export function grammarCases(): GrammarCase[] {
  const names = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return names.map(({ name }) => {
    const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, FOLDER), "utf8");
    return {
      name,
      sources: { lark: read("grammar.lark"), ebnf: read("grammar.ebnf") },
      tests: testsOf(read("texts.txt")),
    };
  });
}

/** Texts, each after a line `=== accept` or `=== refuse`. The line end before such a line, or the end, is no part of a text. */
function testsOf(file: string): SchemaCase["tests"] {
  return file
    .split(/^(?==== (?:accept|refuse)\n)/m)
    .filter((part) => part !== "")
    .map((part) => {
      const end = part.indexOf("\n");
      return { valid: part.slice(0, end) === "=== accept", text: part.slice(end + 1).replace(/\n$/, "") };
    });
}
