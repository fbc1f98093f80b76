import { nonNegativeInteger } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { isAtLeast } from "../document/dialect.ts";

export const contains: Keyword = {
  name: "contains",
  kind: "applicator",
  onlyFor: "containers",
  dialects: ["draft-06", "draft-07", "2019-09", "2020-12"],
  enforces: "how many items satisfy a schema: at least minContains (1), at most maxContains",
  compile(value, context) {
    const { values, schema, site } = context;
    const inside = context.subschema(value, "contains");
    const counted = isAtLeast(site.dialect, "2019-09");
    const bound = (keyword: string, otherwise: number): number =>
      counted && schema[keyword] !== undefined
        ? nonNegativeInteger(schema[keyword], context.pointer(keyword))
        : otherwise;
    const least = bound("minContains", 1);
    const most = bound("maxContains", Infinity);
    context.restrict({
      array: values.arrays.conjunction({
        atLeastInside: [{ value: inside, count: least }],
        atMostOutside: most === Infinity ? [] : [{ value: values.not(inside), count: most }],
      }),
    });
  },
};

export const minContains: Keyword = {
  name: "minContains",
  kind: "assertion",
  dialects: ["2019-09", "2020-12"],
  enforces: "the least number of items that satisfy contains",
  doneBy: "contains",
};

export const maxContains: Keyword = {
  name: "maxContains",
  kind: "assertion",
  dialects: ["2019-09", "2020-12"],
  enforces: "the greatest number of items that satisfy contains",
  doneBy: "contains",
};
