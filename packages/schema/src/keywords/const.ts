import { placed } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const constant: Keyword = {
  name: "const",
  kind: "assertion",
  // Draft 6 introduced it; read in draft 4 too, as ajv does.
  dialects: DIALECTS,
  enforces: "the value itself, deeply equal",
  compile(value, context) {
    context.restrictTo(placed(context.pointer("const"), () => context.constants.of(value)));
  },
};
