import * as fc from "fast-check";
import { deepValues, scalars } from "./random-instance.ts";
import { randomPatterns } from "./random-pattern.ts";

/** The drafts for which ajv has a build. */
export type OracleDialect = "draft-07" | "2019-09" | "2020-12";

export type SchemaObject = { readonly [keyword: string]: unknown };
export type Schema = SchemaObject | boolean;

/** Keys that schemas name; instances also use a few others. Few, so that keywords meet on the same members. */
export const SCHEMA_KEYS = ["a", "b", "c"] as const;

const KEY_PATTERNS = ["^a", "b", "^[ab]$", "^.$", "", "c$", "^[^a]*$", "^\\w{1,2}$"];
// All formats that ajv-formats knows. Of some a subset is enforced, and of their negation a superset: instances stay out of the gap.
const FORMATS = [
  ...["date-time", "date", "time", "duration", "email", "hostname", "ipv4", "ipv6", "uri", "uri-reference"],
  ...["uri-template", "uuid", "json-pointer", "relative-json-pointer", "regex"],
];
const BOUNDS = [-1, 0, 0.5, 1, 1.5, 2, 3, 10, 100, 1e21];
const DIVISORS = [0.01, 0.1, 0.25, 0.5, 1, 1.5, 2, 3, 7, 10];
const TYPES = ["null", "boolean", "integer", "number", "string", "array", "object"];

/** A reference before its target is chosen: which schemas may be named depends on where it ends up. */
const REFERENCE = "\u0000reference";

type Keywords = Record<string, unknown>;

/**
 * Schema documents that use every keyword of a draft, small enough that keywords interact. References always resolve and are
 * guarded: a schema never refers to itself without a member or item in between.
 */
export function randomSchemas(dialect: OracleDialect, depth = 4): fc.Arbitrary<Schema> {
  const { schema } = fc.letrec<{ schema: Schema }>((tie) => ({
    schema: fc.oneof(
      { maxDepth: depth, depthSize: "small", withCrossShrink: true },
      { weight: 3, arbitrary: leafSchemas() },
      { weight: 10, arbitrary: compoundSchemas(tie("schema"), dialect) },
    ),
  }));
  const definitions = fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: fc.array(schema, { minLength: 1, maxLength: 2 }) },
  );
  return fc.tuple(schema, definitions).map(([root, defs]) => linkReferences(root, defs, dialect));
}

function leafSchemas(): fc.Arbitrary<Schema> {
  const scalarType = fc.constantFrom("null", "boolean", "integer", "number", "string");
  return fc.oneof(
    { withCrossShrink: true },
    fc.boolean(),
    fc.record({ type: scalarType }),
    fc.record({ const: fc.oneof(scalars, deepValues) }),
    fc.record({
      enum: fc.array(fc.oneof({ weight: 3, arbitrary: scalars }, { weight: 1, arbitrary: deepValues }), {
        minLength: 1,
        maxLength: 4,
      }),
    }),
    fc.record({ type: fc.constantFrom("array", "object") }),
  );
}

function compoundSchemas(schema: fc.Arbitrary<Schema>, dialect: OracleDialect): fc.Arbitrary<Schema> {
  const families: Record<string, fc.Arbitrary<Keywords>> = {
    number: numberKeywords(),
    string: stringKeywords(),
    object: objectKeywords(schema, dialect),
    array: arrayKeywords(schema, dialect),
  };
  const combining = combiningKeywords(schema);
  const typed = (type: string): fc.Arbitrary<Keywords> =>
    fc
      .tuple(
        fc.record({ type: fc.constantFrom<unknown>(type, [type, "null"], [type, "integer"]) }, { requiredKeys: [] }),
        merged(families[type], 1, 4),
        merged(combining, 0, 1),
      )
      .map((parts) => Object.assign({}, ...parts));
  const mixed = merged(fc.oneof(...Object.values(families), combining, fc.record({ type: types })), 1, 4);
  return fc.oneof(
    { weight: 4, arbitrary: typed("object") },
    { weight: 4, arbitrary: typed("array") },
    { weight: 1, arbitrary: typed("string") },
    { weight: 1, arbitrary: typed("number") },
    { weight: 3, arbitrary: merged(combining, 1, 2) },
    { weight: 3, arbitrary: mixed },
  );
}

const types = fc.oneof(
  fc.constantFrom(...TYPES),
  fc.uniqueArray(fc.constantFrom(...TYPES), { minLength: 1, maxLength: 3 }),
);
const smallCount = fc.constantFrom(0, 1, 2, 3);

function numberKeywords(): fc.Arbitrary<Keywords> {
  return oneKeyword({
    minimum: fc.constantFrom(...BOUNDS),
    maximum: fc.constantFrom(...BOUNDS),
    exclusiveMinimum: fc.constantFrom(...BOUNDS),
    exclusiveMaximum: fc.constantFrom(...BOUNDS),
    multipleOf: fc.constantFrom(...DIVISORS),
    type: fc.constant("integer"),
  });
}

function stringKeywords(): fc.Arbitrary<Keywords> {
  return oneKeyword({
    minLength: smallCount,
    maxLength: smallCount,
    pattern: randomPatterns(["a", "b", "c", ".", "[ab]", "[^a]", "\\d"], "search"),
    format: fc.constantFrom(...FORMATS),
  });
}

function objectKeywords(schema: fc.Arbitrary<Schema>, dialect: OracleDialect): fc.Arbitrary<Keywords> {
  const key = fc.constantFrom<string>(...SCHEMA_KEYS);
  const keys = fc.uniqueArray(key, { maxLength: 3 });
  const byKey = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Record<string, T>> =>
    fc.dictionary(key, value, { maxKeys: 3, noNullPrototype: true });
  const keywords: Record<string, fc.Arbitrary<unknown>> = {
    properties: byKey(schema),
    required: keys,
    additionalProperties: schema,
    patternProperties: fc.dictionary(fc.constantFrom(...KEY_PATTERNS), schema, { maxKeys: 2, noNullPrototype: true }),
    propertyNames: schema,
    minProperties: smallCount,
    maxProperties: smallCount,
  };
  if (dialect === "draft-07") {
    keywords["dependencies"] = byKey(fc.oneof(keys, schema));
  } else {
    keywords["dependentRequired"] = byKey(keys);
    keywords["dependentSchemas"] = byKey(schema);
    keywords["unevaluatedProperties"] = schema;
  }
  return oneKeyword(keywords, { properties: 4 });
}

function arrayKeywords(schema: fc.Arbitrary<Schema>, dialect: OracleDialect): fc.Arbitrary<Keywords> {
  const schemaList = fc.array(schema, { minLength: 1, maxLength: 3 });
  const keywords: Record<string, fc.Arbitrary<unknown>> = {
    minItems: smallCount,
    maxItems: smallCount,
    uniqueItems: fc.boolean(),
    items: schema,
  };
  if (dialect === "2020-12") {
    keywords["prefixItems"] = schemaList;
  } else {
    keywords["items"] = fc.oneof(schema, schemaList);
    keywords["additionalItems"] = schema;
  }
  if (dialect !== "draft-07") keywords["unevaluatedItems"] = schema;
  const contains: fc.Arbitrary<Keywords> =
    dialect === "draft-07"
      ? fc.record({ contains: schema })
      : fc.record(
          { contains: schema, minContains: smallCount, maxContains: smallCount },
          { requiredKeys: ["contains"] },
        );
  return fc.oneof({ weight: 5, arbitrary: oneKeyword(keywords) }, { weight: 1, arbitrary: contains });
}

function combiningKeywords(schema: fc.Arbitrary<Schema>): fc.Arbitrary<Keywords> {
  const schemas = fc.array(schema, { minLength: 1, maxLength: 3 });
  return fc.oneof(
    { weight: 5, arbitrary: oneKeyword({ anyOf: schemas, oneOf: schemas, allOf: schemas, not: schema }) },
    { weight: 1, arbitrary: fc.record({ if: schema, then: schema, else: schema }, { requiredKeys: ["if"] }) },
    { weight: 1, arbitrary: fc.nat(3).map((target) => ({ [REFERENCE]: target })) },
    { weight: 1, arbitrary: fc.record({ const: deepValues }) },
    {
      weight: 1,
      arbitrary: fc.record({ enum: fc.array(fc.oneof(scalars, deepValues), { minLength: 1, maxLength: 3 }) }),
    },
  );
}

/** A schema with one of the keywords. */
function oneKeyword(
  keywords: Record<string, fc.Arbitrary<unknown>>,
  weights: Record<string, number> = {},
): fc.Arbitrary<Keywords> {
  return fc.oneof(
    ...Object.entries(keywords).map(([name, values]) => ({
      weight: weights[name] ?? 2,
      arbitrary: values.map((value): Keywords => ({ [name]: value })),
    })),
  );
}

/** Several parts of a schema as one; of equal keywords the last counts. */
function merged(part: fc.Arbitrary<Keywords>, minLength: number, maxLength: number): fc.Arbitrary<Keywords> {
  return fc.array(part, { minLength, maxLength, size: "max" }).map((parts) => Object.assign({}, ...parts));
}

/** Chooses targets for the references and puts the definitions where the draft has them. */
function linkReferences(root: Schema, definitions: readonly Schema[], dialect: OracleDialect): Schema {
  if (typeof root === "boolean") return root;
  const container = dialect === "draft-07" ? "definitions" : "$defs";
  const pointers = definitions.map((_, i) => `#/${container}/d${i}`);
  const linked = definitions.map((definition, i) => link(definition, pointers.slice(i + 1), ["#", ...pointers]));
  const document = link(root, pointers, ["#", ...pointers]) as SchemaObject;
  if (definitions.length === 0) return document;
  return { ...document, [container]: Object.fromEntries(linked.map((schema, i) => [`d${i}`, schema])) };
}

/**
 * @param open what a reference may name where the instance is still the one that the schema began with
 * @param guarded what it may name below a member or item
 */
function link(schema: unknown, open: readonly string[], guarded: readonly string[]): unknown {
  if (Array.isArray(schema)) return schema.map((child) => link(child, open, guarded));
  if (typeof schema !== "object" || schema === null) return schema;
  const result: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(schema)) {
    if (name === REFERENCE) {
      const target = open[(value as number) % Math.max(1, open.length)];
      if (target !== undefined) result["$ref"] = target;
    } else if (name === "const" || name === "enum") {
      result[name] = value;
    } else if (DESCENDING.has(name)) {
      result[name] = MAPS.has(name) ? linkMap(value, guarded, guarded) : link(value, guarded, guarded);
    } else {
      result[name] = MAPS.has(name) ? linkMap(value, open, guarded) : link(value, open, guarded);
    }
  }
  return result;
}

function linkMap(value: unknown, open: readonly string[], guarded: readonly string[]): unknown {
  return Object.fromEntries(Object.entries(value as object).map(([key, child]) => [key, link(child, open, guarded)]));
}

/** Keywords whose schemas are for members and items. */
const DESCENDING: ReadonlySet<string> = new Set([
  ...["properties", "additionalProperties", "patternProperties", "propertyNames", "unevaluatedProperties"],
  ...["items", "prefixItems", "additionalItems", "contains", "unevaluatedItems"],
]);

/** Keywords whose values are maps from keys to schemas. */
const MAPS: ReadonlySet<string> = new Set([
  ...["properties", "patternProperties", "dependentSchemas", "dependencies", "dependentRequired"],
]);
