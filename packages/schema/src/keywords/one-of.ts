import { list } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { exactlyOne } from "../formula/exactly-one.ts";

export const oneOf: Keyword = {
  name: "oneOf",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "exactly one of several schemas",
  compile(value, context) {
    const branches = list(value, context.pointer("oneOf")).map((schema, i) => context.subschema(schema, "oneOf", i));
    context.restrictTo(exactlyOne(context.values, branches));
  },
};
