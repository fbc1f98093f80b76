import { readdirSync, readFileSync } from "node:fs";

export interface BenchGrammar {
  readonly name: string;
  readonly lark: string;
  /** Texts that are in its language. */
  readonly texts: readonly string[];
}

const FOLDER = new URL("../../bench/grammars/", import.meta.url);

/** The grammars that `pnpm bench:grammars` measures. */
export function benchGrammars(): BenchGrammar[] {
  const folders = readdirSync(FOLDER, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return folders.map(({ name }) => {
    const read = (file: string): string => readFileSync(new URL(`${name}/${file}`, FOLDER), "utf8");
    const texts = read("texts.txt")
      .split(/^(?==== (?:accept|refuse)\n)/m)
      .filter((part) => part.startsWith("=== accept\n"))
      .map((part) => part.slice("=== accept\n".length).replace(/\n$/, ""));
    return { name, lark: read("grammar.lark"), texts };
  });
}
