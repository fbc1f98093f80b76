import { UnsupportedError } from "@espalier/grammar";
import type { Validator } from "./schema-input.ts";
import { messageOf, rejection } from "./standard-validator.ts";

/** A TypeBox 1.x type: JSON Schema with hidden properties. @internal */
export function isTypeBox(schema: unknown): schema is object {
  return typeof schema === "object" && schema !== null && ("~kind" in schema || "~unsafe" in schema);
}

/**
 * The type as JSON Schema 2020-12: hidden properties and functions left out, `pattern` as text, tuples as `prefixItems`, and
 * references by name as references to `$defs`.
 * @internal
 */
export function typeBoxJsonSchema(schema: object): unknown {
  // Stringifying drops what is hidden; the replacer still sees it.
  const names: string[] = [];
  const text = JSON.stringify(schema, (_key, value: unknown) => {
    if (value instanceof RegExp) return value.source;
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    const node = value as Record<string, unknown>;
    if (node["~kind"] === "Tuple" && Array.isArray(node["items"])) {
      const { items, additionalItems: _, ...rest } = node;
      return { ...rest, prefixItems: items, items: false };
    }
    if (node["~kind"] === "Cyclic") names.push(...Object.keys(node["$defs"] as object));
    return value;
  });
  const known = new Set(names);
  return JSON.parse(text, (key, value: unknown) =>
    key === "$ref" && typeof value === "string" && known.has(value) && !value.startsWith("#")
      ? `#/$defs/${value.replaceAll("~", "~0").replaceAll("/", "~1")}`
      : value,
  );
}

/** TypeBox's own validation: defaults, codecs, refinements. @internal */
export function typeBoxValidator(schema: object): Validator {
  return async (value, text) => {
    const library = await importTypeBox();
    try {
      return library.Decode(schema, value);
    } catch (cause) {
      const errors = (cause as { cause?: { errors?: { instancePath?: string; message?: string }[] } }).cause?.errors;
      const issues = (errors ?? [{ message: messageOf(cause) }]).map((error) => ({
        message: error.message ?? messageOf(cause),
        pointer: `#${error.instancePath ?? ""}`,
      }));
      throw rejection({ vendor: "TypeBox", text, issues, cause });
    }
  };
}

interface TypeBoxValue {
  readonly Decode: (schema: object, value: unknown) => unknown;
}

async function importTypeBox(): Promise<TypeBoxValue> {
  try {
    return await import("typebox/value");
  } catch (cause) {
    throw new UnsupportedError({
      message: `The schema is TypeBox's, but typebox cannot be loaded: ${messageOf(cause)}`,
      place: "schema",
      hint: "Install typebox 1.x beside espalier, or pass JSON.parse(JSON.stringify(schema)) to do without its validation.",
      cause,
    });
  }
}
