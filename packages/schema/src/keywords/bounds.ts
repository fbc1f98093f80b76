import { finiteNumber } from "../compiler/checks.ts";
import type { Keyword, KeywordContext } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { Decimal } from "../number/decimal.ts";

export const minimum: Keyword = {
  name: "minimum",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "a lower bound, exact on decimals",
  compile(value, context) {
    atLeast(value, "minimum", context.schema["exclusiveMinimum"] === true, context);
  },
};

export const maximum: Keyword = {
  name: "maximum",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "an upper bound, exact on decimals",
  compile(value, context) {
    atMost(value, "maximum", context.schema["exclusiveMaximum"] === true, context);
  },
};

// Since draft 6 a bound of its own; in draft 4 a boolean that says how `minimum` is meant, and `minimum` looks at it.
export const exclusiveMinimum: Keyword = {
  name: "exclusiveMinimum",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "a lower bound that is itself excluded (draft 4: whether minimum is)",
  compile(value, context) {
    if (typeof value !== "boolean") atLeast(value, "exclusiveMinimum", true, context);
  },
};

export const exclusiveMaximum: Keyword = {
  name: "exclusiveMaximum",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "an upper bound that is itself excluded (draft 4: whether maximum is)",
  compile(value, context) {
    if (typeof value !== "boolean") atMost(value, "exclusiveMaximum", true, context);
  },
};

function atLeast(value: unknown, keyword: string, exclusive: boolean, context: KeywordContext): void {
  const bound = Decimal.fromNumber(finiteNumber(value, context.pointer(keyword)));
  if (context.onlyChecks) return;
  context.restrict({ number: context.values.numbers.atLeast(bound, exclusive) });
}

function atMost(value: unknown, keyword: string, exclusive: boolean, context: KeywordContext): void {
  const bound = Decimal.fromNumber(finiteNumber(value, context.pointer(keyword)));
  if (context.onlyChecks) return;
  context.restrict({ number: context.values.numbers.atMost(bound, exclusive) });
}
