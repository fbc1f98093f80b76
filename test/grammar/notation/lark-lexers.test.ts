import {
  GrammarLanguage,
  InvalidInputError,
  parseLark,
  type PushdownAutomaton,
  UnsatisfiableError,
} from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accepts } from "../../support/automaton-texts.ts";
import { runs } from "../../support/runs.ts";

const FLIES = `start: noun verb noun | noun verb "like" noun
noun: ADJ? NOUN
verb: VERB
NOUN: "flies" | "bananas" | "fruit"
VERB: "like" | "flies"
ADJ: "fruit"
%ignore " "`;

describe("what the lexer option says", () => {
  it.each([
    ["words of several kinds", FLIES, "fruit flies like bananas", true, true],
    ["a word that two kinds have, of which one is expected", FLIES, "fruit flies like fruit", false, true],
    [
      "a text that begins a longer one",
      'start: "not(" x ")" | "not(in(" "c" "))"\nx: "in(" "b" ")" | "z"',
      "not(in(b))",
      false,
      true,
    ],
    [
      "a name that begins with a keyword",
      'start: "if" NAME | NAME "!"\nNAME: /[a-z]+/\n%ignore " "',
      "ifx!",
      true,
      true,
    ],
    ["a keyword right before a name", 'start: "if" NAME | NAME "!"\nNAME: /[a-z]+/\n%ignore " "', "ifx", false, true],
    ["names without anything in between", 'start: NAME NAME? ";"\nNAME: /[a-z]+/', "ab;", true, true],
    ["a digit that a longer number would take", "start: N D\nN: /[0-9]+/\nD: /[0-9]/\n%ignore / /", "12", false, true],
    ["what is ignored before, between and behind", 'start: "a" "b"\n%ignore /[ \\n]+/', " a\n b ", true, true],
    ["what is ignored inside a terminal", "start: AB\nAB: /ab/\n%ignore / /", "a b", false, false],
    ["the empty text of a terminal", 'start: "a" T "b"\nT: /x*/\n%ignore / /', "a b", true, true],
  ])("%s", (_, grammar, text, contextual, dynamic) => {
    const read = (lexer: "contextual" | "dynamic_complete"): PushdownAutomaton =>
      new GrammarLanguage(parseLark(grammar, { lexer })).automaton;
    expect(accepts(read("contextual"), text)).toBe(contextual);
    expect(accepts(read("dynamic_complete"), text)).toBe(dynamic);
  });

  it("notes are kept, and a word that is none is refused", () => {
    expect(parseLark("start: A?\n%declare A", { lexer: "dynamic_complete" }).notes).toHaveLength(1);
    expect(() => parseLark('start: "a"', { lexer: "dynamic" as never })).toThrow(InvalidInputError);
    expect(() => parseLark('start: "a"', { lexer: "dynamic" as never })).toThrow(
      expect.objectContaining({ place: "lexer" }),
    );
  });
});

const PATTERNS = ["a", "b", "ab", "a+", "[ab]+", "ba?", "(ab)*"];
const IGNORED = ["-", "-+b?", "-a"];

describe("dynamic_complete", () => {
  const symbol = fc.constantFrom("T0", "T1", "T2", "start", "item");
  const alternatives = fc.array(fc.array(symbol, { maxLength: 3 }), { minLength: 1, maxLength: 3 });
  const source = fc.record({
    rules: fc.record({ start: alternatives, item: alternatives }),
    terminals: fc.array(fc.constantFrom(...PATTERNS), { minLength: 3, maxLength: 3 }),
    ignored: fc.array(fc.constantFrom(...IGNORED), { maxLength: 2 }),
    texts: fc.array(fc.string({ unit: fc.constantFrom("a", "b", "-"), maxLength: 6 }), { minLength: 8, maxLength: 8 }),
  });

  it("takes the texts that some way of cutting them into terminals leads through", () => {
    let members = 0;
    fc.assert(
      fc.property(source, ({ rules, terminals, ignored, texts }) => {
        const lines = [
          ...Object.entries(rules).map(
            ([name, each]) => `${name}: ${each.map((items) => items.join(" ")).join(" | ")}`,
          ),
          ...terminals.map((pattern, n) => `T${n}: /${pattern}/`),
          ...ignored.map((pattern) => `%ignore /${pattern}/`),
        ];
        const language = new GrammarLanguage(parseLark(lines.join("\n"), { lexer: "dynamic_complete" }));
        for (const text of texts) {
          const expected = isCutSomehow(text, rules, terminals, ignored);
          if (expected) members++;
          expect([lines, text, isMember(language, text)]).toEqual([lines, text, expected]);
        }
      }),
      { numRuns: runs(300) },
    );
    expect(members).toBeGreaterThan(runs(100));
  });
});

function isMember(language: GrammarLanguage, text: string): boolean {
  try {
    return accepts(language.automaton, text);
  } catch (error) {
    if (error instanceof UnsatisfiableError) return false;
    throw error;
  }
}

/** All ends of all rules at all places, added to until nothing changes. */
function isCutSomehow(
  text: string,
  rules: Readonly<Record<string, readonly (readonly string[])[]>>,
  terminals: readonly string[],
  ignored: readonly string[],
): boolean {
  const matches = (pattern: string, from: number): number[] =>
    [...Array(text.length - from + 1).keys()]
      .map((length) => from + length)
      .filter((to) => new RegExp(`^(?:${pattern})$`).test(text.slice(from, to)));
  const skipped = (from: number): Set<number> => {
    const places = new Set([from]);
    for (const place of places) for (const pattern of ignored) for (const to of matches(pattern, place)) places.add(to);
    return places;
  };
  const ends = new Map<string, Set<number>>();
  const endsOf = (rule: string, from: number): Set<number> => {
    const key = `${rule} ${from}`;
    if (!ends.has(key)) ends.set(key, new Set());
    return ends.get(key)!;
  };
  const after = (name: string, from: number): number[] =>
    name.startsWith("T")
      ? [...skipped(from)].flatMap((place) => matches(terminals[Number(name.slice(1))], place))
      : [...endsOf(name, from)];
  for (let changed = true; changed;) {
    changed = false;
    for (const [rule, alternatives] of Object.entries(rules)) {
      for (let from = 0; from <= text.length; from++) {
        const known = endsOf(rule, from);
        for (const items of alternatives) {
          let places = new Set([from]);
          for (const item of items) places = new Set([...places].flatMap((place) => after(item, place)));
          for (const place of places) if (!known.has(place)) changed = known.add(place) !== undefined;
        }
      }
    }
  }
  return [...endsOf("start", 0)].some((end) => skipped(end).has(text.length));
}
