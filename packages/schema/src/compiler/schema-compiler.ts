import { compileRegex, InvalidInputError, type Term } from "@espalier/grammar";
import { isAtLeast } from "../document/dialect.ts";
import { appendPointer } from "../document/json-pointer.ts";
import type { Located, SchemaDocuments, SchemaSite } from "../document/schema-documents.ts";
import { isSchemaObject, type SchemaObject } from "../document/subschemas.ts";
import type { ConstantValues } from "../formula/constant-values.ts";
import { ALL_LITERALS, ANYTHING, NOTHING, type ValueId } from "../formula/formula.ts";
import type { ValueAlgebra, ValueParts } from "../formula/value-algebra.ts";
import { activeKeywords } from "./active-keywords.ts";
import { EMPTY_SCOPE, enterResource, type DynamicScope } from "./dynamic-scope.ts";
import { contentLanguagesKey } from "../content/content-language.ts";
import { NO_CONTENT } from "../content/content-table.ts";
import { evaluationOf } from "./evaluation.ts";
import type { CompilerOptions, KeywordContext } from "./keyword.ts";
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
  readonly #contentsKey: string;

  constructor(
    values: ValueAlgebra,
    constants: ConstantValues,
    documents: SchemaDocuments,
    options: CompilerOptions,
    documentKey: string,
  ) {
    this.values = values;
    this.constants = constants;
    this.documents = documents;
    this.options = options;
    this.#keys = new SchemaKeys(documentKey);
    this.#contentsKey = contentLanguagesKey(options.contents);
  }

  /** The values of the document's root. */
  root(): ValueId {
    const { schema, site } = this.documents.root;
    return this.compile(schema, site, EMPTY_SCOPE, "#");
  }

  /** A handle for the values of `schema`, which stands at `pointer` inside `within`. */
  compile(
    schema: unknown,
    within: SchemaSite,
    scope: DynamicScope,
    pointer: string,
    aspect: CompiledAspect = "values",
  ): ValueId {
    if (schema === true) return ANYTHING;
    if (schema === false) return NOTHING;
    if (!isSchemaObject(schema)) {
      throw new InvalidInputError({ message: `${pointer} must be a schema: an object or a boolean.`, place: pointer });
    }
    const site = this.documents.siteOf(schema, within, pointer);
    const inner = this.scopeIn(scope, site);
    const key = `${aspect} ${this.options.formats}${this.#contentsKey} ${this.#keys.keyOf(schema, site)} ${inner.key}`;
    return this.values.subschema(key, pointer, () => this.#compileObject(schema, site, inner, aspect));
  }

  /** The scope inside the resource of `site`; the same one unless the documents look through scopes. */
  scopeIn(scope: DynamicScope, site: SchemaSite): DynamicScope {
    return this.documents.usesDynamicScope ? enterResource(scope, site) : scope;
  }

  #compileObject(schema: SchemaObject, site: SchemaSite, scope: DynamicScope, aspect: CompiledAspect): ValueId {
    let result: ValueId = ANYTHING;
    const narrow = (value: ValueId): void => {
      result = this.values.and(result, value);
    };
    const context = this.contextOf(schema, site, scope, narrow, aspect);
    for (const keyword of activeKeywords(schema, site)) {
      if (aspect === "strings" && keyword.onlyFor === "containers") continue;
      keyword.compile?.(schema[keyword.name], context);
    }
    return result;
  }

  contextOf(
    schema: SchemaObject,
    site: SchemaSite,
    scope: DynamicScope,
    restrictTo: (value: ValueId) => void,
    aspect: CompiledAspect = "values",
  ): KeywordContext {
    const { values, constants, documents, options } = this;
    const pointer = (...path: readonly (string | number)[]): string => path.reduce<string>(appendPointer, site.pointer);
    const only = (parts: ValueParts): ValueId =>
      values.formula({
        literals: ALL_LITERALS,
        number: values.numbers.all,
        string: values.arena.anyText,
        array: values.arrays.all,
        object: values.objects.all,
        ...parts,
      });
    return {
      schema,
      site,
      scope,
      values,
      arena: values.arena,
      constants,
      options,
      pointer,
      only,
      restrict: (parts) => restrictTo(only(parts)),
      restrictTo,
      subschema: (child, ...path) => this.compile(child, site, scope, pointer(...path), aspect),
      strings: (child, ...path) => {
        const { string, outerString, content } = values.expand(
          this.compile(child, site, scope, pointer(...path), "strings"),
        );
        if (content !== NO_CONTENT) throw values.contents.refusal(content, "keys are regular");
        return { string, outerString };
      },
      referenced: (located) => this.compile(located.schema, located.site, scope, located.site.pointer, aspect),
      pattern: (source, ...path) => this.#pattern(source, pointer(...path)),
      resolve: (reference, keyword) => documents.resolve(reference, site, pointer(keyword)),
      resolveDynamic: (reference, keyword) => this.#resolveDynamic(reference, site, scope, pointer(keyword)),
      evaluation: (exclude) => evaluationOf(this, schema, site, scope, exclude),
    };
  }

  #resolveDynamic(reference: string, site: SchemaSite, scope: DynamicScope, pointer: string): Located {
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

  #pattern(source: string, place: string): Term {
    const { arena } = this.values;
    const term = compileRegex(arena, source, { flags: "u", fallback: true, match: "search", place });
    return arena.isTextual(term) ? term : arena.intersect(term, arena.anyText);
  }
}
