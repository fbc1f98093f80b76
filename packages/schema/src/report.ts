import { activeKeywords } from "./compiler/active-keywords.ts";
import type { Keyword } from "./compiler/keyword.ts";
import { appendPointer } from "./document/json-pointer.ts";
import type { ContentLanguages } from "./content/content-language.ts";
import type { SchemaDocuments } from "./document/schema-documents.ts";
import { isSchemaObject, subschemas, type SchemaObject } from "./document/subschemas.ts";
import { contentLanguageOf } from "./keywords/content-media-type.ts";
import { formats } from "./format/formats.ts";

/** What becomes of one keyword of a schema. */
export interface ReportEntry {
  /** JSON Pointer of the keyword, as a fragment: `#/properties/age/minimum`. */
  readonly pointer: string;
  readonly keyword: string;
  /** `subset`: more is refused than the keyword asks; `note` says what. `annotation`: nothing is refused. */
  readonly status: "enforced" | "subset" | "annotation";
  readonly note?: string;
}

export type EnforcementReport = readonly ReportEntry[];

/** Lists every keyword of the document, in document order. */
export function reportOf(
  documents: SchemaDocuments,
  formatMode: "assert" | "annotate",
  contents?: ContentLanguages,
): EnforcementReport {
  const entries: ReportEntry[] = [];
  const { schema: root, site: rootSite } = documents.root;
  if (!isSchemaObject(root)) return entries;
  const stack: { schema: SchemaObject; pointer: string; within: typeof rootSite }[] = [
    { schema: root, pointer: "#", within: rootSite },
  ];
  for (let entry = stack.pop(); entry !== undefined; entry = stack.pop()) {
    const { schema, pointer } = entry;
    const site = documents.siteOf(schema, { ...entry.within, pointer }, []);
    const active = new Map(activeKeywords(schema, site).map((keyword) => [keyword.name, keyword]));
    for (const name of Object.keys(schema)) {
      const keyword = active.get(name);
      const place = { pointer: appendPointer(pointer, name), keyword: name };
      if (name === "contentMediaType" && keyword !== undefined && contentLanguageOf(schema, contents) !== undefined) {
        entries.push({ ...place, status: "enforced", note: "the language that the option `contents` names" });
      } else if (keyword === undefined || saysNothing(keyword, schema)) {
        entries.push({ ...place, status: "annotation" });
      } else if (name === "format") {
        entries.push({ ...place, ...formatStatus(schema[name], formatMode) });
      } else {
        entries.push({ ...place, status: "enforced", note: keyword.enforces });
      }
    }
    const children = [...subschemas(schema, site.dialect)].reverse();
    for (const child of children) {
      if (!isSchemaObject(child.schema)) continue;
      let childPointer = appendPointer(pointer, child.keyword);
      if (child.token !== undefined) childPointer = appendPointer(childPointer, child.token);
      stack.push({ schema: child.schema, pointer: childPointer, within: site });
    }
  }
  return entries;
}

/** True for annotations, and for keywords without the one that does their work (`then` without `if`). */
function saysNothing(keyword: Keyword, schema: SchemaObject): boolean {
  if (keyword.kind === "annotation" || keyword.kind === "core") return true;
  return keyword.doneBy !== undefined && schema[keyword.doneBy] === undefined;
}

function formatStatus(value: unknown, mode: "assert" | "annotate"): Pick<ReportEntry, "status" | "note"> {
  const format = typeof value === "string" ? formats.get(value) : undefined;
  if (format === undefined)
    return { status: "annotation", note: `the format ${JSON.stringify(value)} is not one of JSON Schema's` };
  if (mode === "annotate") return { status: "annotation", note: "formats are annotations by option" };
  if (format.exactness === "exact") return { status: "enforced", note: format.standard };
  return { status: "subset", note: `${format.standard}; ${format.note ?? "a regular subset"}` };
}
