import { part } from "@espalier/grammar";
import { subschemas } from "../compiler/subschema-lists.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const allOf: Keyword = {
  name: "allOf",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "every one of several schemas",
  *compile(value, context) {
    for (const each of yield* subschemas(value, "allOf", context)) context.restrictTo(each);
  },
};

export const anyOf: Keyword = {
  name: "anyOf",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "at least one of several schemas",
  *compile(value, context) {
    const branches = yield* subschemas(value, "anyOf", context);
    context.restrictTo(yield* part(() => context.values.any(branches)));
  },
};

export const not: Keyword = {
  name: "not",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "that a schema does not hold",
  compile(value, context) {
    context.restrictTo(context.values.not(context.subschema(value, "not")));
  },
};
