import { isAtLeast } from "../document/dialect.ts";
import type { SchemaSite } from "../document/schema-documents.ts";
import type { SchemaObject } from "../document/subschemas.ts";
import { KEYWORDS } from "../keywords/index.ts";
import { reference } from "../keywords/reference.ts";
import type { Keyword } from "./keyword.ts";

/** The keywords of a schema that say something in its dialect, in the order of the registry. */
export function activeKeywords(schema: SchemaObject, site: SchemaSite): Keyword[] {
  if ("$ref" in schema && !isAtLeast(site.dialect, "2019-09")) return [reference];
  return KEYWORDS.filter((keyword) => {
    if (!Object.hasOwn(schema, keyword.name)) return false;
    return keyword.dialects.includes(site.dialect);
  });
}
