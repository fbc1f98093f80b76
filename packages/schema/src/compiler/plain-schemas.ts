import type { SchemaDocuments, SchemaSite } from "../document/schema-documents.ts";
import { isSchemaObject, type SchemaObject } from "../document/subschemas.ts";
import { activeKeywords } from "./active-keywords.ts";

/** References and required members that are followed, one inside the other. */
const MAX_DEPTH = 8;
/** Longer strings are not taken for granted. */
const MAX_LENGTH = 1_000;

/** What an empty array meets. */
const ARRAY_KEYWORDS = ["items", "prefixItems", "additionalItems", "maxItems", "uniqueItems"];
/** What an empty object meets; with `required` only the first two. */
const OBJECT_KEYWORDS = ["properties", "additionalProperties", "patternProperties", "maxProperties"];
const STRING_KEYWORDS = ["minLength", "maxLength", "format"];
const NUMBER_KEYWORDS = ["minimum", "maximum"];
const KNOWN: ReadonlySet<string> = new Set([
  "type",
  "required",
  ...ARRAY_KEYWORDS,
  ...OBJECT_KEYWORDS,
  ...STRING_KEYWORDS,
  ...NUMBER_KEYWORDS,
]);

/**
 * Tells from a look at schemas that they accept something. Of the properties of a large schema most are never written: they need not be
 * compiled to know that they may be.
 */
export class PlainSchemas {
  readonly #documents: SchemaDocuments;

  constructor(documents: SchemaDocuments) {
    this.#documents = documents;
  }

  /** Whether a value that `schema` accepts is plain to see; false says nothing. The schema is one that checks have passed. */
  accepts(schema: SchemaObject, site: SchemaSite, depth = 0): boolean {
    if (depth > MAX_DEPTH) return false;
    const names = activeKeywords(schema, site).flatMap((keyword) => ("compile" in keyword ? [keyword.name] : []));
    if (names.includes("$ref")) return names.length === 1 && this.#acceptsReferenced(schema, site, depth);
    if (names.includes("enum")) return names.every((name) => name === "enum" || name === "type") && acceptsOne(schema);
    if (!names.every((name) => KNOWN.has(name))) return false;
    const { type } = schema;
    // Without a type null will do.
    if (type === undefined) return true;
    return [type].flat().some((each) => this.#acceptsOfType(each, schema, names, site, depth));
  }

  #acceptsReferenced(schema: SchemaObject, site: SchemaSite, depth: number): boolean {
    const found = this.#documents.resolve(String(schema["$ref"]), site, `${site.pointer}/$ref`);
    return isSchemaObject(found.schema) ? this.accepts(found.schema, found.site, depth + 1) : found.schema;
  }

  #acceptsOfType(
    type: unknown,
    schema: SchemaObject,
    names: readonly string[],
    site: SchemaSite,
    depth: number,
  ): boolean {
    switch (type) {
      case "null":
      case "boolean":
      case "array":
        return true;
      case "number":
      case "integer":
        return names.filter((name) => NUMBER_KEYWORDS.includes(name)).length < 2;
      case "string": {
        if (names.includes("format")) return !names.includes("minLength") && !names.includes("maxLength");
        const least = Number(schema["minLength"] ?? 0);
        return least <= MAX_LENGTH && least <= Number(schema["maxLength"] ?? least);
      }
      case "object":
        return this.#acceptsObject(schema, names, site, depth);
      default:
        return false;
    }
  }

  #acceptsObject(schema: SchemaObject, names: readonly string[], site: SchemaSite, depth: number): boolean {
    const required = schema["required"];
    if (!Array.isArray(required) || required.length === 0) return true;
    if (names.includes("patternProperties") || names.includes("maxProperties")) return false;
    const { properties } = schema;
    return required.every((key: unknown) => {
      if (!isSchemaObject(properties) || typeof key !== "string" || !Object.hasOwn(properties, key)) return false;
      const member = properties[key];
      if (!isSchemaObject(member)) return member === true;
      return this.accepts(member, this.#documents.siteOf(member, site, ["properties", key]), depth + 1);
    });
  }
}

/** Whether one of the values listed is of a type allowed. */
function acceptsOne({ enum: values, type }: SchemaObject): boolean {
  if (!Array.isArray(values)) return false;
  if (type === undefined) return values.length > 0;
  const types = new Set<unknown>([type].flat());
  return values.some(
    (value: unknown) => types.has(typeName(value)) || (Number.isInteger(value) && types.has("integer")),
  );
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  return Array.isArray(value) ? "array" : typeof value;
}
