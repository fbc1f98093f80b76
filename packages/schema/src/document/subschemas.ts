import type { ObjectKeys } from "./object-keys.ts";
import { isAtLeast, type Dialect } from "./dialect.ts";

/** A JSON object that is a schema. */
export type SchemaObject = { readonly [keyword: string]: unknown };
export type Schema = SchemaObject | boolean;

export type SubschemaShape = "schema" | "list" | "map";

/** Keywords whose values are schemas, in one of three shapes. A value of another shape is not descended into. */
const SHAPES: ReadonlyMap<string, readonly SubschemaShape[]> = new Map<string, readonly SubschemaShape[]>([
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
    const shape = subschemaShape(keyword, value);
    if (shape === undefined || (onlyReference && keyword !== "definitions" && keyword !== "$defs")) continue;
    if (shape === "list") {
      const list = value as readonly unknown[];
      for (let i = 0; i < list.length; i++) yield { keyword, token: i, schema: list[i] };
    } else if (shape === "map") {
      const map = value as SchemaObject;
      for (const token of objectKeys?.of(map) ?? Object.keys(map)) yield { keyword, token, schema: map[token] };
    } else {
      yield { keyword, token: undefined, schema: value };
    }
  }
}

/** How the subschemas of a keyword stand in its value; undefined when it has none. */
export function subschemaShape(keyword: string, value: unknown): SubschemaShape | undefined {
  const shapes = SHAPES.get(keyword);
  if (shapes === undefined || value === null || typeof value !== "object") return undefined;
  if (Array.isArray(value)) return shapes.includes("list") ? "list" : undefined;
  return shapes.includes("map") ? "map" : "schema";
}

export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
