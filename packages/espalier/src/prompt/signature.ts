import { SignatureWriter } from "./signature-writer.ts";

export interface SignatureOptions {
  /** The most characters. @defaultValue 2,000 */
  readonly maxLength?: number | undefined;
}

/** How many objects and arrays inside one another are told; further attempts tell less. */
const DEPTHS = [32, 6, 4, 3, 2, 1];

/**
 * A JSON Schema as a short type, for a prompt: `{name: string, age: integer, email?: email, status: "open"|"closed", items: {sku: string}[]}`.
 *
 * It tells names, types, formats and choices, not bounds and patterns, which the constraint enforces anyhow. The notation is the one that
 * the bundled model was trained on (models/README.md), and `object` for objects whose properties are not known. Local
 * references are followed; where one leads back to itself, and below the depth that `maxLength` has room for, stands `object`
 * or `any`. Never throws; O(`maxLength`).
 */
export function signature(schema: unknown, options: SignatureOptions = {}): string {
  const { maxLength = 2_000 } = options;
  for (const maxDepth of DEPTHS) {
    const text = new SignatureWriter({ root: schema, maxDepth, maxLength }).write();
    if (text !== undefined && text.length <= maxLength) return text;
  }
  return "any";
}
