import { list } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import type { ValueId } from "../formula/formula.ts";

export const enumeration: Keyword = {
  name: "enum",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "one of the listed values, deeply equal",
  compile(value, context) {
    const { values, arena, constants } = context;
    const texts: string[] = [];
    const others: ValueId[] = [];
    for (const item of list(value, context.pointer("enum"))) {
      if (typeof item === "string") texts.push(item.toWellFormed());
      else others.push(constants.of(item));
    }
    const strings = values.formula({ string: arena.words(texts) });
    context.restrictTo(values.or(strings, values.any(others)));
  },
};
