import { readFileSync } from "node:fs";

/** One case of a file in `cases/`; the head of `cases/gbnf.txt` explains them. */
export interface NotationCase {
  readonly title: string;
  readonly options: Readonly<Record<string, string>>;
  readonly grammar: string;
  /** Lines of the form, or one line `! ErrorClass line:column part of the message`. */
  readonly expected: string;
}

export function readNotationCases(file: URL): NotationCase[] {
  const blocks = readFileSync(file, "utf8").split(/^### /m).slice(1);
  return blocks.map((block) => {
    const end = block.indexOf("\n");
    const [title, ...options] = block.slice(0, end).split(" | ");
    const [grammar, expected = ""] = block.slice(end + 1).split(/^=>\n/m);
    return {
      title,
      options: Object.fromEntries(options.map((each) => each.split("=") as [string, string])),
      grammar: grammar.replace(/\n$/, ""),
      expected: expected.trim(),
    };
  });
}
