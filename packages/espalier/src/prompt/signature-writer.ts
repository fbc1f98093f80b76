import { isSchemaObject, type SchemaObject, mergeSchemas, resolveLocal } from "./schema-reading.ts";

const FORMATS = new Set(["date", "time", "date-time", "email", "uri", "uuid"]);
const PLAIN_TYPES = new Set(["string", "number", "integer", "boolean", "null"]);
const IDENTIFIER = /^[A-Za-z_$][A-Za-z0-9_$]*$/;

/** Which keywords tell the type of a schema that does not name one. */
const IMPLIED_TYPES: readonly (readonly [string, readonly string[]])[] = [
  ["object", ["properties", "required", "additionalProperties", "patternProperties", "propertyNames"]],
  ["array", ["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"]],
  ["string", ["minLength", "maxLength", "pattern", "format"]],
  ["number", ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]],
];

export interface SignatureWriterOptions {
  readonly root: unknown;
  readonly maxDepth: number;
  /** Characters after which writing is given up. */
  readonly maxLength: number;
}

/** Writes one signature; see `signature`. @internal */
export class SignatureWriter {
  readonly #root: unknown;
  readonly #maxDepth: number;
  #steps: number;
  readonly #open = new Set<unknown>();

  constructor(options: SignatureWriterOptions) {
    this.#root = options.root;
    this.#maxDepth = options.maxDepth;
    this.#steps = options.maxLength;
  }

  /** The signature, or `undefined` when it takes too much work: each name, type and literal is a step. */
  write(): string | undefined {
    const members = this.#members(this.#root, 0);
    return this.#steps < 0 ? undefined : members.join("|");
  }

  /** The members of the union that a schema is, most often one. */
  #members(schema: unknown, depth: number): string[] {
    if (--this.#steps < 0 || !isSchemaObject(schema)) return ["any"];
    if (this.#open.has(schema) || depth > this.#maxDepth) return [this.#abridged(schema)];
    this.#open.add(schema);
    const members = nullLast(new Set(this.#expand(schema, depth)));
    this.#open.delete(schema);
    return members.includes("any") ? ["any"] : members;
  }

  #expand(schema: SchemaObject, depth: number): string[] {
    const { $ref, allOf, anyOf, oneOf, ...own } = schema;
    if (typeof $ref === "string") {
      const target = resolveLocal(this.#root, $ref);
      return target === undefined ? ["any"] : this.#members(target, depth);
    }
    if (Array.isArray(allOf)) {
      const parts = allOf.map((part: unknown) => this.#dereferenced(part));
      return this.#members(
        mergeSchemas([{ ...own, ...(anyOf ? { anyOf } : {}), ...(oneOf ? { oneOf } : {}) }, ...parts]),
        depth,
      );
    }
    const alternatives = Array.isArray(anyOf) ? anyOf : Array.isArray(oneOf) ? oneOf : undefined;
    if (alternatives !== undefined && !tellsAll(own)) {
      const { type, ...base } = own;
      const isBare = Object.keys(base).every((key) => !IMPLIED_TYPES.some(([, keys]) => keys.includes(key)));
      return alternatives.flatMap((member: unknown) =>
        isBare || !isSchemaObject(member)
          ? this.#members(
              isSchemaObject(member) && type !== undefined && !("$ref" in member) ? { type, ...member } : member,
              depth,
            )
          : this.#members(mergeSchemas([own, this.#dereferenced(member)]), depth),
      );
    }
    return this.#ownMembers(own, depth);
  }

  #ownMembers(schema: SchemaObject, depth: number): string[] {
    if ("const" in schema) return this.#literals([schema["const"]]);
    if (Array.isArray(schema["enum"])) return this.#literals(schema["enum"]);
    const { type } = schema;
    if (Array.isArray(type)) return type.map((one: unknown) => this.#ofType(one, schema, depth));
    return [this.#ofType(type ?? impliedType(schema), schema, depth)];
  }

  #ofType(type: unknown, schema: SchemaObject, depth: number): string {
    if (type === "object") return this.#object(schema, depth);
    if (type === "array") return this.#array(schema, depth);
    const { format } = schema;
    if (type === "string" && typeof format === "string" && FORMATS.has(format)) return format;
    return typeof type === "string" && PLAIN_TYPES.has(type) ? type : "any";
  }

  #object(schema: SchemaObject, depth: number): string {
    const properties = isSchemaObject(schema["properties"]) ? schema["properties"] : {};
    const required = Array.isArray(schema["required"]) ? (schema["required"] as unknown[]) : [];
    const listed = Object.entries(properties).filter(([, value]) => value !== false);
    const unlisted = required.filter((key) => typeof key === "string" && !Object.hasOwn(properties, key));
    if (listed.length + unlisted.length === 0) return schema["additionalProperties"] === false ? "{}" : "object";
    if (depth >= this.#maxDepth) return "object";
    const fields: string[] = [];
    for (const [key, value] of listed) {
      if (this.#steps < 0) break;
      fields.push(`${keyText(key)}${required.includes(key) ? "" : "?"}: ${this.#members(value, depth + 1).join("|")}`);
    }
    for (const key of unlisted) fields.push(`${keyText(key as string)}: any`);
    return `{${fields.join(", ")}}`;
  }

  #array(schema: SchemaObject, depth: number): string {
    const { prefixItems, items } = schema;
    const prefix = Array.isArray(prefixItems) ? prefixItems : Array.isArray(items) ? items : [];
    const rest = Array.isArray(items) || items === undefined || items === false ? [] : [items];
    const all: unknown[] = [...(prefix as unknown[]), ...rest];
    if (all.length === 0) return "any[]";
    const members = nullLast(new Set(all.flatMap((item) => this.#members(item, depth + 1))));
    if (members.includes("any")) return "any[]";
    return members.length === 1 ? `${members[0]}[]` : `(${members.join("|")})[]`;
  }

  #literals(values: readonly unknown[]): string[] {
    this.#steps -= values.length;
    if (this.#steps < 0) return ["any"];
    return values.map((value) => (typeof value === "object" && value !== null ? "any" : JSON.stringify(value)));
  }

  #abridged(schema: SchemaObject): string {
    const type = schema["type"] ?? impliedType(schema);
    return type === "object" ? "object" : type === "array" ? "any[]" : "any";
  }

  #dereferenced(schema: unknown): unknown {
    let current = schema;
    for (let hops = 0; hops < 16 && isSchemaObject(current) && typeof current["$ref"] === "string"; hops++) {
      current = resolveLocal(this.#root, current["$ref"]);
    }
    return current;
  }
}

/** True when the schema's own keywords say more than its `anyOf`. */
function tellsAll(own: SchemaObject): boolean {
  return "const" in own || "enum" in own;
}

function impliedType(schema: SchemaObject): string | undefined {
  return IMPLIED_TYPES.find(([, keys]) => keys.some((key) => key in schema))?.[0];
}

function keyText(key: string): string {
  return IDENTIFIER.test(key) ? key : JSON.stringify(key);
}

function nullLast(members: ReadonlySet<string>): string[] {
  const others = [...members].filter((member) => member !== "null");
  return members.has("null") ? [...others, "null"] : others;
}
