import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { DIALECTS, formats, KEYWORDS, type Dialect, type Keyword } from "../packages/schema/src/index.ts";

// Writes the tables of docs/json-schema.md between their markers, from the registries that the compiler itself uses:
//
//     npx tsx docs/generate-json-schema.ts
//
// test/schema/keyword-table.test.ts fails while the page says something else.

/** The page with the tables. */
export const PAGE: string = fileURLToPath(new URL("json-schema.md", import.meta.url));

const DRAFT_NAMES: Readonly<Record<Dialect, string>> = {
  "draft-04": "4",
  "draft-06": "6",
  "draft-07": "7",
  "2019-09": "2019-09",
  "2020-12": "2020-12",
};

/**
 * `page` with its tables written anew.
 * @throws Error when a marker is missing
 */
export function withTables(page: string): string {
  const refusing = KEYWORDS.filter(({ kind }) => kind === "assertion" || kind === "applicator");
  const silent = KEYWORDS.filter(({ kind }) => kind === "core" || kind === "annotation");
  const tables = {
    keywords: keywordTable(refusing, "what is enforced"),
    annotations: keywordTable(silent, "what it says"),
    formats: formatTable(),
  };
  return Object.entries(tables).reduce((text, [name, content]) => replaced(text, name, content), page);
}

function keywordTable(keywords: readonly Keyword[], heading: string): string {
  const rows = keywords.map((keyword) => [
    `\`${keyword.name}\``,
    ...DIALECTS.map((dialect) => (keyword.dialects.includes(dialect) ? "yes" : "-")),
    keyword.doneBy === undefined ? keyword.enforces : `${keyword.enforces} (with \`${keyword.doneBy}\`)`,
  ]);
  return table(["keyword", ...DIALECTS.map((dialect) => DRAFT_NAMES[dialect]), heading], rows);
}

function formatTable(): string {
  const rows = [...formats.values()].map(({ name, standard, exactness, note }) => [
    `\`${name}\``,
    standard,
    exactness,
    escaped(note ?? ""),
  ]);
  return table(["format", "standard", "language", "note"], rows);
}

/** A Markdown table, aligned as the formatter aligns it. */
function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = header.map((cell, column) => Math.max(3, cell.length, ...rows.map((row) => row[column].length)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column])).join(" | ")} |`;
  return [line(header), line(widths.map((width) => "-".repeat(width))), ...rows.map(line)].join("\n");
}

/** Text that Markdown would take for markup. */
function escaped(text: string): string {
  return text.replaceAll("|", "\\|");
}

function replaced(page: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name}: generated -->`, `<!-- ${name}: end -->`];
  const from = page.indexOf(begin);
  const to = page.indexOf(end);
  if (from < 0 || to < from) throw new Error(`The page has no place for the table "${name}".`);
  return `${page.slice(0, from + begin.length)}\n\n${content}\n\n${page.slice(to)}`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(PAGE, withTables(readFileSync(PAGE, "utf8")));
}
