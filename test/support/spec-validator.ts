import { isDeepStrictEqual } from "node:util";
import { ajvValidator } from "./ajv-oracle.ts";
import type { JsonValue } from "./random-instance.ts";
import type { OracleDialect, Schema, SchemaObject } from "./random-schema.ts";

/** What a schema says of one instance: whether it is valid, and which of its members and items were looked at. */
interface Outcome {
  readonly valid: boolean;
  readonly members: ReadonlySet<string>;
  readonly items: ReadonlySet<number>;
}

const REFUSED: Outcome = { valid: false, members: new Set(), items: new Set() };

/**
 * The specification read aloud: every keyword evaluated on its own, annotations collected as sets. Slow and without any cleverness;
 * the second opinion where ajv is known to deviate (`unevaluated*` above all).
 */
export function specValidator(document: Schema, dialect: OracleDialect = "2020-12"): (instance: JsonValue) => boolean {
  const evaluate = (schema: Schema, instance: JsonValue): Outcome => {
    if (typeof schema === "boolean") return schema ? { ...REFUSED, valid: true } : REFUSED;
    if ("$ref" in schema && dialect === "draft-07")
      return evaluate(target(document, schema["$ref"] as string), instance);
    return evaluateObject(schema, instance, { document, dialect, evaluate });
  };
  return (instance) => evaluate(document, instance).valid;
}

interface Context {
  readonly document: Schema;
  readonly dialect: OracleDialect;
  readonly evaluate: (schema: Schema, instance: JsonValue) => Outcome;
}

function evaluateObject(schema: SchemaObject, instance: JsonValue, context: Context): Outcome {
  const { evaluate, dialect } = context;
  const members = new Set<string>();
  const items = new Set<number>();
  let valid = true;
  const demand = (condition: boolean): void => {
    valid &&= condition;
  };
  const holds = (child: unknown, value: JsonValue): boolean => evaluate(child as Schema, value).valid;
  /** Applies a schema to the same instance; what it looked at counts if it holds. */
  const inPlace = (child: unknown): boolean => {
    const outcome = evaluate(child as Schema, instance);
    if (outcome.valid) {
      for (const key of outcome.members) members.add(key);
      for (const index of outcome.items) items.add(index);
    }
    return outcome.valid;
  };
  const has = (keyword: string): boolean => schema[keyword] !== undefined;
  const number = (keyword: string): number => schema[keyword] as number;
  const list = (keyword: string): unknown[] => schema[keyword] as unknown[];
  const map = (keyword: string): [string, unknown][] => Object.entries(schema[keyword] ?? {});

  if (has("type")) demand(([schema["type"]].flat() as string[]).some((name) => isOfType(instance, name)));
  if (has("const")) demand(sameJson(schema["const"], instance));
  if (has("enum")) demand(list("enum").some((value) => sameJson(value, instance)));

  if (typeof instance === "number") {
    if (has("minimum")) demand(instance >= number("minimum"));
    if (has("maximum")) demand(instance <= number("maximum"));
    if (has("exclusiveMinimum")) demand(instance > number("exclusiveMinimum"));
    if (has("exclusiveMaximum")) demand(instance < number("exclusiveMaximum"));
    if (has("multipleOf")) {
      const quotient = instance / number("multipleOf");
      demand(Math.abs(quotient - Math.round(quotient)) < 1e-9);
    }
  }
  if (typeof instance === "string") {
    const length = [...instance].length;
    if (has("minLength")) demand(length >= number("minLength"));
    if (has("maxLength")) demand(length <= number("maxLength"));
    if (has("pattern")) demand(new RegExp(schema["pattern"] as string, "u").test(instance));
    if (has("format")) demand(ajvValidator({ format: schema["format"] }, dialect)(instance) === true);
  }
  if (Array.isArray(instance)) {
    if (has("minItems")) demand(instance.length >= number("minItems"));
    if (has("maxItems")) demand(instance.length <= number("maxItems"));
    if (schema["uniqueItems"] === true) {
      demand(instance.every((item, i) => instance.slice(0, i).every((earlier) => !sameJson(earlier, item))));
    }
    const tuple = has("prefixItems") ? list("prefixItems") : Array.isArray(schema["items"]) ? schema["items"] : [];
    const others = Array.isArray(schema["items"]) ? schema["additionalItems"] : schema["items"];
    instance.forEach((item, i) => {
      const child = i < tuple.length ? tuple[i] : others;
      if (child === undefined) return;
      items.add(i);
      demand(holds(child, item));
    });
    if (has("contains")) {
      const matching = instance.flatMap((item, i) => (holds(schema["contains"], item) ? [i] : []));
      if (dialect === "2020-12") for (const i of matching) items.add(i);
      const counted = dialect !== "draft-07";
      demand(matching.length >= (counted && has("minContains") ? number("minContains") : 1));
      demand(matching.length <= (counted && has("maxContains") ? number("maxContains") : Infinity));
    }
  }
  if (isRecord(instance)) {
    const keys = Object.keys(instance);
    const applyTo = (key: string, child: unknown): void => {
      members.add(key);
      demand(holds(child, instance[key]));
    };
    if (has("minProperties")) demand(keys.length >= number("minProperties"));
    if (has("maxProperties")) demand(keys.length <= number("maxProperties"));
    if (has("required")) demand(list("required").every((key) => keys.includes(key as string)));
    if (has("propertyNames")) demand(keys.every((key) => holds(schema["propertyNames"], key)));
    for (const [key, child] of map("properties")) if (keys.includes(key)) applyTo(key, child);
    for (const [source, child] of map("patternProperties")) {
      for (const key of keys) if (new RegExp(source, "u").test(key)) applyTo(key, child);
    }
    if (has("additionalProperties")) {
      const named = new Set(members);
      for (const key of keys) if (!named.has(key)) applyTo(key, schema["additionalProperties"]);
    }
    for (const [key, needed] of [...map("dependentRequired"), ...map("dependencies")]) {
      if (keys.includes(key) && Array.isArray(needed)) demand(needed.every((other) => keys.includes(other as string)));
    }
    for (const [key, child] of [...map("dependentSchemas"), ...map("dependencies")]) {
      if (keys.includes(key) && !Array.isArray(child)) demand(inPlace(child));
    }
  }
  if (has("$ref")) demand(inPlace(target(context.document, schema["$ref"] as string)));
  if (has("allOf")) demand(list("allOf").map(inPlace).every(Boolean));
  if (has("anyOf")) demand(list("anyOf").map(inPlace).some(Boolean));
  if (has("oneOf")) demand(list("oneOf").map(inPlace).filter(Boolean).length === 1);
  if (has("not")) demand(!holds(schema["not"], instance));
  if (has("if")) {
    const consequence = inPlace(schema["if"]) ? schema["then"] : schema["else"];
    if (consequence !== undefined) demand(inPlace(consequence));
  }
  if (Array.isArray(instance) && has("unevaluatedItems")) {
    instance.forEach((item, i) => {
      if (!items.has(i)) demand(holds(schema["unevaluatedItems"], item));
      items.add(i);
    });
  }
  if (isRecord(instance) && has("unevaluatedProperties")) {
    for (const [key, value] of Object.entries(instance)) {
      if (!members.has(key)) demand(holds(schema["unevaluatedProperties"], value));
      members.add(key);
    }
  }
  return valid ? { valid, members, items } : REFUSED;
}

function target(document: Schema, pointer: string): Schema {
  let found: unknown = document;
  for (const token of pointer.split("/").slice(1)) found = (found as Record<string, unknown>)[token];
  return found as Schema;
}

function isRecord(value: JsonValue): value is { [key: string]: JsonValue } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isOfType(value: JsonValue, name: string): boolean {
  switch (name) {
    case "null":
      return value === null;
    case "array":
      return Array.isArray(value);
    case "object":
      return isRecord(value);
    case "integer":
      return Number.isInteger(value);
    default:
      return typeof value === name;
  }
}

/** Equality of JSON values; 0 and -0 are the same number. */
function sameJson(a: unknown, b: unknown): boolean {
  return isDeepStrictEqual(withoutMinusZero(a), withoutMinusZero(b));
}

function withoutMinusZero(value: unknown): unknown {
  if (value === 0) return 0;
  if (Array.isArray(value)) return value.map(withoutMinusZero);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, child]) => [key, withoutMinusZero(child)]));
}
