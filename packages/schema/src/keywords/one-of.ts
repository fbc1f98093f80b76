import { subschemas } from "../compiler/subschema-lists.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { exactlyOne } from "../formula/exactly-one.ts";

export const oneOf: Keyword = {
  name: "oneOf",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "exactly one of several schemas",
  *compile(value, context) {
    const branches = yield* subschemas(value, "oneOf", context);
    if (!context.onlyChecks) context.restrictTo(yield* exactlyOne(context.values, branches));
  },
};
