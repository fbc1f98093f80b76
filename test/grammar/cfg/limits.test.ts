import {
  AbortedError,
  compileGrammar,
  type EspalierError,
  GrammarLanguage,
  InvalidInputError,
  LimitExceededError,
  UnsatisfiableError,
  type Expression,
} from "@espalier/grammar";
import { expect, test } from "vitest";
import { accepts, stateAfter } from "../../support/automaton-texts.ts";
import { grammarOf } from "../../support/random-grammar.ts";
import { arithmeticGrammar, cLikeGrammar, cLikeText, grammarFrom, jsonGrammar } from "../../support/sample-grammars.ts";

const S: Expression = { kind: "reference", rule: "S" };
const A: Expression = { kind: "literal", text: "a" };

test("a rule that is not defined is named, with where it is used", () => {
  const rules = new Map([
    ["S", { name: "S", expression: { kind: "reference", rule: "T", place: { line: 3, column: 9 } } as const }],
  ]);
  const compile = (): unknown => new GrammarLanguage({ start: "S", rules });
  expect(compile).toThrow(InvalidInputError);
  expect(compile).toThrow('The rule "S" refers to the rule "T", which is not defined (line 3, column 9).');
  expect(() => new GrammarLanguage({ start: "X", rules: new Map() })).toThrow('The start rule "X" is not defined.');
});

test("an empty language is known when it is compiled, and useless rules are reported", () => {
  const language = new GrammarLanguage(
    grammarFrom(`
      S: A S | B
      A: 'a'
      B: S 'b' D
      D: 'd' D
      E: ( 'x'* )? S
      F: ()
    `),
  );
  expect(language.isSatisfiable).toBe(false);
  expect(language.shortest).toBeUndefined();
  expect(language.report).toMatchObject({ unreachable: ["E", "F"], unproductive: ["S", "B", "D"], empty: [] });
  expect(() => compileGrammar(grammarFrom("S: 'a' S"))).toThrow(UnsatisfiableError);
  expect(new GrammarLanguage(grammarFrom("S: 'a' F G\nF: ()\nG: G | F G F | ()")).report.empty).toEqual(["F", "G"]);
});

test("S: S S S | 'a' | () stays small on long texts, where derivations are without number", () => {
  const sequence: Expression = { kind: "sequence", items: [S, S, S] };
  const language = new GrammarLanguage(
    grammarOf({ S: { kind: "choice", alternatives: [sequence, A, { kind: "empty" }] } }),
  );
  expect(accepts(language.automaton, "a".repeat(5_000))).toBe(true);
  expect(accepts(language.automaton, `${"a".repeat(100)}b`)).toBe(false);
  expect(language.stats.rows).toBeLessThan(20);
});

/** Each text consists of its head, then its body any number of times. */
test.each([
  ["left recursion", grammarFrom("S: L\nL: L ',' x | x\nx: /[a-z]+/"), "a", ",b"],
  ["right recursion", grammarFrom("S: x ',' S | x\nx: /[a-z]+/"), "a", ",b"],
  ["repetition", grammarFrom("S: x (',' x)*\nx: /[a-z]+/"), "a", ",b"],
  ["hidden left recursion", grammarFrom("S: N S ',' x | x\nN: () | '-'\nx: /[a-z]+/"), "a", ",b"],
  ["arithmetic", arithmeticGrammar, "x", " + (y1 * 2.5 - (z / 3)) * w"],
  ["JSON", { ...jsonGrammar, start: "array" }, "[0", ', {"a": [1, true], "b": {"c": "d"}}'],
  ["ambiguous sums", grammarFrom("S: S '+' S | S '*' S | x\nx: /[a-z]+/"), "a", "+b*c"],
  ["a dangling else", grammarFrom("S: 'if ' S ' else ' S | 'if ' S | 'x'"), "if x", " else if x"],
])("%s: what is made for a text does not grow with it", (_name, grammar, head, body) => {
  const made = (count: number): number => {
    const language = new GrammarLanguage(grammar);
    expect(stateAfter(language.automaton, head + body.repeat(count))).not.toBe(0);
    return language.stats.rows + language.stats.frames + language.stats.lexicalSets;
  };
  expect(made(2_000)).toBe(made(20));
});

test("nesting costs the same at every level", () => {
  const made = (depth: number): number => {
    const language = new GrammarLanguage(jsonGrammar);
    expect(accepts(language.automaton, `${'[{"a":'.repeat(depth)}1${"}]".repeat(depth)}`)).toBe(true);
    return language.stats.threads;
  };
  expect(made(800) - made(700)).toBe(made(200) - made(100));
});

test("a program of a C-like language makes each row once", () => {
  const language = new GrammarLanguage(cLikeGrammar);
  expect(accepts(language.automaton, cLikeText)).toBe(true);
  const { rows } = language.stats;
  expect(accepts(language.automaton, cLikeText.repeat(20))).toBe(true);
  expect(language.stats.rows).toBeLessThan(rows + 10);
});

test("10,000 rules, each leading to the next", () => {
  const rules: Record<string, Expression> = {};
  for (let i = 0; i < 10_000; i++) {
    const next: Expression = { kind: "reference", rule: i === 9_999 ? "r0" : `r${i + 1}` };
    rules[`r${i}`] = {
      kind: "choice",
      alternatives: [
        { kind: "literal", text: `${i};` },
        { kind: "sequence", items: [A, next] },
      ],
    };
  }
  const { automaton } = new GrammarLanguage(grammarOf(rules));
  expect(accepts(automaton, "aaa3;")).toBe(true);
  expect(accepts(automaton, "aaa4;")).toBe(false);
});

test("a megabyte of alternatives", () => {
  const words = Array.from({ length: 100_000 }, (_, i) => `w${i * 7_919}!`);
  const alternatives = words.map((text): Expression => ({ kind: "literal", text }));
  const { automaton } = new GrammarLanguage(grammarOf({ S: { kind: "choice", alternatives } }));
  expect(accepts(automaton, words[77])).toBe(true);
  expect(accepts(automaton, "w1!")).toBe(false);
  const recursive = alternatives.slice(0, 20_000).map((item): Expression => ({ kind: "sequence", items: [item, S] }));
  const large = new GrammarLanguage(grammarOf({ S: { kind: "choice", alternatives: [A, ...recursive] } }));
  expect(accepts(large.automaton, `${words[5]}${words[6]}a`)).toBe(true);
});

test("limits are typed errors, and a signal ends the work", () => {
  const nested = Array.from({ length: 20_000 }).reduce<Expression>(
    (item) => ({ kind: "sequence", items: [item, S] }),
    A,
  );
  const counted: Expression = { kind: "repeat", item: { kind: "sequence", items: [A, S] }, min: 0, max: 10_000_000 };
  const controller = new AbortController();
  controller.abort();
  const failures: [() => unknown, new (...args: never[]) => EspalierError][] = [
    [() => new GrammarLanguage(grammarOf({ S: nested })), LimitExceededError],
    [() => new GrammarLanguage(grammarOf({ S: { kind: "choice", alternatives: [A, counted] } })), LimitExceededError],
    [() => new GrammarLanguage(cLikeGrammar, { maxWork: 100 }), LimitExceededError],
    [() => stateAfter(compileGrammar(cLikeGrammar, { maxThreads: 100 }), cLikeText), LimitExceededError],
    [() => stateAfter(compileGrammar(cLikeGrammar, { maxFrames: 10 }), cLikeText), LimitExceededError],
    [() => stateAfter(compileGrammar(cLikeGrammar, { maxWorkPerByte: 10 }), cLikeText), LimitExceededError],
    [
      () =>
        new GrammarLanguage(grammarOf({ S: { kind: "choice", alternatives: [A, { ...counted, max: 9_000 }] } }), {
          signal: controller.signal,
        }),
      AbortedError,
    ],
  ];
  for (const [fail, kind] of failures) expect(fail).toThrow(kind);
});
