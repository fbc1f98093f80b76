import {
  choice,
  DEAD,
  embedded,
  freeText,
  freeTextWithout,
  grammar,
  GrammarLanguage,
  intersect,
  InvalidInputError,
  optional,
  regex,
  repeat,
  rule,
  sequence,
  UnsupportedError,
  without,
  type Expression,
} from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import { expect, test } from "vitest";
import { accepts, stateAfter } from "../../support/automaton-texts.ts";
import { maskOf, naiveMask } from "../../support/mask-lists.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

const value: Expression = rule("value", () =>
  choice(regex(/\d+/u), sequence("(", repeat(value, { separator: "," }), ")")),
);

test.each<[string, Expression, string[], string[]]>([
  ["recursive rules", value, ["1", "()", "(1,(2,3),())"], ["", "(", "(1,)", "1 "]],
  ["bounds", repeat("a", { min: 1, max: 3, separator: "-" }), ["a", "a-a-a"], ["", "aa", "a-", "a-a-a-a"]],
  ["options", sequence(optional("a"), "b"), ["b", "ab"], ["a", "aab"]],
  ["an intersection", intersect(value, /.{0,6}/u), ["(1,2)", "()"], ["(1,2,3)"]],
  ["a difference", without(value, /.*1.*/u), ["(2)", "()"], ["(1)", "10"]],
  [
    "free text",
    sequence(freeText({ until: ["<a>", "<b>"] }), "x"),
    ["<a>x", "so<b>x", "<<a>x"],
    ["x", "<a>y", "<a> <b>x", "ax"],
  ],
  ["text without", freeTextWithout(["ab", "c"]), ["", "ba", "aa b"], ["ab", "xxc"]],
])("%s", (_name, expression, members, others) => {
  const { automaton } = new GrammarLanguage(grammar(expression));
  for (const text of members) expect([text, accepts(automaton, text)]).toEqual([text, true]);
  for (const text of others) expect([text, accepts(automaton, text)]).toEqual([text, false]);
});

test("a schema stands in a grammar, alone or beside other things", () => {
  const { automaton } = new JsonSchema({
    type: "object",
    properties: { a: { type: "array", items: { type: "integer" } } },
    additionalProperties: { type: "string" },
  });
  const call = (name: string): Expression =>
    sequence(freeText({ until: `<${name}>` }), choice(embedded(automaton), regex(/\s*none/u)), "</>");
  const language = new GrammarLanguage(grammar(sequence(call("x"), repeat(sequence(";", embedded(automaton))))));
  const members = ['hi <x>{"a": [1, 2]}</>', "<x> none</>", '<x>{}</>;{"a":[],"b":"c"};{}'];
  for (const text of members) expect([text, accepts(language.automaton, text)]).toEqual([text, true]);
  for (const text of ["<x></>", '<x>{"a":[1.5]}</>', '<x>{"b":"","b":""}</>', "<x>{}</>;", "<x>{}none</>"]) {
    expect([text, accepts(language.automaton, text)]).toEqual([text, false]);
  }
  const vocabulary = llama3Vocabulary();
  const constraint = language.constraint(vocabulary);
  for (const text of members) {
    const matcher = constraint.matcher();
    const tokens = vocabulary.tokenizer!.encode(text);
    for (const [at, token] of tokens.entries()) {
      const mask = maskOf(matcher, vocabulary);
      expect(mask).toContain(token);
      const before = vocabulary.decodeBytes(tokens.slice(0, at));
      if (at % 5 === 4)
        expect(mask).toEqual(naiveMask(language.automaton, stateAfter(language.automaton, before), vocabulary));
      matcher.consume(token);
    }
    expect(matcher.isAccepting()).toBe(true);
    expect(matcher.minTokensToFinish()).toBe(0);
  }
});

test("a grammar stands in a grammar", () => {
  const inner = new GrammarLanguage(grammar(value)).automaton;
  const { automaton } = new GrammarLanguage(grammar(repeat(embedded(inner), { min: 1, separator: "+" })));
  for (const text of ["1", "(1,2)+3", "()+()"]) expect(accepts(automaton, text)).toBe(true);
  for (const text of ["", "1+", "(1+2)"]) expect(accepts(automaton, text)).toBe(false);
  expect(stateAfter(automaton, "1)")).toBe(DEAD);
});

test("what cannot be combined is refused", () => {
  expect(() =>
    grammar(
      sequence(
        rule("a", () => "x"),
        rule("a", () => "y"),
      ),
    ),
  ).toThrow(InvalidInputError);
  const self: Expression = rule("self", () => choice("a", sequence("(", intersect(self, /.*/u), ")")));
  expect(() => new GrammarLanguage(grammar(self))).toThrow(UnsupportedError);
  expect(() => new GrammarLanguage(grammar(intersect(value, value)))).toThrow(UnsupportedError);
});
