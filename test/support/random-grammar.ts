import type { Expression, Grammar } from "@espalier/grammar";
import * as fc from "fast-check";

const RULES = ["S", "A", "B", "C"] as const;

/** Small grammars over the letters a and b, with every kind of recursion, empty rules, cycles and ambiguity. */
export const randomGrammars: fc.Arbitrary<Grammar> = fc
  .tuple(...RULES.map(() => ruleBodies()))
  .map((bodies) => grammarOf(Object.fromEntries(RULES.map((name, i) => [name, bodies[i]]))));

/** A grammar from its rules; the first one is the start. */
export function grammarOf(rules: Readonly<Record<string, Expression>>, lexing?: Grammar["lexing"]): Grammar {
  const names = Object.keys(rules);
  return {
    start: names[0],
    rules: new Map(
      names.map((name) => [
        name,
        { name, expression: rules[name], isTerminal: lexing !== undefined && /^[A-Z_]+$/.test(name) },
      ]),
    ),
    lexing,
  };
}

function ruleBodies(): fc.Arbitrary<Expression> {
  const symbol: fc.Arbitrary<Expression> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.constantFrom(...["a", "b", "ab", "a"].map((text) => ({ kind: "literal", text }) as const)),
    },
    { weight: 6, arbitrary: fc.constantFrom(...RULES).map((rule) => ({ kind: "reference", rule }) as const) },
    { weight: 1, arbitrary: fc.constant({ kind: "characters", ranges: [[0x61, 0x62]] } as const) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom("a*", "b+a?", "(ab)*")
        .map((source) => ({ kind: "regex", source, flags: "u" }) as const),
    },
  );
  const sequence: fc.Arbitrary<Expression> = fc
    .array(symbol, { maxLength: 3 })
    .map((items) => (items.length === 1 ? items[0] : { kind: "sequence", items }));
  const repeat: fc.Arbitrary<Expression> = fc
    .tuple(sequence, fc.constantFrom<[number, number?]>([0, 1], [0], [1], [2, 3], [0, 2]))
    .map(([item, [min, max]]) => ({ kind: "repeat", item, min, max }));
  const part = fc.oneof({ weight: 5, arbitrary: sequence }, { weight: 1, arbitrary: repeat });
  const mixed = fc
    .array(part, { minLength: 1, maxLength: 2 })
    .map((items): Expression => ({ kind: "sequence", items }));
  return fc
    .array(fc.oneof({ weight: 4, arbitrary: part }, { weight: 1, arbitrary: mixed }), { minLength: 1, maxLength: 3 })
    .map((alternatives) => ({ kind: "choice", alternatives }));
}
