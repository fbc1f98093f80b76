import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { PAGE, withTables } from "../../docs/generate-json-schema.ts";
import { formats } from "../../packages/schema/src/format/formats.ts";
import { KEYWORDS } from "../../packages/schema/src/keywords/index.ts";

const page = readFileSync(PAGE, "utf8");

test("the tables of docs/json-schema.md are those of the registries", () => {
  // Stale? npx tsx docs/generate-json-schema.ts
  expect(page).toBe(withTables(page));
});

test("every keyword and every format has one row", () => {
  for (const name of [...KEYWORDS.map((keyword) => keyword.name), ...formats.keys()]) {
    expect(page.split("\n").filter((line) => line.startsWith(`| \`${name}\` `))).toHaveLength(1);
  }
});

test("a table that says something else is noticed", () => {
  const stale = page.replace(/^\| `minimum` .*\n/m, "");
  expect(stale).not.toBe(page);
  expect(withTables(stale)).toBe(page);
  expect(() => withTables("no markers")).toThrow(/"keywords"/);
});
