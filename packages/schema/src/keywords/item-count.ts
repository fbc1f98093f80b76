import { nonNegativeInteger } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const minItems: Keyword = {
  name: "minItems",
  kind: "assertion",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "a least number of items",
  compile(value, context) {
    const least = nonNegativeInteger(value, context.pointer("minItems"));
    context.restrict({ array: context.values.arrays.conjunction({ minItems: least }) });
  },
};

export const maxItems: Keyword = {
  name: "maxItems",
  kind: "assertion",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "a greatest number of items",
  compile(value, context) {
    const most = nonNegativeInteger(value, context.pointer("maxItems"));
    context.restrict({ array: context.values.arrays.conjunction({ maxItems: most }) });
  },
};
