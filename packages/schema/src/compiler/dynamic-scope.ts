import type { SchemaSite } from "../document/schema-documents.ts";

/**
 * The resources that were entered on the way to a schema, outermost first: what `$dynamicRef` and `$recursiveRef` look
 * through. Interned by key; the empty scope throughout in documents that use neither.
 */
export interface DynamicScope {
  readonly key: string;
  readonly resources: readonly SchemaSite[];
}

export const EMPTY_SCOPE: DynamicScope = { key: "", resources: [] };

/** The scope after entering the resource of `site`. Entering a resource again changes nothing that a look-up could see. */
export function enterResource(scope: DynamicScope, site: SchemaSite): DynamicScope {
  if (scope.resources.some((known) => known.baseUri === site.baseUri)) return scope;
  return { key: `${scope.key} ${site.baseUri}`, resources: [...scope.resources, site] };
}
