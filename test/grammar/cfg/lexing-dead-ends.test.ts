import { DEAD, GrammarLanguage, parseLark, UnsupportedError, type State } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts, stateAfter } from "../../support/automaton-texts.ts";
import { runs } from "../../support/runs.ts";

const BYTES = [..."ab- \n"].map((character) => character.charCodeAt(0));
const PATTERNS = [
  "/[ab]+/",
  "/a+/",
  "/b*a/",
  "/-?[ab]/",
  "/a(-b)*/",
  "/--[^\\n]*/",
  "/--[^\\n]*\\n/",
  "/-[^-]*-/",
  "/[a\\n]+/",
  '"a"',
  '"ab"',
  '"-"',
  '"--"',
];
const IGNORED = ["/ +/", "/[ \\n]+/", "/--[ab]*/", "/--[^\\n]*/", "/-[^\\n-]*-/", "/b +/"];

/** Few terminals, regular rules: all states can be looked at. */
const source = fc
  .record({
    terminals: fc.uniqueArray(fc.constantFrom(...PATTERNS), { minLength: 2, maxLength: 4 }),
    rule: fc.array(
      fc.array(fc.tuple(fc.nat(3), fc.constantFrom("", "", "?", "*", "+")), { minLength: 1, maxLength: 3 }),
      {
        minLength: 1,
        maxLength: 2,
      },
    ),
    isRepeated: fc.boolean(),
    ignored: fc.uniqueArray(fc.constantFrom(...IGNORED), { maxLength: 2 }),
  })
  .map(({ terminals, rule, isRepeated, ignored }) =>
    [
      `start: item${isRepeated ? "+" : ""}`,
      `item: ${rule.map((items) => items.map(([n, mark]) => `T${n % terminals.length}${mark}`).join(" ")).join(" | ")}`,
      ...terminals.map((terminal, n) => `T${n}: ${terminal}`),
      ...ignored.map((pattern) => `%ignore ${pattern}`),
    ].join("\n"),
  );

test("where a grammar is not refused, every state leads to the end of a text", () => {
  let checked = 0;
  fc.assert(
    fc.property(source, (text) => {
      const language = compiled(text);
      if (language?.report.hasNoDeadEnds !== true) return;
      const { automaton } = language;
      const states: State[] = [automaton.start];
      const before = new Map<State, State[]>([[automaton.start, []]]);
      for (const state of states) {
        if (states.length > 2_000) return;
        for (const byte of BYTES) {
          const next = automaton.next(state, byte);
          if (next === DEAD) continue;
          if (!before.has(next)) {
            before.set(next, []);
            states.push(next);
          }
          before.get(next)!.push(state);
        }
      }
      const ending = new Set(states.filter((state) => automaton.isAccepting(state)));
      for (const state of ending) for (const from of before.get(state)!) ending.add(from);
      const stuck = states.filter((state) => !ending.has(state)).map((state) => automaton.toString(state));
      expect([text, stuck]).toEqual([text, []]);
      checked++;
    }),
    { numRuns: runs(1_200) },
  );
  expect(checked).toBeGreaterThan(runs(100));
});

test("an ignored terminal that cannot be left is not begun, though it loses to another one that cannot", () => {
  const text = "start: T0\nT0: /[ab]+/\n%ignore /--[ab]*/\n%ignore /--[^\\n]*/";
  const { automaton } = new GrammarLanguage(parseLark(text));
  expect(stateAfter(automaton, "--")).toBe(DEAD);
  expect(accepts(automaton, "a--a")).toBe(true);
});

test("a terminal that never wins where it is needed is told of", () => {
  const { report } = new GrammarLanguage(parseLark("start: T1+ T0\nT0: /a+/\nT1: /[ab]+/\n%ignore / +/"));
  expect(report.hasNoDeadEnds).toBe(false);
});

test("a way out that needs two terminals side by side which are read as one is told of, one that can do without is not", () => {
  const hasNoDeadEnds = (rules: string): boolean =>
    new GrammarLanguage(parseLark(`${rules}\nT0: /[ab]+/\nT1: "x"`)).report.hasNoDeadEnds;
  expect(hasNoDeadEnds("start: s0\ns0: T1 s1 | T0 s0 |\ns1: T0 s2\ns2: T1 s1 | T0 s0")).toBe(false);
  expect(hasNoDeadEnds("start: s0\ns0: T1 s1 | T0 s0 |\ns1: T0 s2\ns2: T1 s1 | T0 s0 | T1 s0")).toBe(true);
  expect(hasNoDeadEnds('start: (T0 | tag)*\ntag: "<" T0 ">"')).toBe(true);
});

test.each([
  ["nothing ignored, a terminal that takes what follows it for its own", 'start: T0 T1\nT0: /[ab]+/\nT1: "a"'],
  ["the same behind white space that is not there", 'start: T0 T1\nT0: /[ab ]+/\nT1: "a"\n%ignore / +/'],
  [
    "what is ignored in between, which loses elsewhere",
    "start: item+\nitem: T1 | T0 T0\nT0: /[ab]+/\nT1: /--[^\\n]*/\n%ignore /--[ab]*/",
  ],
  ["a comment that nothing ends", 'start: T0 T1\nT0: /a[^\\n]*/\nT1: "b"\n%ignore / +/'],
])("%s is refused", (_, text) => {
  expect(() => new GrammarLanguage(parseLark(text))).toThrow(UnsupportedError);
});

/** Undefined where the grammar is refused, or has no texts. */
function compiled(text: string): GrammarLanguage | undefined {
  try {
    const language = new GrammarLanguage(parseLark(text));
    return language.automaton.start === DEAD ? undefined : language;
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}
