import { completionOf, DEAD, GrammarLanguage, parseLark } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts, stateAfter } from "../../support/automaton-texts.ts";
import { runs } from "../../support/runs.ts";

/** White space may begin a comment, a comment may be a quotient, `1.` may be a number or be followed by `.2`. */
const GRAMMAR = String.raw`
start: (statement NL)*
statement: NUMBER ".." NUMBER | NUMBER "." NAME | NAME ("/" NAME)+ | PATTERN
NUMBER: /[0-9]+(\.[0-9]+)?(e[0-9]+)?/
NAME: /[a-z]+/
PATTERN: /\/[a-z ]+\//
NL: /\n+/
SPACE: / +/
COMMENT: /[ \n]*\/\/[a-z ]*/
%ignore SPACE
%ignore COMMENT
`;

const TERMINALS = {
  "..": /^\.\.$/,
  ".": /^\.$/,
  "/": /^\/$/,
  NUMBER: /^[0-9]+(?:\.[0-9]+)?(?:e[0-9]+)?$/,
  NAME: /^[a-z]+$/,
  PATTERN: /^\/[a-z ]+\/$/,
  NL: /^\n+$/,
  SPACE: /^ +$/,
  COMMENT: /^[ \n]*\/\/[a-z ]*$/,
};
type Terminal = keyof typeof TERMINALS;

/** The grammar over terminals, by hand: what may come in each state, and where it leads. */
const MOVES: readonly Partial<Record<Terminal, number>>[] = [
  { NUMBER: 1, NAME: 4, PATTERN: 6 },
  { "..": 2, ".": 3 },
  { NUMBER: 6 },
  { NAME: 6 },
  { "/": 5 },
  { NAME: 7 },
  { NL: 0 },
  { "/": 5, NL: 0 },
];

/** Takes the longest match among all lengths, as a lexer with unlimited lookahead does. */
function read(text: string): boolean {
  let at = 0;
  let state = 0;
  while (at < text.length) {
    const names = [...Object.keys(MOVES[state]), "SPACE", "COMMENT"] as Terminal[];
    let end = text.length;
    let found: Terminal | undefined;
    for (; end > at; end--) {
      found = names.find((name) => TERMINALS[name].test(text.slice(at, end)));
      if (found !== undefined) break;
    }
    if (found === undefined) return false;
    at = end;
    state = MOVES[state][found] ?? state;
  }
  return state === 0;
}

test.each([
  ["1..2\n", true],
  ["1.5..2e3\n", true],
  ["1.e\n", true],
  ["1.5.e\n", true],
  ["1e5..2\n", true],
  ["1.5\n", false],
  ["a/b/c \n", true],
  ["a//b/c\n", true],
  ["a//b\n", false],
  ["a/b //c\n1..2 \n", true],
  ["/a b/ \n /c/\n", true],
  ["/a b/ // c\n\n//\n", true],
])("%j is cut by the longest match, where that takes more than one byte to tell", (text, isMember) => {
  expect(read(text)).toBe(isMember);
  expect(accepts(new GrammarLanguage(parseLark(GRAMMAR)).automaton, text)).toBe(isMember);
});

test("texts are those of a lexer with unlimited lookahead, and every prefix can be completed", () => {
  const { automaton } = new GrammarLanguage(parseLark(GRAMMAR));
  const piece = fc.constantFrom(
    "1",
    "2.5",
    "3e4",
    "..",
    ".",
    "e",
    "a",
    "bc",
    "/",
    "//",
    "/a/",
    " ",
    "\n",
    "1..2\n",
    "a/b",
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      expect([text, accepts(automaton, text)]).toEqual([text, read(text)]);
      for (let end = 0; end <= text.length; end++) {
        const start = text.slice(0, end);
        const state = stateAfter(automaton, start);
        if (state === DEAD) break;
        const whole = start + new TextDecoder().decode(completionOf(automaton, state));
        expect([whole, read(whole)]).toEqual([whole, true]);
      }
    }),
    { numRuns: runs(1_500) },
  );
});

test("ignored terminals that could not be left are not begun", () => {
  // A comment in brackets has no line end to end at, and blanks before the only line end would swallow it.
  const { automaton } = new GrammarLanguage(
    parseLark(String.raw`
start: ("(" A ")" NL)*
A: "a"
NL: "\n"
COMMENT: /#[^\n]*/
%ignore " "
%ignore COMMENT
`),
  );
  expect(accepts(automaton, "( a )\n( a) # x\n")).toBe(true);
  expect(stateAfter(automaton, "( a #")).toBe(DEAD);
  const blanks = new GrammarLanguage(parseLark('start: "a" "\\n" "b"*\nWS: /[ \\n]+/\n%ignore WS'));
  expect(stateAfter(blanks.automaton, "a ")).toBe(DEAD);
  expect(accepts(blanks.automaton, "a\n b b \n")).toBe(true);
});

test("comments up to the end of their line and white space can follow each other", () => {
  const { automaton } = new GrammarLanguage(
    parseLark(String.raw`
start: "a"+
WS: /[ \n]+/
COMMENT: /--[^\n]*/
%ignore WS
%ignore COMMENT
`),
  );
  expect(accepts(automaton, "a -- b\n a--c\n--")).toBe(true);
  expect(accepts(automaton, "a - a")).toBe(false);
});

test("keywords that ignore case win over names of the same length", () => {
  const { automaton } = new GrammarLanguage(
    parseLark(String.raw`
start: "select"i NAME ("as"i NAME)?
NAME: /[a-z]+/i
%ignore " "
`),
  );
  expect(accepts(automaton, "select a as b")).toBe(true);
  expect(accepts(automaton, "SELECT As aS basic")).toBe(true);
  expect(accepts(automaton, "select a bs c")).toBe(false);
  expect(accepts(automaton, "SeLeCT asb AS selection")).toBe(true);
});
