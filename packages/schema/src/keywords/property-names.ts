import type { Keyword } from "../compiler/keyword.ts";
import { NOTHING } from "../formula/formula.ts";

export const propertyNames: Keyword = {
  name: "propertyNames",
  kind: "applicator",
  onlyFor: "containers",
  dialects: ["draft-06", "draft-07", "2019-09", "2020-12"],
  enforces: "a schema for every key",
  compile(value, context) {
    const { values, arena } = context;
    const { string, outerString } = context.strings(value, "propertyNames");
    const keys = arena.difference(arena.anyText, string);
    const dual = outerString === string ? undefined : arena.difference(arena.anyText, outerString);
    const rules = [{ keys, value: NOTHING, dual }];
    context.restrict({ object: values.objects.conjunction({ rules }) });
  },
};
