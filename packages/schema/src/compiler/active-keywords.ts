import { isAtLeast } from "../document/dialect.ts";
import type { SchemaSite } from "../document/schema-documents.ts";
import type { SchemaObject } from "../document/subschemas.ts";
import { KEYWORDS } from "../keywords/index.ts";
import { reference } from "../keywords/reference.ts";
import type { Keyword } from "./keyword.ts";

interface RankedKeyword {
  readonly rank: number;
  readonly keyword: Keyword;
}

const BY_NAME = new Map<string, readonly RankedKeyword[]>();
KEYWORDS.forEach((keyword, rank) => {
  BY_NAME.set(keyword.name, [...(BY_NAME.get(keyword.name) ?? []), { rank, keyword }]);
});

/** Keywords that say something, or that another one reads. */
const MEANT: ReadonlySet<string> = new Set(
  KEYWORDS.filter(
    (keyword) => keyword.kind !== "annotation" || "compile" in keyword || keyword.doneBy !== undefined,
  ).map(({ name }) => name),
);

/** The keywords of a schema that say something in its dialect, in the order of the registry. */
export function activeKeywords(schema: SchemaObject, site: SchemaSite): Keyword[] {
  if ("$ref" in schema && !isAtLeast(site.dialect, "2019-09")) return [reference];
  const active: RankedKeyword[] = [];
  for (const name of Object.keys(schema)) {
    for (const entry of BY_NAME.get(name) ?? []) {
      if (entry.keyword.dialects.includes(site.dialect)) active.push(entry);
    }
  }
  return active.sort((a, b) => a.rank - b.rank).map(({ keyword }) => keyword);
}

/** Whether a schema plainly accepts everything: it has annotations at most. */
export function saysNothing(schema: SchemaObject, site: SchemaSite): boolean {
  for (const name in schema) {
    const entries = BY_NAME.get(name) ?? [];
    if (entries.some(({ keyword }) => keyword.compile !== undefined && keyword.dialects.includes(site.dialect)))
      return false;
  }
  return true;
}

/** Whether a word in a schema means nothing to any keyword in any dialect: it speaks to people, or nobody knows it. */
export function isRemark(name: string): boolean {
  return !MEANT.has(name);
}
