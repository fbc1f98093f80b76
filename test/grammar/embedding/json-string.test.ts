import {
  grammar,
  GrammarLanguage,
  jsonString,
  parseGrammar,
  regex,
  repeat,
  sequence,
  UnsupportedError,
  without,
} from "@espalier/grammar";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accepts, walk } from "../../support/automaton-texts.ts";
import { runs } from "../../support/runs.ts";

const grammars = [
  parseGrammar('root ::= "(" root ")" | [a-c"\\\\\\n]* | "say \\"é\\"\\t" root', { notation: "gbnf" }),
  parseGrammar('root ::= "x" root | [^"a-z]', { notation: "gbnf" }),
  grammar(sequence(regex(/[^]{0,2}/u), repeat('"', { max: 2 }), without(regex(/[\0-z]+/u), /.*\\.*/su))),
];

describe("a JSON string whose value follows a grammar", () => {
  test.each(grammars.map((each, index) => [index, each] as const))("has its texts as values (%i)", (_index, inner) => {
    const plain = new GrammarLanguage(inner).automaton;
    const { automaton } = new GrammarLanguage(grammar(sequence("[", jsonString(inner), "]")));
    const candidate = fc.oneof(
      fc.array(fc.nat(), { maxLength: 12 }).map((turns) => walk(plain, turns)),
      fc.string({
        unit: fc.constantFrom("a", "x", '"', "\\", "\n", "(", ")", "é", "\u0000", "\u{1f600}"),
        maxLength: 5,
      }),
    );
    let members = 0;
    fc.assert(
      fc.property(candidate, (text) => {
        const isMember = accepts(plain, text);
        if (isMember) members++;
        expect([text, accepts(automaton, JSON.stringify([text]))]).toEqual([text, isMember]);
      }),
      { numRuns: runs(200) },
    );
    expect(members).toBeGreaterThan(20);
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 30 }), (turns) => {
        const written = walk(automaton, turns);
        const [value] = JSON.parse(written) as [string];
        expect(accepts(plain, value)).toBe(true);
        expect(JSON.stringify([value])).toBe(written);
      }),
      { numRuns: runs(100) },
    );
  });

  test("takes a lexed grammar only where it is written out", () => {
    const lexed = parseGrammar('start: "a" "b"\n%ignore " "', { notation: "lark" });
    expect(() => jsonString(lexed)).toThrow(UnsupportedError);
    const { automaton } = new GrammarLanguage(grammar(jsonString(lexed, { lexing: "scannerless" })));
    expect(['"ab"', '" a b "', '"ba"'].map((text) => accepts(automaton, text))).toEqual([true, true, false]);
  });

  test("refuses what cannot be escaped, by the name of the rule", () => {
    const inner = parseGrammar('root ::= mark\nmark ::= <think> "a"', { notation: "gbnf" });
    expect(() => grammar(jsonString(inner))).toThrow('The rule "mark" holds a token');
  });
});
