import { part } from "@espalier/grammar";
import { list, placed } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import type { ValueId } from "../formula/formula.ts";
import { Decimal } from "../number/decimal.ts";
import type { NumberSet } from "../number/number-set.ts";

/** Well under a millisecond. */
const SCALARS_AT_A_TIME = 256;

export const enumeration: Keyword = {
  name: "enum",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "one of the listed values, deeply equal",
  *compile(value, context) {
    const { values, arena, constants } = context;
    const items = list(value, context.pointer("enum"));
    if (items.length === 1 && typeof items[0] !== "number") {
      context.restrictTo(yield* part(() => placed(context.pointer("enum", 0), () => constants.of(items[0]))));
      return;
    }
    const texts: string[] = [];
    const numbers: NumberSet[] = [];
    const others: ValueId[] = [];
    for (const [i, item] of items.entries()) {
      if (i % SCALARS_AT_A_TIME === 0) yield;
      if (typeof item === "string") texts.push(item.toWellFormed());
      else if (typeof item === "number") {
        const number = placed(context.pointer("enum", i), () => Decimal.fromNumber(item));
        numbers.push(values.numbers.constant(number));
      } else {
        others.push(yield* part(() => placed(context.pointer("enum", i), () => constants.of(item))));
      }
    }
    const string = yield* part(() => arena.words(texts));
    const number = yield* part(() => values.numbers.orAll(numbers));
    const scalars = values.formula({ string, number });
    context.restrictTo(yield* part(() => values.or(scalars, values.any(others))));
  },
};
