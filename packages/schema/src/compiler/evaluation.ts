import { isAtLeast } from "../document/dialect.ts";
import type { Located, SchemaSite } from "../document/schema-documents.ts";
import { isSchemaObject, type SchemaObject } from "../document/subschemas.ts";
import { ANYTHING, NOTHING, type ValueId } from "../formula/formula.ts";
import type { DynamicScope } from "./dynamic-scope.ts";
import type { EvaluatedItems, EvaluatedMembers, Evaluation } from "./keyword.ts";
import { activeKeywords } from "./active-keywords.ts";
import type { SchemaCompiler } from "./schema-compiler.ts";

/**
 * Which members and items `schema` looks at, each with the condition under which it does: the annotations that `unevaluated*`
 * collects, as sets of instances rather than as a run-time record. The schema itself is taken to hold.
 * @param exclude the keyword that asks, whose own look does not count
 */
export function evaluationOf(
  compiler: SchemaCompiler,
  schema: SchemaObject,
  site: SchemaSite,
  scope: DynamicScope,
  exclude: string,
): Evaluation {
  const members: EvaluatedMembers[] = [];
  const items: EvaluatedItems[] = [];
  const context = compiler.contextOf(schema, site, scope, () => {});
  const { values, arena } = context;

  const apply = (child: unknown, when: ValueId, located: Located): void => {
    if (!isSchemaObject(child)) return;
    const inner = evaluationOf(compiler, child, located.site, compiler.scopeIn(scope, located.site), "");
    for (const entry of inner.members) members.push({ ...entry, when: values.and(when, entry.when) });
    for (const entry of inner.items) items.push({ ...entry, when: values.and(when, entry.when) });
  };
  const applyChild = (child: unknown, when: ValueId, ...path: (string | number)[]): void => {
    if (isSchemaObject(child)) {
      const childSite = compiler.documents.siteOf(child, site, path);
      apply(child, when, { schema: child, site: childSite });
    }
  };

  for (const { name } of activeKeywords(schema, site)) {
    if (name === exclude) continue;
    const value = schema[name];
    switch (name) {
      case "properties":
        members.push({ when: ANYTHING, keys: arena.words(Object.keys(value as object)) });
        break;
      case "patternProperties":
        for (const source of Object.keys(value as object)) {
          members.push({ when: ANYTHING, keys: context.pattern(source, name, source) });
        }
        break;
      case "additionalProperties":
      case "unevaluatedProperties":
        members.push({ when: ANYTHING, keys: arena.anyText });
        break;
      case "prefixItems":
        items.push({ when: ANYTHING, count: (value as unknown[]).length, matching: NOTHING });
        break;
      case "items":
        items.push(evaluatedByItems(value, schema));
        break;
      case "unevaluatedItems":
        items.push({ when: ANYTHING, count: Infinity, matching: NOTHING });
        break;
      case "contains":
        if (isAtLeast(site.dialect, "2020-12")) {
          items.push({ when: ANYTHING, count: 0, matching: context.subschema(value, name) });
        }
        break;
      case "$ref":
        followReference(context.resolve(value as string, name), apply);
        break;
      case "$dynamicRef":
      case "$recursiveRef":
        followReference(context.resolveDynamic(value as string, name), apply);
        break;
      case "allOf":
        (value as unknown[]).forEach((child, i) => applyChild(child, ANYTHING, name, i));
        break;
      case "anyOf":
      case "oneOf":
        (value as unknown[]).forEach((child, i) => applyChild(child, context.subschema(child, name, i), name, i));
        break;
      case "if": {
        const condition = context.subschema(value, name);
        applyChild(value, condition, name);
        if (schema["then"] !== undefined) applyChild(schema["then"], condition, "then");
        if (schema["else"] !== undefined) applyChild(schema["else"], values.not(condition), "else");
        break;
      }
      case "dependentSchemas":
        for (const [key, child] of Object.entries(value as object)) {
          const present = values.objects.conjunction({ required: [key] });
          applyChild(child, values.formula({ object: present }), name, key);
        }
        break;
    }
  }
  return { members, items };
}

function followReference(located: Located, apply: (schema: unknown, when: ValueId, located: Located) => void): void {
  apply(located.schema, ANYTHING, located);
}

function evaluatedByItems(value: unknown, schema: SchemaObject): EvaluatedItems {
  const tuple = Array.isArray(value) && schema["additionalItems"] === undefined;
  return { when: ANYTHING, count: tuple ? value.length : Infinity, matching: NOTHING };
}
