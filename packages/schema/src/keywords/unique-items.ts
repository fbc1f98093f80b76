import { flag } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const uniqueItems: Keyword = {
  name: "uniqueItems",
  kind: "assertion",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "that no two items are deeply equal",
  compile(value, context) {
    if (flag(value, context.pointer("uniqueItems")))
      context.restrict({ array: context.values.arrays.conjunction({ unique: true }) });
  },
};
