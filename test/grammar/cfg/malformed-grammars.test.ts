import { GrammarLanguage, InvalidInputError, type Grammar } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../../support/runs.ts";

const literal = { kind: "literal", text: "a" };

test.each<[string, unknown, string]>([
  ["no expression", undefined, "rules.S.expression"],
  ["a kind that there is not", { kind: "word", text: "a" }, "rules.S.expression.kind"],
  ["no kind", { text: "a" }, "rules.S.expression.kind"],
  ["a literal without a text", { kind: "literal" }, "rules.S.expression.text"],
  ["items that are no list", { kind: "sequence", items: literal }, "rules.S.expression.items"],
  ["an item that is none", { kind: "sequence", items: [literal, "b"] }, "rules.S.expression.items[1]"],
  [
    "something wrong further inside",
    { kind: "choice", alternatives: [literal, { kind: "repeat", item: { kind: "optional" }, min: 0 }] },
    "rules.S.expression.alternatives[1].item.kind",
  ],
  ["a count below zero", { kind: "repeat", item: literal, min: -1 }, "rules.S.expression.min"],
  ["a range that goes backwards", { kind: "characters", ranges: [[5, 3]] }, "rules.S.expression.ranges[0]"],
  ["an automaton that is none", { kind: "automaton", automaton: {}, description: "" }, "rules.S.expression.automaton"],
])("a grammar made by hand with %s is refused at its place", (_, expression, place) => {
  expect(errorOf(grammarWith(expression))).toMatchObject({ constructor: InvalidInputError, place });
});

test.each<[string, unknown, string]>([
  ["no object", "S", "grammar"],
  ["rules that are no Map", { start: "S", rules: { S: { name: "S", expression: literal } } }, "rules"],
  ["a start that is no text", { start: 1, rules: new Map() }, "start"],
  [
    "an ignored terminal that there is not",
    { ...grammarWith(literal), lexing: { ignored: ["S", "WS"] } },
    "lexing.ignored[1]",
  ],
])("a grammar that is %s is refused at its place", (_, grammar, place) => {
  expect(errorOf(grammar as Grammar)).toMatchObject({ constructor: InvalidInputError, place });
});

test("whatever stands for an expression, it is compiled or an error of ours", () => {
  const field = fc.constantFrom(
    "kind",
    "text",
    "items",
    "item",
    "alternatives",
    "min",
    "max",
    "ranges",
    "rule",
    "and",
    "without",
  );
  const value = fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.constantFrom<unknown>(
        1,
        "S",
        null,
        undefined,
        "literal",
        "sequence",
        "repeat",
        "characters",
        "except",
        "token",
      ),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(field, tie("value"), { maxKeys: 4 }),
    ),
  })).value;
  fc.assert(
    fc.property(value, (expression) => {
      const error = errorOf(grammarWith(expression));
      expect(error === undefined || error instanceof InvalidInputError).toBe(true);
    }),
    { numRuns: runs(500) },
  );
});

function grammarWith(expression: unknown): Grammar {
  return { start: "S", rules: new Map([["S", { name: "S", expression }]]) } as unknown as Grammar;
}

function errorOf(grammar: Grammar): unknown {
  try {
    void new GrammarLanguage(grammar);
    return undefined;
  } catch (error) {
    return error;
  }
}
