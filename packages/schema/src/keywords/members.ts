import { part, type Steps } from "@espalier/grammar";
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
    return context.schema["properties"] === undefined ? compileMembers(context) : undefined;
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
    const isFirst = schema["properties"] === undefined && schema["patternProperties"] === undefined;
    return isFirst ? compileMembers(context) : undefined;
  },
};

/** Properties between two steps: well under a millisecond. */
const NAMED_AT_A_TIME = 64;

function* compileMembers(context: KeywordContext): Steps<void> {
  const { schema, values, arena } = context;
  const named = record(schema["properties"] ?? {}, context.pointer("properties"));
  const patterned = record(schema["patternProperties"] ?? {}, context.pointer("patternProperties"));
  const rules: KeyRule[] = [];
  for (const source of Object.keys(patterned)) {
    const keys = yield* part(() => context.pattern(source, "patternProperties", source));
    rules.push({ keys, value: context.subschema(patterned[source], "patternProperties", source) });
  }
  const others = schema["additionalProperties"];
  const words = new Map<string, ValueId>();
  let taken = 0;
  for (const key of context.keys.of(named)) {
    if (++taken % NAMED_AT_A_TIME === 0) yield;
    let value = context.subschema(named[key], "properties", key);
    if (context.onlyChecks) continue;
    if (rules.length > 0) value = yield* part(() => narrowedByRules(value, key, rules, context));
    words.set(key.toWellFormed(), value);
  }
  if (others !== undefined) {
    const value = context.subschema(others, "additionalProperties");
    if (context.onlyChecks) return;
    const keys = yield* part(() => {
      const matched = arena.unionAll(rules.map((rule) => rule.keys));
      return value === ANYTHING ? arena.anyText : arena.difference(arena.anyText, matched);
    });
    if (value !== ANYTHING) rules.push({ keys, value });
  }
  if (context.onlyChecks) return;
  const object = yield* part(() => values.objects.conjunction({ words, rules }));
  context.restrict({ object });
}

/** The value under a key that is named, and that the rules speak of too. */
function narrowedByRules(
  value: ValueId,
  key: string,
  rules: readonly KeyRule[],
  { arena, values }: KeywordContext,
): ValueId {
  return rules.reduce((all, rule) => (arena.acceptsText(rule.keys, key) ? values.and(all, rule.value) : all), value);
}
