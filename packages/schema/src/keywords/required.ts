import { part } from "@espalier/grammar";
import { strings } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const required: Keyword = {
  name: "required",
  kind: "assertion",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "keys that must be there",
  *compile(value, context) {
    const keys = strings(value, context.pointer("required"));
    if (context.onlyChecks) return;
    const words = keys.map((key) => key.toWellFormed());
    context.restrict({ object: yield* part(() => context.values.objects.conjunction({ required: words })) });
  },
};
