import type { ObjectKeys } from "../document/object-keys.ts";
import type { SchemaSite } from "../document/schema-documents.ts";
import { isSchemaObject, type SchemaObject } from "../document/subschemas.ts";

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
 * Keys for subschemas: equal keys, equal meaning. A schema without references is its own key, so that equal ones are
 * compiled once in the whole process; others are keyed by document and place.
 */
export class SchemaKeys {
  readonly #objectKeys: ObjectKeys;
  readonly #documentKey: () => string;
  readonly #digests = new WeakMap<object, Digest>();

  constructor(documentKey: () => string, objectKeys: ObjectKeys) {
    this.#objectKeys = objectKeys;
    this.#documentKey = documentKey;
  }

  keyOf(schema: SchemaObject, site: SchemaSite): string {
    const text = this.#digest(schema);
    return text === undefined ? `${this.#documentKey()}#${site.serial}` : `${site.dialect} ${text}`;
  }

  #digest(value: unknown): string | undefined {
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    const known = this.#digests.get(value);
    if (known !== undefined) return known.text;
    const text = this.#digestOf(value);
    this.#digests.set(value, { text });
    return text;
  }

  #digestOf(value: object): string | undefined {
    let length = 2;
    const parts: string[] = [];
    const isSchema = isSchemaObject(value);
    for (const key of this.#objectKeys.of(value)) {
      if (isSchema && NAMES_A_PLACE.has(key)) return undefined;
      const text = this.#digest((value as Readonly<Record<string, unknown>>)[key]);
      if (text === undefined) return undefined;
      const part = isSchema ? `${JSON.stringify(key)}:${text}` : text;
      length += part.length + 1;
      if (length > MAX_KEY_LENGTH) return undefined;
      parts.push(part);
    }
    return isSchema ? `{${parts.join()}}` : `[${parts.join()}]`;
  }
}
