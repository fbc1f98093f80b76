export type SchemaObject = Readonly<Record<string, unknown>>;

/** @internal */
export function isSchemaObject(value: unknown): value is SchemaObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The part of the document that `#/…` points to; `undefined` when there is none. @internal */
export function resolveLocal(root: unknown, reference: string): unknown {
  if (reference === "#") return root;
  if (!reference.startsWith("#/")) return undefined;
  let node = root;
  for (const token of reference.slice(2).split("/")) {
    const key = unescape(token);
    if (typeof node !== "object" || node === null || key === undefined || !Object.hasOwn(node, key)) return undefined;
    node = (node as Record<string, unknown>)[key];
  }
  return node;
}

function unescape(token: string): string | undefined {
  try {
    return decodeURIComponent(token).replaceAll("~1", "/").replaceAll("~0", "~");
  } catch {
    return undefined;
  }
}

/**
 * Schemas that must all hold, as one: properties and required names together, of other keywords the first that says
 * something. For display only: what two parts say of the same property is not intersected.
 * @internal
 */
export function mergeSchemas(schemas: readonly unknown[]): SchemaObject {
  const merged: Record<string, unknown> = {};
  for (const schema of schemas) {
    if (!isSchemaObject(schema)) continue;
    for (const [key, value] of Object.entries(schema)) {
      const known = merged[key];
      if (known === undefined) merged[key] = value;
      else if (key === "properties" && isSchemaObject(known) && isSchemaObject(value))
        merged[key] = { ...known, ...value, ...known };
      else if (key === "required" && Array.isArray(known) && Array.isArray(value))
        merged[key] = [...(known as unknown[]), ...(value as unknown[])];
    }
  }
  return merged;
}
