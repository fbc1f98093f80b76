import { list, placed } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import type { ValueId } from "../formula/formula.ts";
import { Decimal } from "../number/decimal.ts";
import type { NumberSet } from "../number/number-set.ts";

export const enumeration: Keyword = {
  name: "enum",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "one of the listed values, deeply equal",
  compile(value, context) {
    const { values, arena, constants } = context;
    const texts: string[] = [];
    const numbers: NumberSet[] = [];
    const others: ValueId[] = [];
    list(value, context.pointer("enum")).forEach((item, i) => {
      if (typeof item === "string") texts.push(item.toWellFormed());
      else if (typeof item === "number") {
        const number = placed(context.pointer("enum", i), () => Decimal.fromNumber(item));
        numbers.push(values.numbers.constant(number));
      } else others.push(placed(context.pointer("enum", i), () => constants.of(item)));
    });
    const scalars = values.formula({ string: arena.words(texts), number: values.numbers.orAll(numbers) });
    context.restrictTo(values.or(scalars, values.any(others)));
  },
};
