import { text } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const pattern: Keyword = {
  name: "pattern",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "an ECMA-262 regular expression that matches somewhere in the string",
  compile(value, context) {
    context.restrict({ string: context.pattern(text(value, context.pointer("pattern")), "pattern") });
  },
};
