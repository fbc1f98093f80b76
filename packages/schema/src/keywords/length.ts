import { nonNegativeInteger } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const minLength: Keyword = {
  name: "minLength",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "a least number of code points",
  compile(value, context) {
    const { arena } = context;
    const least = nonNegativeInteger(value, context.pointer("minLength"));
    context.restrict({ string: arena.repeat(arena.anyCodePoint, least, Infinity) });
  },
};

export const maxLength: Keyword = {
  name: "maxLength",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "a greatest number of code points",
  compile(value, context) {
    const { arena } = context;
    const most = nonNegativeInteger(value, context.pointer("maxLength"));
    context.restrict({ string: arena.repeat(arena.anyCodePoint, 0, most) });
  },
};
