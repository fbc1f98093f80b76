import {
  completionOf,
  DEAD,
  GrammarLanguage,
  LimitExceededError,
  parseLark,
  UnsatisfiableError,
  UnsupportedError,
  type PushdownAutomaton,
  type State,
} from "@espalier/grammar";
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

test("a short terminal may be followed by another short one where both begin a longer one", () => {
  const { automaton } = new GrammarLanguage(parseLark('start: (ATOM | GROUP | "=")+\nATOM: "C" | "O"\nGROUP: "C=CD"'));
  for (const text of ["C=O", "C=C", "C=CC", "C=CO", "C=CD", "C=C=CD=O", "CC=CDO", "=C="]) {
    expect([text, accepts(automaton, text)]).toEqual([text, true]);
  }
  for (const text of ["D", "C=D", "C=CDD"]) expect([text, accepts(automaton, text)]).toEqual([text, false]);
});

test("texts of any words are those that taking the longest word each time leads through", () => {
  const word = fc.string({ unit: fc.constantFrom("a", "b", "="), minLength: 1, maxLength: 4 });
  const source = fc.record({
    words: fc.uniqueArray(word, { minLength: 2, maxLength: 5 }),
    texts: fc.array(fc.array(fc.nat(9), { maxLength: 6 }), { minLength: 4, maxLength: 8 }),
  });
  fc.assert(
    fc.property(source, ({ words, texts }) => {
      const { automaton } = new GrammarLanguage(
        parseLark(
          `start: (${words.map((_, n) => `T${n}`).join(" | ")})+\n${words.map((w, n) => `T${n}: "${w}"`).join("\n")}`,
        ),
      );
      for (const numbers of texts) {
        const text = numbers.map((n) => words[n] ?? "ab="[n % 3]).join("");
        expect([words, text, accepts(automaton, text)]).toEqual([words, text, isCutGreedily(text, words)]);
      }
    }),
    { numRuns: runs(300) },
  );
});

/** Terminals with falling priorities, and moves between states by terminal; a state may be the last one. */
const lexer = fc.record({
  patterns: fc.uniqueArray(
    fc.constantFrom("a", "b", "=", "ab", "a=", "aa", "a=b", "ab=b", "a+", "[ab]+", "a(=b)*", "=b*", "(ab)+=", "b=+a"),
    { minLength: 2, maxLength: 5 },
  ),
  moves: fc.array(fc.record({ ends: fc.boolean(), next: fc.array(fc.tuple(fc.nat(4), fc.nat(3)), { maxLength: 4 }) }), {
    minLength: 1,
    maxLength: 4,
  }),
  texts: fc.array(fc.string({ unit: fc.constantFrom("a", "b", "="), maxLength: 9 }), { minLength: 8, maxLength: 8 }),
});

test("texts of any terminals are those that a lexer which backs up to the longest match leads through", () => {
  let members = 0;
  fc.assert(
    fc.property(lexer, ({ patterns, moves, texts }) => {
      const states = moves.map(({ ends, next }) => ({
        ends,
        next: new Map(next.map(([terminal, to]) => [terminal % patterns.length, to % moves.length])),
      }));
      // What leads nowhere is expected nowhere.
      const alive = new Set(states.filter(({ ends }) => ends));
      for (const end of alive) {
        for (const state of states) if ([...state.next.values()].some((to) => states[to] === end)) alive.add(state);
      }
      for (const { next } of states) {
        for (const [terminal, to] of next) if (!alive.has(states[to])) next.delete(terminal);
      }
      const rules = states.map(({ ends, next }, n) => {
        const ways = [...next].map(([terminal, to]) => `T${terminal} s${to}`);
        return `s${n}: ${[`s${n}`, ...ways, ...(ends ? [""] : [])].join(" | ")}`;
      });
      const terminals = patterns.map((pattern, n) => `T${n}.${9 - n}: /${pattern}/`);
      const automaton = compiled(["start: s0", ...rules, ...terminals].join("\n"));
      if (automaton === undefined) return;
      for (const text of texts) {
        const expected = leadsThrough(text, patterns, states);
        if (expected) members++;
        expect([rules, terminals, text, accepts(automaton, text)]).toEqual([rules, terminals, text, expected]);
      }
    }),
    { numRuns: runs(800) },
  );
  expect(members).toBeGreaterThan(runs(40));
});

function compiled(source: string): PushdownAutomaton | undefined {
  return languageOf(source)?.automaton;
}

/** Undefined where the grammar is refused, or has no texts. */
function languageOf(source: string): GrammarLanguage | undefined {
  try {
    const language = new GrammarLanguage(parseLark(source));
    return language.automaton.start === DEAD ? undefined : language;
  } catch (error) {
    if (error instanceof UnsupportedError || error instanceof UnsatisfiableError) return undefined;
    throw error;
  }
}

function leadsThrough(
  text: string,
  patterns: readonly string[],
  states: readonly { readonly ends: boolean; readonly next: ReadonlyMap<number, number> }[],
): boolean {
  let at = 0;
  let state = states[0];
  while (at < text.length) {
    const wholes = [...state.next]
      .sort(([a], [b]) => a - b)
      .map(([n, to]) => [new RegExp(`^(?:${patterns[n]})$`), to] as const);
    let end = text.length;
    let found: (typeof wholes)[number] | undefined;
    for (; end > at && found === undefined; end--) found = wholes.find(([whole]) => whole.test(text.slice(at, end)));
    if (found === undefined) return false;
    at = end + 1;
    state = states[found[1]];
  }
  return state.ends;
}

function isCutGreedily(text: string, words: readonly string[]): boolean {
  const longestFirst = words.toSorted((a, b) => b.length - a.length);
  let at = 0;
  while (at < text.length) {
    const found = longestFirst.find((word) => text.startsWith(word, at));
    if (found === undefined) return false;
    at += found.length;
  }
  return text !== "";
}

/** Patterns that say what must not follow, and how they are said where the end of the text counts as nothing. */
const ASSERTING = [
  ["a(?!b)", "a(?!b)"],
  ["a+(?!=)", "a+(?!=)"],
  ["[ab]+(?!=b)", "[ab]+(?!=b)"],
  ["b\\\\b", "b\\b"],
  ["=\\\\B", "=\\B"],
  ["a(?=[=b])", "a(?=[=b]|$)"],
  ["é(?!é)", "é(?!é)"],
  ["[é→](?![é→])", "[é→](?![é→])"],
  ["[aé]+\\\\b", "[aé]+(?![\\p{L}_])"],
  ["b(?!→|é)", "b(?!→|é)"],
] as const;

test("a terminal stands only where what follows it is let follow, and every prefix can be completed", () => {
  const plain = ["a", "b", "=", "ab", "a+", "b=", "é", "→", "[é→]="].map((pattern) => [pattern, pattern] as const);
  const source = fc.record({
    patterns: fc
      .tuple(
        fc.uniqueArray(fc.constantFrom(...ASSERTING), { minLength: 1, maxLength: 3 }),
        fc.uniqueArray(fc.constantFrom(...plain), { minLength: 1, maxLength: 3 }),
      )
      .map(([some, others]) => [...some, ...others]),
    moves: fc.array(fc.array(fc.tuple(fc.nat(5), fc.nat(3)), { minLength: 1, maxLength: 5 }), {
      minLength: 1,
      maxLength: 3,
    }),
    texts: fc.array(fc.string({ unit: fc.constantFrom("a", "b", "=", "é", "→"), maxLength: 7 }), {
      minLength: 8,
      maxLength: 8,
    }),
  });
  let members = 0;
  let refused = 0;
  fc.assert(
    fc.property(source, ({ patterns, moves, texts }) => {
      // The first state is the last as well.
      const states = moves.map(
        (ways) => new Map(ways.map(([terminal, to]) => [terminal % patterns.length, to % moves.length])),
      );
      const rules = states.map((next, n) =>
        [`s${n}: s${n}`, ...[...next].map(([terminal, to]) => `T${terminal} s${to}`), ...(n === 0 ? [""] : [])].join(
          " | ",
        ),
      );
      const terminals = patterns.map(([pattern], n) => `T${n}.${9 - n}: /${pattern}/`);
      const lines = ["start: s0", ...rules, ...terminals];
      const language = languageOf(lines.join("\n"));
      if (language === undefined) return;
      const { automaton } = language;
      for (const text of texts) {
        if (accepts(automaton, text)) {
          members++;
          expect([lines, text, stands(text, patterns, states)]).toEqual([lines, text, true]);
        } else if (text !== "") refused++;
        if (!language.report.hasNoDeadEnds) continue;
        for (let end = 1; end <= text.length; end++) {
          const start = text.slice(0, end);
          const state = stateAfter(automaton, start);
          if (state === DEAD) break;
          const completion = completionIn(automaton, state);
          if (completion === undefined) break;
          const whole = start + completion;
          expect([lines, start, whole, accepts(automaton, whole)]).toEqual([lines, start, whole, true]);
        }
      }
    }),
    { numRuns: runs(800) },
  );
  expect([members > runs(100), refused > runs(100)]).toEqual([true, true]);
});

/** Undefined where the only way out needs two terminals in a row that are one by the longest match: places are checked one by one. */
function completionIn(automaton: PushdownAutomaton, state: State): string | undefined {
  try {
    return new TextDecoder().decode(completionOf(automaton, state, { maxBytes: 1_000 }));
  } catch (error) {
    if (error instanceof LimitExceededError) return undefined;
    throw error;
  }
}

/** Whether a text can be cut so that each terminal matches where it stands. */
function stands(
  text: string,
  patterns: readonly (readonly [string, string])[],
  states: readonly ReadonlyMap<number, number>[],
): boolean {
  const seen = new Set(["0 0"]);
  for (const key of seen) {
    const [at, state] = key.split(" ").map(Number);
    if (at === text.length && state === 0) return true;
    for (const [terminal, to] of states[state]) {
      for (let end = at + 1; end <= text.length; end++) {
        const whole = new RegExp(`^[^]{${at}}(?:${patterns[terminal][1]})(?<=^[^]{${end}})`, "u");
        if (whole.test(text)) seen.add(`${end} ${to}`);
      }
    }
  }
  return false;
}
