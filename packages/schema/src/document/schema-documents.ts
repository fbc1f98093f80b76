import { InvalidInputError, LimitExceededError, type WorkBudget } from "@espalier/grammar";
import { dialectOfUri, isAtLeast, type Dialect } from "./dialect.ts";
import { appendPointer, pointerBelow, pointerTokens } from "./json-pointer.ts";
import { ObjectKeys } from "./object-keys.ts";
import { isSchemaObject, subschemas, type Schema, type SchemaObject, type Subschema } from "./subschemas.ts";

/** Where a schema stands: what its relative references start from, and how it is read. */
export interface SchemaSite {
  /** A number that is the same for the same place of an equal document. */
  readonly serial: number;
  readonly baseUri: string;
  readonly dialect: Dialect;
  /** JSON Pointer fragment from the document's root, as errors and reports print it. */
  readonly pointer: string;
  /** The schema at the root of the resource (the nearest `$id` above, or the document). */
  readonly resource: Schema;
}

export interface Located {
  readonly schema: Schema;
  readonly site: SchemaSite;
}

/** Other documents by absolute URI (without fragment). */
export type SchemaLookup = (uri: string) => unknown;

export interface SchemaDocumentsOptions {
  readonly defaultDialect: Dialect;
  readonly maxDepth: number;
  readonly lookup: SchemaLookup | undefined;
  readonly budget: WorkBudget | undefined;
}

const ROOT_URI = "schema:///root";

/** Subschemas looked at between two yields: well under a millisecond. */
const SCHEMAS_AT_A_TIME = 200;

const DYNAMIC_KEYWORDS = ["$dynamicRef", "$dynamicAnchor", "$recursiveRef", "$recursiveAnchor"];

/** A schema document with its embedded resources, anchors and the other documents that it refers to. */
export class SchemaDocuments {
  #root: Located | undefined;
  /** For objects that may be large. */
  readonly keys: ObjectKeys = new ObjectKeys();
  readonly #options: SchemaDocumentsOptions;
  readonly #sites = new WeakMap<SchemaObject, SchemaSite>();
  readonly #resources = new Map<string, Located>();
  readonly #anchors = new Map<string, Located>();
  readonly #dynamicAnchors = new Set<string>();
  #serial = 0;
  /**
   * True when the meaning of a schema may depend on the way that led to it. Anchors count by themselves: the reference that looks
   * for them may be in another document, not read yet.
   */
  usesDynamicScope = false;

  constructor(options: SchemaDocumentsOptions) {
    this.#options = options;
  }

  /**
   * Goes through the document, a piece at a time; {@link root} is there when it is done.
   * @throws InvalidInputError when something that must be a schema is not one.
   * @throws LimitExceededError when schemas nest deeper than `maxDepth`.
   */
  *read(schema: unknown): Generator<undefined, void> {
    this.#root = yield* this.#survey(schema, ROOT_URI, this.#options.defaultDialect);
  }

  get root(): Located {
    if (this.#root === undefined) throw new Error("The document has not been read yet.");
    return this.#root;
  }

  /** Where `schema` stands; it was found `path` below `within`, which counts for objects that the survey did not reach. */
  siteOf(schema: SchemaObject, within: SchemaSite, path: readonly (string | number)[]): SchemaSite {
    let site = this.#sites.get(schema);
    if (site === undefined) {
      site = { ...within, serial: ++this.#serial, pointer: pointerBelow(within.pointer, path) };
      this.#sites.set(schema, site);
    }
    return site;
  }

  /**
   * The schema that `reference` names, seen from `from`.
   * @throws InvalidInputError when there is none.
   */
  resolve(reference: string, from: SchemaSite, pointer: string): Located {
    const uri = resolveUri(reference, from.baseUri, pointer);
    const [resourceUri, fragment] = splitUri(uri);
    const resource = this.#resource(resourceUri, reference, pointer, from.dialect);
    if (fragment === "") return resource;
    if (!fragment.startsWith("/")) {
      const anchored = this.#anchors.get(`${resourceUri}#${fragment}`);
      if (anchored !== undefined) return anchored;
      throw unresolved(reference, pointer, `there is no anchor "${fragment}" in ${resourceUri}`);
    }
    try {
      return this.#walk(resource, fragment, reference, pointer);
    } catch (error) {
      // Many schemas in use give embedded schemas an id, and still point from the document's root.
      const isLocal = reference.startsWith("#") && resource.schema !== this.root.schema;
      if (isLocal && error instanceof InvalidInputError) return this.#walk(this.root, fragment, reference, pointer);
      throw error;
    }
  }

  /** True when `located` was reached by an anchor that `$dynamicAnchor` declares. */
  isDynamicAnchor(resourceUri: string, name: string): boolean {
    return this.#dynamicAnchors.has(`${resourceUri}#${name}`);
  }

  anchor(resourceUri: string, name: string): Located | undefined {
    return this.#anchors.get(`${resourceUri}#${name}`);
  }

  #resource(uri: string, reference: string, pointer: string, dialect: Dialect): Located {
    const known = this.#resources.get(uri) ?? this.#resources.get(`${uri}#`);
    if (known !== undefined) return known;
    const other = this.#options.lookup?.(uri);
    if (other === undefined) {
      throw unresolved(reference, pointer, `no schema with the URI ${uri} is known (the network is never asked)`);
    }
    if (other instanceof Promise) {
      throw new InvalidInputError({
        message: `The resolve option answered ${uri} with a promise.`,
        place: pointer,
        hint: "Compile with JsonSchema.compile, which waits for documents.",
      });
    }
    const located = finished(this.#survey(other, uri, dialect));
    this.#resources.set(uri, located);
    return located;
  }

  #walk(resource: Located, fragment: string, reference: string, pointer: string): Located {
    let current: unknown = resource.schema;
    let site = resource.site;
    let path = resource.site.pointer;
    for (const token of pointerTokens(decodeFragment(fragment))) {
      const container = current as Record<string, unknown> | unknown[] | null;
      const has = typeof container === "object" && container !== null && Object.hasOwn(container, token);
      if (!has) throw unresolved(reference, pointer, `nothing is at ${path}/${token}`);
      current = (container as Record<string, unknown>)[token];
      path = appendPointer(path, token);
      if (isSchemaObject(current)) site = this.#sites.get(current) ?? site;
    }
    if (typeof current === "boolean") return { schema: current, site: { ...site, pointer: path } };
    if (!isSchemaObject(current)) throw unresolved(reference, pointer, `${path} is not a schema`);
    if (!this.#sites.has(current)) finished(this.#visit(current, site, path, 0));
    return { schema: current, site: this.siteOf(current, { ...site, pointer: path }, []) };
  }

  *#survey(schema: unknown, uri: string, inherited: Dialect): Generator<undefined, Located> {
    if (typeof schema === "boolean") {
      const site = { serial: ++this.#serial, baseUri: uri, dialect: inherited, pointer: "#", resource: schema };
      const located = { schema, site };
      this.#resources.set(uri, located);
      return located;
    }
    if (!isSchemaObject(schema)) {
      throw new InvalidInputError({
        message: `A schema must be an object or a boolean, not ${describe(schema)}.`,
        place: "#",
      });
    }
    const site: SchemaSite = { serial: 0, baseUri: uri, dialect: inherited, pointer: "#", resource: schema };
    yield* this.#visit(schema, site, "#", 0);
    const located = { schema, site: this.#sites.get(schema)! };
    this.#resources.set(uri, located);
    return located;
  }

  /** Goes through a schema and its subschemas with a stack of its own, noting sites, resources and anchors. */
  *#visit(start: SchemaObject, within: SchemaSite, pointer: string, depth: number): Generator<undefined, void> {
    const stack: { readonly site: SchemaSite; readonly children: Iterator<Subschema, void> }[] = [];
    const enter = (schema: SchemaObject, around: SchemaSite, place: string): void => {
      this.#options.budget?.spend();
      if (depth + stack.length > this.#options.maxDepth) {
        throw new LimitExceededError({
          message: `The schema nests deeper than maxDepth (${this.#options.maxDepth}).`,
          limit: "maxDepth",
          allowed: this.#options.maxDepth,
          place: shorten(place),
          hint: "Use $defs and $ref, or raise maxDepth.",
        });
      }
      if (this.#sites.has(schema)) return;
      const site = this.#note(schema, around, place);
      if (DYNAMIC_KEYWORDS.some((keyword) => keyword in schema)) this.usesDynamicScope = true;
      stack.push({ site, children: subschemas(schema, site.dialect, this.keys) });
    };
    enter(start, within, pointer);
    let visited = 0;
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const child = top.children.next().value;
      if (child === undefined) {
        stack.pop();
        continue;
      }
      if (++visited % SCHEMAS_AT_A_TIME === 0) yield;
      if (!isSchemaObject(child.schema)) continue;
      let place = appendPointer(top.site.pointer, child.keyword);
      if (child.token !== undefined) place = appendPointer(place, child.token);
      enter(child.schema, top.site, place);
    }
  }

  #note(schema: SchemaObject, within: SchemaSite, pointer: string): SchemaSite {
    let { baseUri, dialect, resource } = within;
    const declared = typeof schema["$schema"] === "string" ? dialectOfUri(schema["$schema"]) : undefined;
    if (declared !== undefined) dialect = declared;
    const idKeyword = dialect === "draft-04" ? "id" : "$id";
    const id = schema[idKeyword];
    const ignored = "$ref" in schema && !isAtLeast(dialect, "2019-09");
    let anchor: string | undefined;
    if (typeof id === "string" && !ignored) {
      const [path, fragment] = splitUri(id);
      if (path !== "") {
        baseUri = splitUri(resolveUri(path, baseUri, pointer))[0];
        resource = schema;
      }
      if (fragment !== "" && !isAtLeast(dialect, "2019-09")) anchor = fragment;
    }
    const site: SchemaSite = { serial: ++this.#serial, baseUri, dialect, pointer, resource };
    this.#sites.set(schema, site);
    const located = { schema, site };
    if (resource === schema && baseUri !== within.baseUri) this.#resources.set(baseUri, located);
    if (anchor !== undefined) this.#anchors.set(`${baseUri}#${anchor}`, located);
    if (isAtLeast(dialect, "2019-09") && typeof schema["$anchor"] === "string") {
      this.#anchors.set(`${baseUri}#${schema["$anchor"]}`, located);
    }
    if (dialect === "2020-12" && typeof schema["$dynamicAnchor"] === "string") {
      this.#anchors.set(`${baseUri}#${schema["$dynamicAnchor"]}`, located);
      this.#dynamicAnchors.add(`${baseUri}#${schema["$dynamicAnchor"]}`);
    }
    return site;
  }
}

/** Runs a survey to its end. */
export function finished<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}

function splitUri(uri: string): [path: string, fragment: string] {
  const hash = uri.indexOf("#");
  return hash < 0 ? [uri, ""] : [uri.slice(0, hash), uri.slice(hash + 1)];
}

function resolveUri(reference: string, baseUri: string, pointer: string): string {
  if (reference.startsWith("#")) return baseUri + reference;
  try {
    return new URL(reference, baseUri).href;
  } catch (cause) {
    // A base that is an opaque path (urn:…) takes no relative reference; the reference may still be absolute by itself.
    throw unresolved(reference, pointer, `it is not a URI reference that can be resolved against ${baseUri}`, cause);
  }
}

function decodeFragment(fragment: string): string {
  try {
    return decodeURIComponent(fragment);
  } catch {
    return fragment;
  }
}

function unresolved(reference: string, pointer: string, why: string, cause?: unknown): InvalidInputError {
  return new InvalidInputError({
    message: `The reference "${reference}" at ${pointer} cannot be resolved: ${why}.`,
    place: pointer,
    hint: "Put the schema under $defs, or pass other documents with the resolve option.",
    cause,
  });
}

function describe(value: unknown): string {
  return value === null ? "null" : Array.isArray(value) ? "an array" : `a ${typeof value}`;
}

function shorten(pointer: string): string {
  return pointer.length <= 120 ? pointer : `${pointer.slice(0, 60)}…${pointer.slice(-40)}`;
}
