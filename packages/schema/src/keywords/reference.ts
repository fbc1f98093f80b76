import { text } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";

export const reference: Keyword = {
  name: "$ref",
  kind: "applicator",
  dialects: DIALECTS,
  enforces: "the schema it names (up to draft 7 in place of everything beside it)",
  compile(value, context) {
    const located = context.resolve(text(value, context.pointer("$ref")), "$ref");
    context.restrictTo(context.referenced(located));
  },
};

export const dynamicReference: Keyword = {
  name: "$dynamicRef",
  kind: "applicator",
  dialects: ["2020-12"],
  enforces: "the outermost schema of that dynamic anchor on the way here",
  compile(value, context) {
    const located = context.resolveDynamic(text(value, context.pointer("$dynamicRef")), "$dynamicRef");
    context.restrictTo(context.referenced(located));
  },
};

export const recursiveReference: Keyword = {
  name: "$recursiveRef",
  kind: "applicator",
  dialects: ["2019-09"],
  enforces: "the outermost recursive anchor on the way here",
  compile(value, context) {
    const located = context.resolveDynamic(text(value, context.pointer("$recursiveRef")), "$recursiveRef");
    context.restrictTo(context.referenced(located));
  },
};
