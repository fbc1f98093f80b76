import type { ObjectKeys } from "../document/object-keys.ts";
import type { SchemaSite } from "../document/schema-documents.ts";
import { isSchemaObject, subschemaShape, type SchemaObject } from "../document/subschemas.ts";
import { isRemark } from "./active-keywords.ts";

/** Schemas whose text is longer than this are told apart by place, not by content. */
const MAX_KEY_LENGTH = 2_000;

interface Digest {
  /** The schema's own text; undefined when its meaning depends on where it stands, or when it is long. */
  readonly text: string | undefined;
}

const NAMES_A_PLACE = new Set([
  "$ref",
  "$dynamicRef",
  "$recursiveRef",
  "$id",
  "id",
  "$anchor",
  "$dynamicAnchor",
  "$schema",
]);

/**
 * Keys for subschemas: equal keys, equal meaning. The key of a schema without references is what it says, so that equal ones are
 * compiled once in the whole process; others are keyed by document and place.
 */
export class SchemaKeys {
  readonly #keys: ObjectKeys;
  readonly #documentKey: () => string;
  readonly #digests = new WeakMap<object, Digest>();

  constructor(documentKey: () => string, objectKeys: ObjectKeys) {
    this.#keys = objectKeys;
    this.#documentKey = documentKey;
  }

  keyOf(schema: SchemaObject, site: SchemaSite): string {
    const text = this.#schemaText(schema);
    return text === undefined ? `${this.#documentKey()}#${site.serial}` : `${site.dialect} ${text}`;
  }

  /** What a schema says, without what it says to people only. */
  #schemaText(schema: unknown): string | undefined {
    if (!isSchemaObject(schema)) return this.#valueText(schema);
    let known = this.#digests.get(schema);
    if (known === undefined) {
      known = { text: this.#schemaTextOf(schema) };
      this.#digests.set(schema, known);
    }
    return known.text;
  }

  #schemaTextOf(schema: SchemaObject): string | undefined {
    const said = this.#keys.of(schema).filter((name) => !isRemark(name));
    if (said.some((name) => NAMES_A_PLACE.has(name))) return undefined;
    return joined("{", said, (name) => keyed(name, this.#keywordText(name, schema[name])));
  }

  #keywordText(name: string, value: unknown): string | undefined {
    switch (subschemaShape(name, value)) {
      case "schema":
        return this.#schemaText(value);
      case "list":
        return joined("[", value as readonly unknown[], (schema) => this.#schemaText(schema));
      case "map": {
        const map = value as SchemaObject;
        return joined("{", this.#keys.of(map), (key) => keyed(key, this.#schemaText(map[key])));
      }
      case undefined:
        return this.#valueText(value);
    }
  }

  /** JSON that is no schema. */
  #valueText(value: unknown): string | undefined {
    if (Array.isArray(value)) return joined("[", value, (item) => this.#valueText(item));
    if (!isSchemaObject(value)) return JSON.stringify(value);
    return joined("{", this.#keys.of(value), (key) => keyed(key, this.#valueText(value[key])));
  }
}

function keyed(key: string, text: string | undefined): string | undefined {
  return text === undefined ? undefined : `${JSON.stringify(key)}:${text}`;
}

/** Texts of parts between brackets; undefined when one has none, or when all together are long. */
function joined<T>(
  opening: "{" | "[",
  parts: readonly T[],
  textOf: (part: T) => string | undefined,
): string | undefined {
  let text: string = opening;
  for (const part of parts) {
    const next = textOf(part);
    if (next === undefined || text.length + next.length > MAX_KEY_LENGTH) return undefined;
    text += `${next},`;
  }
  return text;
}
