import { InvalidInputError } from "@espalier/grammar";
import type { Keyword, KeywordContext } from "../compiler/keyword.ts";
import { DIALECTS } from "../document/dialect.ts";
import { LITERAL_FALSE, LITERAL_NULL, LITERAL_TRUE, type ValueId } from "../formula/formula.ts";

export const type: Keyword = {
  name: "type",
  kind: "assertion",
  dialects: DIALECTS,
  enforces: "the JSON type; an integer is a number without fraction (1.0 is one)",
  compile(value, context) {
    const names = Array.isArray(value) ? value : [value];
    context.restrictTo(context.values.any(names.map((name) => valuesOfType(name, context))));
  },
};

function valuesOfType(name: unknown, context: KeywordContext): ValueId {
  const { values, arena } = context;
  switch (name) {
    case "null":
      return values.formula({ literals: LITERAL_NULL });
    case "boolean":
      return values.formula({ literals: LITERAL_TRUE | LITERAL_FALSE });
    case "number":
      return values.formula({ number: values.numbers.all });
    case "integer":
      return values.formula({ number: values.numbers.integer });
    case "string":
      return values.formula({ string: arena.anyText });
    case "array":
      return values.formula({ array: values.arrays.all });
    case "object":
      return values.formula({ object: values.objects.all });
    default: {
      const pointer = context.pointer("type");
      throw new InvalidInputError({
        message: `${pointer} names the type ${JSON.stringify(name)}, which JSON Schema does not have.`,
        place: pointer,
        hint: "The types are null, boolean, number, integer, string, array and object, or a list of them.",
      });
    }
  }
}
