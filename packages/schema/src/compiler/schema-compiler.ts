import { compileRegex, InvalidInputError, part, type Steps, type Term } from "@espalier/grammar";
import { isAtLeast } from "../document/dialect.ts";
import { pointerBelow } from "../document/json-pointer.ts";
import type { Located, SchemaDocuments, SchemaSite } from "../document/schema-documents.ts";
import { isSchemaObject, type SchemaObject } from "../document/subschemas.ts";
import type { ConstantValues } from "../formula/constant-values.ts";
import { ANYTHING, NOTHING, type ValueId } from "../formula/formula.ts";
import type { ValueAlgebra } from "../formula/value-algebra.ts";
import { activeKeywords, saysNothing } from "./active-keywords.ts";
import { EMPTY_SCOPE, enterResource, type DynamicScope } from "./dynamic-scope.ts";
import { contentLanguagesKey } from "../content/content-language.ts";
import type { CompilerOptions, KeywordContext } from "./keyword.ts";
import { PlainSchemas } from "./plain-schemas.ts";
import { SchemaContext } from "./schema-context.ts";
import { SchemaKeys } from "./schema-keys.ts";

/**
 * What of a schema is worked out: all its values, or (for `propertyNames`, which may well refer to the schema that it stands in)
 * only what it says of strings.
 */
export type CompiledAspect = "values" | "strings";

/** Turns schemas into sets of values, each when it is first asked for. */
export class SchemaCompiler {
  readonly values: ValueAlgebra;
  readonly constants: ConstantValues;
  readonly documents: SchemaDocuments;
  readonly options: CompilerOptions;
  readonly #keys: SchemaKeys;
  readonly #plain: PlainSchemas;
  readonly #contentsKey: string;

  constructor(
    values: ValueAlgebra,
    constants: ConstantValues,
    documents: SchemaDocuments,
    options: CompilerOptions,
    documentKey: () => string,
  ) {
    this.values = values;
    this.constants = constants;
    this.documents = documents;
    this.options = options;
    this.#keys = new SchemaKeys(documentKey, documents.keys);
    this.#plain = new PlainSchemas(documents);
    this.#contentsKey = contentLanguagesKey(options.contents);
  }

  /** The values of the document's root. */
  root(): ValueId {
    const { schema, site } = this.documents.root;
    return this.compile(schema, site, EMPTY_SCOPE, []);
  }

  /** A handle for the values of `schema`, which stands `path` below `within`. */
  compile(
    schema: unknown,
    within: SchemaSite,
    scope: DynamicScope,
    path: readonly (string | number)[],
    aspect: CompiledAspect = "values",
  ): ValueId {
    if (schema === true) return ANYTHING;
    if (schema === false) return NOTHING;
    if (!isSchemaObject(schema)) {
      const pointer = pointerBelow(within.pointer, path);
      throw new InvalidInputError({ message: `${pointer} must be a schema: an object or a boolean.`, place: pointer });
    }
    const site = this.documents.siteOf(schema, within, path);
    if (saysNothing(schema, site)) return ANYTHING;
    const inner = this.scopeIn(scope, site);
    const key = `${aspect} ${this.options.formats}${this.#contentsKey} ${this.#keys.keyOf(schema, site)} ${inner.key}`;
    const subschema = {
      place: site.pointer,
      make: (): ValueId => this.values.arena.run(subschema, () => this.#compileObject(schema, site, inner, aspect)),
      hasMember: (): boolean => aspect === "values" && this.#plain.accepts(schema, site),
    };
    return this.values.subschema(key, subschema);
  }

  /** The scope inside the resource of `site`; the same one unless the documents look through scopes. */
  scopeIn(scope: DynamicScope, site: SchemaSite): DynamicScope {
    return this.documents.usesDynamicScope ? enterResource(scope, site) : scope;
  }

  *#compileObject(schema: SchemaObject, site: SchemaSite, scope: DynamicScope, aspect: CompiledAspect): Steps<ValueId> {
    const narrowings: ValueId[] = [];
    const context = this.contextOf(schema, site, scope, (value) => narrowings.push(value), aspect);
    for (const keyword of activeKeywords(schema, site)) {
      if (aspect === "strings" && keyword.onlyFor === "containers") continue;
      const { length } = narrowings;
      const steps = yield* part(() => {
        // What an interrupted keyword said is said again.
        narrowings.length = length;
        return keyword.compile?.(schema[keyword.name], context);
      });
      if (typeof steps === "object") yield* steps;
    }
    return yield* part(() => this.values.all(narrowings));
  }

  /** What keywords of `schema` may do; the sets that they narrow it to go to `restrictTo`. */
  contextOf(
    schema: SchemaObject,
    site: SchemaSite,
    scope: DynamicScope,
    restrictTo: (value: ValueId) => void,
    aspect: CompiledAspect = "values",
  ): KeywordContext {
    return new SchemaContext(this, schema, site, scope, restrictTo, aspect);
  }

  /** The dynamic target of `$dynamicRef` and `$recursiveRef`. */
  resolveDynamic(reference: string, site: SchemaSite, scope: DynamicScope, pointer: string): Located {
    const { documents } = this;
    const first = documents.resolve(reference, site, pointer);
    if (isAtLeast(site.dialect, "2020-12")) {
      const name = reference.slice(reference.indexOf("#") + 1);
      if (!reference.includes("#") || name.startsWith("/")) return first;
      if (!documents.isDynamicAnchor(first.site.baseUri, name)) return first;
      for (const resource of scope.resources) {
        if (documents.isDynamicAnchor(resource.baseUri, name)) return documents.anchor(resource.baseUri, name)!;
      }
      return first;
    }
    if (!isSchemaObject(first.schema) || first.schema["$recursiveAnchor"] !== true) return first;
    for (const resource of scope.resources) {
      if (isSchemaObject(resource.resource) && resource.resource["$recursiveAnchor"] === true) {
        return documents.resolve(resource.baseUri, resource, pointer);
      }
    }
    return first;
  }

  /** The language of strings that a regular expression matches somewhere. */
  pattern(source: string, place: string): Term {
    const { arena } = this.values;
    const term = compileRegex(arena, source, { flags: "u", fallback: true, match: "search", place });
    return arena.isTextual(term) ? term : arena.intersect(term, arena.anyText);
  }
}
