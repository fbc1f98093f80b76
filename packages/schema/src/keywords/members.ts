import { record } from "../compiler/checks.ts";
import type { Keyword, KeywordContext } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { ANYTHING, type KeyRule, type ValueId } from "../formula/formula.ts";

// The three keywords together say what the value under each key must be; whichever comes first in the index does the work.
export const properties: Keyword = {
  name: "properties",
  kind: "applicator",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "a schema for the value under each named key",
  compile: (_, context) => compileMembers(context),
};

export const patternProperties: Keyword = {
  name: "patternProperties",
  kind: "applicator",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "a schema for the values under keys that a regular expression matches; overlapping ones all hold",
  compile(_, context) {
    if (context.schema["properties"] === undefined) compileMembers(context);
  },
};

export const additionalProperties: Keyword = {
  name: "additionalProperties",
  kind: "applicator",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "a schema for the values under all other keys",
  compile(_, context) {
    const { schema } = context;
    if (schema["properties"] === undefined && schema["patternProperties"] === undefined) compileMembers(context);
  },
};

function compileMembers(context: KeywordContext): void {
  const { schema, values, arena } = context;
  const named = record(schema["properties"] ?? {}, context.pointer("properties"));
  const patterned = record(schema["patternProperties"] ?? {}, context.pointer("patternProperties"));
  const rules: KeyRule[] = Object.keys(patterned).map((source) => ({
    keys: context.pattern(source, "patternProperties", source),
    value: context.subschema(patterned[source], "patternProperties", source),
  }));
  const others = schema["additionalProperties"];
  if (context.onlyChecks) {
    for (const key of Object.keys(named)) context.subschema(named[key], "properties", key);
    if (others !== undefined) context.subschema(others, "additionalProperties");
    return;
  }
  const words = new Map<string, ValueId>();
  for (const key of Object.keys(named)) {
    let value = context.subschema(named[key], "properties", key);
    for (const rule of rules) {
      if (arena.acceptsText(rule.keys, key)) value = values.and(value, rule.value);
    }
    words.set(key.toWellFormed(), value);
  }
  if (others !== undefined) {
    const value = context.subschema(others, "additionalProperties");
    const matched = arena.unionAll(rules.map((rule) => rule.keys));
    if (value !== ANYTHING) rules.push({ keys: arena.difference(arena.anyText, matched), value });
  }
  context.restrict({ object: values.objects.conjunction({ words, rules }) });
}
