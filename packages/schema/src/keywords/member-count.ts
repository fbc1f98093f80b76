import { nonNegativeInteger } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const minProperties: Keyword = {
  name: "minProperties",
  kind: "assertion",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "a least number of members",
  compile(value, context) {
    const least = nonNegativeInteger(value, context.pointer("minProperties"));
    context.restrict({ object: context.values.objects.conjunction({ minMembers: least }) });
  },
};

export const maxProperties: Keyword = {
  name: "maxProperties",
  kind: "assertion",
  onlyFor: "containers",
  dialects: DIALECTS,
  enforces: "a greatest number of members",
  compile(value, context) {
    const most = nonNegativeInteger(value, context.pointer("maxProperties"));
    context.restrict({ object: context.values.objects.conjunction({ maxMembers: most }) });
  },
};
