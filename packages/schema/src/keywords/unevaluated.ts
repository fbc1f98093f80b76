import type { EvaluatedMembers, Keyword, KeywordContext } from "../compiler/keyword.ts";
import { ANYTHING, type ValueId } from "../formula/formula.ts";

export const unevaluatedProperties: Keyword = {
  name: "unevaluatedProperties",
  kind: "applicator",
  onlyFor: "containers",
  dialects: ["2019-09", "2020-12"],
  enforces: "a schema for the values under keys that no other keyword that holds has looked at",
  compile(value, context) {
    const others = context.subschema(value, "unevaluatedProperties");
    if (others === ANYTHING) return;
    const { values, arena } = context;
    const { members } = context.evaluation("unevaluatedProperties");
    const always = arena.unionAll(members.filter((entry) => entry.when === ANYTHING).map((entry) => entry.keys));
    const sometimes = members.filter((entry) => entry.when !== ANYTHING);
    for (const region of regions(arena.difference(arena.anyText, always), sometimes, context)) {
      const everyOther = values.objects.conjunction({ rules: [{ keys: region.keys, value: others }] });
      context.restrictTo(values.or(context.only({ object: everyOther }), values.any(region.conditions)));
    }
  },
};

export const unevaluatedItems: Keyword = {
  name: "unevaluatedItems",
  kind: "applicator",
  onlyFor: "containers",
  dialects: ["2019-09", "2020-12"],
  enforces: "a schema for the items that no other keyword that holds has looked at",
  compile(value, context) {
    const others = context.subschema(value, "unevaluatedItems");
    if (others === ANYTHING) return;
    const { values } = context;
    const { items } = context.evaluation("unevaluatedItems");
    const always = items.filter((entry) => entry.when === ANYTHING);
    const sometimes = items.filter((entry) => entry.when !== ANYTHING);
    // Every way for the conditional entries to hold or not; the set only grows with the entries that hold.
    let cases: { when: ValueId; count: number; allowed: ValueId }[] = [
      {
        when: ANYTHING,
        count: Math.max(0, ...always.map((entry) => entry.count)),
        allowed: values.any([others, ...always.map((entry) => entry.matching)]),
      },
    ];
    for (const entry of sometimes) {
      const extended = new Map<string, (typeof cases)[number]>();
      for (const old of cases) {
        context.arena.spend();
        const holds = {
          when: values.and(old.when, entry.when),
          count: Math.max(old.count, entry.count),
          allowed: values.or(old.allowed, entry.matching),
        };
        for (const one of [old, holds]) extended.set(`${one.when},${one.count},${one.allowed}`, one);
      }
      cases = [...extended.values()];
    }
    const accepted = cases.map(({ when, count, allowed }) => {
      if (count === Infinity) return when;
      const prefix = Array.from({ length: count }, () => ANYTHING);
      return values.and(when, context.only({ array: values.arrays.conjunction({ prefix, rest: allowed }) }));
    });
    context.restrictTo(values.any(accepted));
  },
};

interface Region {
  readonly keys: number;
  readonly conditions: readonly ValueId[];
}

/** Cuts `keys` into regions of keys that the same entries evaluate. */
function regions(keys: number, entries: readonly EvaluatedMembers[], context: KeywordContext): Region[] {
  const { arena } = context;
  let found: Region[] = arena.isEmpty(keys) ? [] : [{ keys, conditions: [] }];
  for (const entry of entries) {
    const split: Region[] = [];
    for (const region of found) {
      arena.spend();
      const inside = arena.intersect(region.keys, entry.keys);
      if (arena.isEmpty(inside)) {
        split.push(region);
        continue;
      }
      split.push({ keys: inside, conditions: [...region.conditions, entry.when] });
      const outside = arena.difference(region.keys, entry.keys);
      if (!arena.isEmpty(outside)) split.push({ keys: outside, conditions: region.conditions });
    }
    found = split;
  }
  return found;
}
