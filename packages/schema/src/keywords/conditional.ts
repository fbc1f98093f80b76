import type { Keyword } from "../compiler/keyword.ts";
import { ANYTHING } from "../formula/formula.ts";

export const conditional: Keyword = {
  name: "if",
  kind: "applicator",
  dialects: ["draft-07", "2019-09", "2020-12"],
  enforces: "then where a schema holds, else where it does not",
  compile(value, context) {
    const { values, schema } = context;
    const consequence = (keyword: string): number =>
      schema[keyword] === undefined ? ANYTHING : context.subschema(schema[keyword], keyword);
    const [then, otherwise] = [consequence("then"), consequence("else")];
    if (then === ANYTHING && otherwise === ANYTHING) return;
    const condition = context.subschema(value, "if");
    context.restrictTo(values.or(values.and(condition, then), values.and(values.not(condition), otherwise)));
  },
};

export const then: Keyword = {
  name: "then",
  kind: "applicator",
  dialects: conditional.dialects,
  enforces: "a schema for instances for which if holds",
  doneBy: "if",
};

export const otherwise: Keyword = {
  name: "else",
  kind: "applicator",
  dialects: conditional.dialects,
  enforces: "a schema for instances for which if does not hold",
  doneBy: "if",
};
