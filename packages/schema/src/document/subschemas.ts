import type { ObjectKeys } from "./object-keys.ts";
import { isAtLeast, type Dialect } from "./dialect.ts";

/** A JSON object that is a schema. */
export type SchemaObject = { readonly [keyword: string]: unknown };
export type Schema = SchemaObject | boolean;

type Shape = "schema" | "list" | "map";

/** Keywords whose values are schemas, in one of three shapes. A value of another shape is not descended into. */
const SHAPES: ReadonlyMap<string, readonly Shape[]> = new Map<string, readonly Shape[]>([
  ["$defs", ["map"]],
  ["definitions", ["map"]],
  ["properties", ["map"]],
  ["patternProperties", ["map"]],
  ["additionalProperties", ["schema"]],
  ["propertyNames", ["schema"]],
  ["dependencies", ["map"]],
  ["dependentSchemas", ["map"]],
  ["prefixItems", ["list"]],
  ["items", ["schema", "list"]],
  ["additionalItems", ["schema"]],
  ["contains", ["schema"]],
  ["allOf", ["list"]],
  ["anyOf", ["list"]],
  ["oneOf", ["list"]],
  ["not", ["schema"]],
  ["if", ["schema"]],
  ["then", ["schema"]],
  ["else", ["schema"]],
  ["unevaluatedProperties", ["schema"]],
  ["unevaluatedItems", ["schema"]],
  ["contentSchema", ["schema"]],
]);

export interface Subschema {
  readonly keyword: string;
  /** The key or index below the keyword; undefined when the keyword's value is the schema itself. */
  readonly token: string | number | undefined;
  readonly schema: unknown;
}

/** The direct subschemas of a schema, in the order in which they are written. */
export function* subschemas(schema: SchemaObject, dialect: Dialect, objectKeys?: ObjectKeys): Generator<Subschema> {
  const onlyReference = "$ref" in schema && !isAtLeast(dialect, "2019-09");
  for (const keyword of Object.keys(schema)) {
    const value = schema[keyword];
    const shapes = SHAPES.get(keyword);
    if (shapes === undefined || value === null || typeof value !== "object") continue;
    if (onlyReference && keyword !== "definitions" && keyword !== "$defs") continue;
    if (Array.isArray(value)) {
      if (!shapes.includes("list")) continue;
      for (let i = 0; i < value.length; i++) yield { keyword, token: i, schema: value[i] };
    } else if (shapes.includes("map")) {
      for (const token of objectKeys?.of(value) ?? Object.keys(value))
        yield { keyword, token, schema: (value as SchemaObject)[token] };
    } else {
      yield { keyword, token: undefined, schema: value };
    }
  }
}

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
