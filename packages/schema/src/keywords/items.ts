import { part } from "@espalier/grammar";
import { subschemas } from "../compiler/subschema-lists.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { ANYTHING, type ValueId } from "../formula/formula.ts";

// `prefixItems` is the array form that `items` had before 2020-12; the array form is still read there, as many schemas in
// use never say which draft they mean.
export const prefixItems: Keyword = {
  name: "prefixItems",
  kind: "applicator",
  onlyFor: "containers",
  dialects: ["2020-12"],
  enforces: "a schema for each of the first items",
  *compile(value, context) {
    const { arrays } = context.values;
    const prefix = yield* subschemas(value, "prefixItems", context);
    context.restrict({ array: yield* part(() => arrays.conjunction({ prefix })) });
  },
};

export const items: Keyword = {
  name: "items",
  kind: "applicator",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "a schema for all items (2020-12: for those after prefixItems; an array: one for each of the first items)",
  *compile(value, context) {
    const { arrays } = context.values;
    if (Array.isArray(value)) {
      const additional = context.schema["additionalItems"];
      const rest: ValueId = additional === undefined ? ANYTHING : context.subschema(additional, "additionalItems");
      const prefix = yield* subschemas(value, "items", context);
      context.restrict({ array: yield* part(() => arrays.conjunction({ prefix, rest })) });
      return;
    }
    const rest = context.subschema(value, "items");
    const first = context.site.dialect === "2020-12" ? context.schema["prefixItems"] : undefined;
    const prefix = Array.isArray(first) ? first.map(() => ANYTHING) : [];
    context.restrict({ array: arrays.conjunction({ prefix, rest }) });
  },
};

export const additionalItems: Keyword = {
  name: "additionalItems",
  kind: "applicator",
  dialects: ["draft-04", "draft-06", "draft-07", "2019-09"],
  enforces: "a schema for the items after those that an array form of items names",
  doneBy: "items",
};
