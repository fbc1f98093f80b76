import { GrammarLanguage, parseLark } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts } from "../../support/automaton-texts.ts";
import { runs } from "../../support/runs.ts";

const OPERATORS = ["<", "<=", "<<", "=", "==", "--", "-", "in", "xor", "is"];

/** All but the minus sign, which may begin an operand as well, lead to the same place. */
const LARK = String.raw`
  start: operand (operator operand)*
  operator: "<" | "<=" | "<<" | "=" | "==" | "--" | "-" | "in" | "xor"i | "is"
  operand: "-" operand | NAME | "(" start ")"
  NAME: /[a-z]+/
  %ignore / +/
`;

test("operators that lead to the same place are told apart as far as the longest match goes", () => {
  const { automaton } = new GrammarLanguage(parseLark(LARK));
  const piece = fc.constantFrom(...OPERATORS, "XoR", "In", "a", "b", "i", " ", "(", ")");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 9 }), (pieces) => {
      const text = pieces.join("");
      expect([text, accepts(automaton, text)]).toEqual([text, isMember(text)]);
    }),
    { numRuns: runs(3_000), examples: [[["a", "<", "<", "b"]], [["a", "--", "-", "b"]], [["a", "in", "in", "in"]]] },
  );
});

test("joined operators keep what one of them alone may stand for", () => {
  const lark = String.raw`
    start: (NAME operator)* NAME
    operator: "in" | "IN"i | "on" | "+"
    NAME: /[a-z]+/
    %ignore / /
  `;
  const { automaton } = new GrammarLanguage(parseLark(lark));
  for (const [text, member] of [
    ["a in b", true],
    ["a IN b on c + d", true],
    ["a On b", false],
    ["in in in", true],
  ] as const) {
    expect([text, accepts(automaton, text)]).toEqual([text, member]);
  }
});

test("fewer frames are made where operators lead to the same place", () => {
  const framesOf = (operators: string): number => {
    const language = new GrammarLanguage(parseLark(`start: NAME (${operators} NAME)*\nNAME: /[a-z]+/\n%ignore " "`));
    accepts(language.automaton, "a + b - c * d / e % f");
    return language.stats.frames;
  };
  expect(framesOf('("+" | "-" | "*" | "/" | "%")')).toBe(framesOf("/[-+*\\/%]/"));
});

/** Reads by the longest match among what may stand at each place, from left to right. */
function isMember(text: string): boolean {
  let rest = text;
  let depth = 0;
  const take = (pattern: RegExp): boolean => {
    const [match] = pattern.exec(rest) ?? [""];
    rest = rest.slice(match.length);
    return match !== "";
  };
  const blank = (): void => void take(/^ +/u);
  for (;;) {
    for (;;) {
      blank();
      if (take(/^\(/u)) depth++;
      else if (!take(/^-/u)) break;
    }
    if (!take(/^[a-z]+/u)) return false;
    for (blank(); depth > 0 && take(/^\)/u); blank()) depth--;
    if (rest === "") return depth === 0;
    if (!take(/^(?:<=|<<|<|==|=|--|-|in|is|[xX][oO][rR])/u)) return false;
  }
}
