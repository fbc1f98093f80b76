import { InvalidInputError } from "@espalier/grammar";
import { finiteNumber } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { Decimal } from "../number/decimal.ts";

export const multipleOf: Keyword = {
  name: "multipleOf",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "divisibility, exact on decimals",
  compile(value, context) {
    const pointer = context.pointer("multipleOf");
    const divisor = finiteNumber(value, pointer);
    if (divisor <= 0) {
      throw new InvalidInputError({ message: `${pointer} must be greater than 0, not ${divisor}.`, place: pointer });
    }
    context.restrict({ number: context.values.numbers.multipleOf(Decimal.fromNumber(divisor)) });
  },
};
