import {
  compileRegex,
  parseEbnf,
  parseGbnf,
  parseGrammar,
  parseLark,
  printEbnf,
  printGbnf,
  printLark,
  TermArena,
  UnsupportedError,
} from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pythonPattern } from "../../../packages/grammar/src/notation/printer/python-pattern.ts";
import { translatePythonRegex } from "../../../packages/grammar/src/notation/lark/python-regex.ts";
import { WorkBudget } from "../../../packages/grammar/src/budget/work-budget.ts";
import { randomPatterns } from "../../support/random-pattern.ts";
import { runs } from "../../support/runs.ts";
import { derives } from "./support/naive-recogniser.ts";
import { randomGrammars } from "./support/random-grammar.ts";

const texts = fc.string({ unit: fc.constantFrom(...'ab"\\\n^-é'), maxLength: 5 });

describe("what is printed derives the same texts", () => {
  const grammars = randomGrammars({ lexed: false, tokens: false, negatedTokens: false, differences: false });
  it.each([
    ["GBNF", printGbnf, parseGbnf],
    ["EBNF", printEbnf, parseEbnf],
    // Every terminal is one character of one of several sets without common characters, so lexing changes nothing.
    ["Lark", printLark, parseLark],
  ] as const)("%s", (_, print, parse) => {
    fc.assert(
      fc.property(grammars, fc.array(texts, { minLength: 1, maxLength: 6 }), (grammar, samples) => {
        const read = parse(print(grammar));
        for (const sample of ["", "a", ...samples]) expect(derives(read, sample)).toBe(derives(grammar, sample));
      }),
      { numRuns: runs(60) },
    );
  });

  it("EBNF, with differences", () => {
    const withDifferences = randomGrammars({ lexed: false, tokens: false, negatedTokens: false, differences: true });
    fc.assert(
      fc.property(withDifferences, fc.array(texts, { minLength: 1, maxLength: 6 }), (grammar, samples) => {
        const read = parseEbnf(printEbnf(grammar));
        for (const sample of ["", "a", ...samples]) expect(derives(read, sample)).toBe(derives(grammar, sample));
      }),
      { numRuns: runs(60) },
    );
  });

  it("Lark's terminals share no character", () => {
    fc.assert(
      fc.property(grammars, (grammar) => {
        const read = parseLark(printLark(grammar));
        expect(read.lexing).toEqual({ ignored: [] });
        const atoms = new Set<string>();
        JSON.stringify([...read.rules.values()], (_key, value: { kind?: string; text?: string; source?: string }) => {
          if (value?.kind === "literal") expect([...(value.text as string)]).toHaveLength(1);
          if (value?.kind === "literal" || value?.kind === "characters" || value?.kind === "regex") {
            atoms.add(JSON.stringify({ ...value, place: undefined }));
          }
          return value;
        });
        for (const character of 'ab"\\\n\t^-[]/#{}é😀\u2028 zA~') {
          const holding = [...atoms].filter((atom) => {
            const rules = new Map([["start", { name: "start", expression: JSON.parse(atom) }]]);
            return derives({ start: "start", rules }, character);
          });
          expect(holding.length, `${character} in ${holding.join()}`).toBeLessThanOrEqual(1);
        }
      }),
      { numRuns: runs(40) },
    );
  });
});

describe("a grammar with lexing, written without", () => {
  const text = 'start: expr\nexpr: expr "+" expr | NUMBER | /ab?c/i\nNUMBER: /[0-9]+/\nWS: /[ ]+/\n%ignore WS';
  it("is refused unless asked for", () => {
    const grammar = parseLark(text);
    expect(() => printGbnf(grammar)).toThrow(UnsupportedError);
    expect(() => printEbnf(grammar)).toThrow(/GBNF|EBNF has no lexing/);
  });

  it("has what is ignored between its terminals", () => {
    const read = parseGrammar(printGbnf(parseLark(text), { lexing: "scannerless" }), { notation: "gbnf" });
    for (const sample of ["1", " 12 +  3 ", "ABc+ac", "1+2+3 "]) expect(derives(read, sample), sample).toBe(true);
    for (const sample of ["", " ", "+", "1+", "b"]) expect(derives(read, sample), sample).toBe(false);
  });
});

describe("what a notation has no words for", () => {
  const rule = (expression: object) => ({
    start: "root",
    rules: new Map([["root", { name: "root", expression: expression as never }]]),
  });
  it.each([
    [
      { kind: "intersect", item: { kind: "literal", text: "a" }, and: { kind: "literal", text: "a" } },
      "An intersection",
    ],
    [{ kind: "embedded", language: "json-schema", content: {} }, "A language of another kind"],
    [{ kind: "choice", alternatives: [] }, "The empty language"],
    [{ kind: "regex", source: "a(?=b)b", flags: "u" }, "(?=b)"],
  ])("%j is refused by name", (expression, name) => {
    for (const print of [printGbnf, printEbnf]) {
      expect(() => print(rule(expression))).toThrow(UnsupportedError);
      expect(() => print(rule(expression))).toThrow(name);
      expect(() => print(rule(expression))).toThrow("root");
    }
  });

  it("a difference in GBNF, a token in EBNF", () => {
    const except = { kind: "except", item: { kind: "literal", text: "a" }, without: { kind: "literal", text: "b" } };
    expect(() => printGbnf(rule(except))).toThrow("A difference cannot be written in GBNF; the rule root has one.");
    expect(() => printEbnf(rule({ kind: "token", token: 1 }))).toThrow("A token cannot be written in EBNF");
  });
});

describe("patterns go to Python's notation and back", () => {
  const atoms = [
    "a",
    ".",
    "[^a]",
    String.raw`[a-c\]\-]`,
    String.raw`\d`,
    String.raw`\w`,
    String.raw`\S`,
    String.raw`\/`,
    "(?i:b)",
    "é",
    String.raw`\u2028`,
  ];
  it("as the same language", () => {
    fc.assert(
      fc.property(randomPatterns(atoms, "whole"), fc.constantFrom("u", "iu", "su"), (source, flags) => {
        const budget = new WorkBudget({ name: "steps", limit: 1e6 });
        const printed = pythonPattern({ kind: "regex", source, flags }, "root", budget);
        const end = printed.lastIndexOf("/");
        const back = translatePythonRegex(printed.slice(1, end), printed.slice(end + 1));
        const arena = new TermArena();
        const [a, b] = [{ source, flags }, back].map((each) =>
          compileRegex(arena, each.source, { flags: each.flags, match: "whole" }),
        );
        expect(arena.includes(a, b) && arena.includes(b, a), printed).toBe(true);
      }),
      { numRuns: runs(200) },
    );
  });
});
