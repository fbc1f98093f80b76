import { text } from "../compiler/checks.ts";
import type { Keyword } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { outerTerm } from "../format/outer-term.ts";
import { formats } from "../format/formats.ts";

export const format: Keyword = {
  name: "format",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "the formats that the specification names; others are annotations",
  compile(value, context) {
    if (context.options.formats === "annotate") return;
    const known = formats.get(text(value, context.pointer("format")));
    if (known === undefined) return;
    const { arena } = context;
    context.restrict({ string: known.term(arena), outerString: outerTerm(known, arena) });
  },
};
