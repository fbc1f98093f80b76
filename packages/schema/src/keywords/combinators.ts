import { list } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const allOf: Keyword = {
  name: "allOf",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "every one of several schemas",
  compile(value, context) {
    list(value, context.pointer("allOf")).forEach((schema, i) => {
      context.restrictTo(context.subschema(schema, "allOf", i));
    });
  },
};

export const anyOf: Keyword = {
  name: "anyOf",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "at least one of several schemas",
  compile(value, context) {
    const branches = list(value, context.pointer("anyOf"));
    context.restrictTo(context.values.any(branches.map((schema, i) => context.subschema(schema, "anyOf", i))));
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
