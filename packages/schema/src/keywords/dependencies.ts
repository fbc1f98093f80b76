import { part, type Steps } from "@espalier/grammar";
import { record, strings } from "../compiler/checks.ts";
import type { Keyword, KeywordContext } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { NOTHING, type ObjectFormula } from "../formula/formula.ts";

export const dependentRequired: Keyword = {
  name: "dependentRequired",
  kind: "assertion",
  onlyFor: "containers",
  dialects: ["2019-09", "2020-12"],
  enforces: "keys that must be there when another is",
  *compile(value, context) {
    const dependencies = record(value, context.pointer("dependentRequired"));
    for (const key of context.keys.of(dependencies))
      yield* requires(key, dependencies[key], "dependentRequired", context);
  },
};

export const dependentSchemas: Keyword = {
  name: "dependentSchemas",
  kind: "applicator",
  dialects: ["2019-09", "2020-12"],
  enforces: "a schema for the whole object when a key is there",
  *compile(value, context) {
    const dependencies = record(value, context.pointer("dependentSchemas"));
    for (const key of context.keys.of(dependencies))
      yield* applies(key, dependencies[key], "dependentSchemas", context);
  },
};

// Left out of the specification since 2019-09, but still read: schemas that use it mean it.
export const dependencies: Keyword = {
  name: "dependencies",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "the older form of dependentRequired and dependentSchemas",
  *compile(value, context) {
    const all = record(value, context.pointer("dependencies"));
    for (const key of context.keys.of(all)) {
      if (Array.isArray(all[key])) yield* requires(key, all[key], "dependencies", context);
      else yield* applies(key, all[key], "dependencies", context);
    }
  },
};

function* requires(key: string, value: unknown, keyword: string, context: KeywordContext): Steps<void> {
  const { objects } = context.values;
  const needed = strings(value, context.pointer(keyword, key));
  if (needed.length === 0) return;
  const object = yield* part(() => objects.or([without(key, context), objects.conjunction({ required: needed })]));
  context.restrict({ object });
}

function* applies(key: string, schema: unknown, keyword: string, context: KeywordContext): Steps<void> {
  const absent = context.only({ object: without(key, context) });
  const present = context.subschema(schema, keyword, key);
  context.restrictTo(yield* part(() => context.values.or(absent, present)));
}

function without(key: string, context: KeywordContext): ObjectFormula {
  return context.values.objects.conjunction({ words: new Map([[key, NOTHING]]) });
}
