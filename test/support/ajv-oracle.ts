import { Ajv, type Options } from "ajv";
import { Ajv2019 } from "ajv/dist/2019.js";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { OracleDialect, Schema } from "./random-schema.ts";

const OPTIONS: Options = {
  strict: false,
  validateSchema: false,
  logger: false,
  // Decimal divisors such as 0.1 divide decimals exactly; in doubles they do so up to a rounding error.
  multipleOfPrecision: 9,
};

const SCHEMA_ID = "http://oracle.test/schema";

const engines = new Map<OracleDialect, Ajv | Ajv2019 | Ajv2020>();

function engineOf(dialect: OracleDialect): Ajv | Ajv2019 | Ajv2020 {
  let engine = engines.get(dialect);
  if (engine === undefined) {
    engine =
      dialect === "2020-12" ? new Ajv2020(OPTIONS) : dialect === "2019-09" ? new Ajv2019(OPTIONS) : new Ajv(OPTIONS);
    addFormats.default(engine, { mode: "full" });
    engines.set(dialect, engine);
  }
  return engine;
}

/**
 * What ajv (with ajv-formats) says of instances of `schema`; undefined where its generated code breaks.
 * @throws Error when ajv cannot compile the schema
 */
export function ajvValidator(
  schema: Schema,
  dialect: OracleDialect = "2020-12",
): (instance: unknown) => boolean | undefined {
  const engine = engineOf(dialect);
  if (typeof schema === "boolean") return () => schema;
  const read = dialect === "draft-07" ? withReferencesAlone(schema) : structuredClone(schema);
  // Without an identifier of its own, ajv does not resolve "#" from within a definition.
  const copy = { $id: SCHEMA_ID, ...(read as object) };
  try {
    const validate = engine.compile(copy);
    return (instance) => {
      try {
        return validate(instance);
      } catch {
        // What `unevaluatedProperties` merges under conditions may be undefined, or undeclared, where it is written to.
        return undefined;
      }
    };
  } finally {
    engine.removeSchema(copy);
  }
}

/** Up to draft 7, what stands beside `$ref` is ignored; ajv's `ignoreKeywordsWithRef` leaves out `type`, so it is not told of it. */
function withReferencesAlone(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(withReferencesAlone);
  if (typeof schema !== "object" || schema === null) return schema;
  const entries = Object.entries(schema).filter(
    ([name]) => !("$ref" in schema) || name === "$ref" || name === "definitions",
  );
  return Object.fromEntries(entries.map(([name, value]) => [name, withReferencesAlone(value)]));
}

/**
 * False for schemas that use what ajv 8.20 is known to read differently from the specification:
 *
 * - `contains` beside a tuple accepts the empty array;
 * - `contains` with a schema in which a keyword holds nothing (`properties: {}`) keeps what an earlier array gave;
 * - `unevaluatedItems` takes all items for evaluated, or none, where `contains` is about;
 * - `unevaluatedItems` does not see that `items: true` in a branch has evaluated all items;
 * - `unevaluated*` takes some of what failed branches of `anyOf`, `oneOf` and `if` looked at for evaluated;
 * - `unevaluated*` does not always see what another one, or a recursive reference, has evaluated;
 * - `unevaluatedProperties` forgets what `properties` evaluated where a `dependentSchemas` that does not apply has `additionalProperties`.
 */
export function ajvIsSure(schema: unknown): boolean {
  const found = {
    containsAndTuple: 0,
    containsNothing: 0,
    contains: 0,
    unevaluatedItems: 0,
    unevaluated: 0,
    references: 0,
    itemsTrue: 0,
    branches: 0,
  };
  const visit = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    const keywords = value as Record<string, unknown>;
    const has = (name: string): boolean => keywords[name] !== undefined;
    if (has("contains")) found.contains++;
    if (has("contains") && holdsNothing(keywords["contains"])) found.containsNothing++;
    if (has("contains") && (has("prefixItems") || Array.isArray(keywords["items"]))) found.containsAndTuple++;
    if (has("unevaluatedItems")) found.unevaluatedItems++;
    if (has("unevaluatedItems") || has("unevaluatedProperties")) found.unevaluated++;
    if (keywords["items"] === true || keywords["additionalItems"] === true) found.itemsTrue++;
    if (has("oneOf") || has("anyOf") || has("if") || has("dependentSchemas")) found.branches++;
    if (has("$ref")) found.references++;
    Object.values(value).forEach(visit);
  };
  visit(schema);
  if (found.containsAndTuple + found.containsNothing > 0 || found.unevaluated > 1) return false;
  if (found.contains + found.itemsTrue > 0 && found.unevaluatedItems > 0) return false;
  return found.unevaluated === 0 || found.branches + found.references === 0;
}

/** Whether some keyword of a schema has an empty object or list. */
function holdsNothing(schema: unknown): boolean {
  if (typeof schema !== "object" || schema === null) return false;
  return Object.values(schema).some(
    (value) => typeof value === "object" && value !== null && (Object.keys(value).length === 0 || holdsNothing(value)),
  );
}
