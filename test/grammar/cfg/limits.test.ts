import {
  AbortedError,
  compileGrammar,
  type EspalierError,
  type Grammar,
  GrammarLanguage,
  InvalidInputError,
  LimitExceededError,
  parseEbnf,
  parseGbnf,
  parseLark,
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

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const shells = (rule: string, count: string): string =>
  `((((${rule}){1,${count}}){1,${count}}){1,${count}}){1,${count}}`;

/** Each grammar with a text that is in its language, and one that is not. */
test.each<[string, () => Grammar, string, string]>([
  [
    "10,000 rules, each inside the next",
    () =>
      parseGbnf(times(10_000, (i) => `r${i} ::= "(" r${(i + 1) % 10_000} ")" | "c${i}"`).join("\n"), { start: "r0" }),
    "((c2))",
    "((c3))",
  ],
  [
    "10,000 rules of Lark in one circle",
    () => parseLark(`start: r0\n${times(10_000, (i) => `r${i}: "a${i}" r${(i + 1) % 10_000} "b" | "c"`).join("\n")}`),
    "a0a1cbb",
    "a0a2cbb",
  ],
  [
    "a megabyte of alternatives in GBNF",
    () => parseGbnf(`root ::= ${times(100_000, (i) => `"w${i}x"`).join(" | ")}`),
    "w77777x",
    "w100000x",
  ],
  [
    "a megabyte of alternatives in a terminal of Lark",
    () => parseLark(`start: W\nW: ${times(100_000, (i) => `"w${i}x"`).join(" | ")}`),
    "w77777x",
    "w100000x",
  ],
  [
    "20,000 classes in EBNF",
    () => parseEbnf(`root ::= ${times(20_000, (i) => `[a-${"bcdefghijk"[i % 10]}] "x"`).join(" | ")}`),
    "kx",
    "lx",
  ],
  ["S: S S S | a | nothing, in GBNF", () => parseGbnf('root ::= root root root | "a" |'), "a".repeat(3_000), "aab"],
  ["S: S S S | a | nothing, in Lark", () => parseLark('start: start start start | "a" |'), "a".repeat(3_000), "aab"],
  ["x{1,100000}", () => parseGbnf('root ::= "x"{1,100000}'), "x".repeat(20_000), ""],
  ["a terminal, x~1..100000", () => parseLark('start: X\nX: "x"~1..100000'), "x".repeat(20_000), ""],
  ["s{1,100000} of a rule", () => parseGbnf('root ::= s{1,100000}\ns ::= "(" s ")" | "x"'), "x(x)xx", ""],
  ["nested {1,1000} of a text", () => parseGbnf(`root ::= ${shells('"x"', "1000")}`), "x".repeat(500), ""],
  ["nested stars", () => parseGbnf('root ::= (((("x"*)*)+)*)?'), "x".repeat(5_000), "y"],
  ["rules that are each other", () => parseGbnf('root ::= a\na ::= b | "x"\nb ::= a | root'), "x", "xx"],
  [".{0,1000}", () => parseGbnf("root ::= .{0,1000}"), "é".repeat(1_000), "é".repeat(1_001)],
])("a hostile grammar is compiled and read: %s", (_name, read, good, bad) => {
  const { automaton } = new GrammarLanguage(read());
  expect(accepts(automaton, good)).toBe(true);
  expect(accepts(automaton, bad)).toBe(false);
});

test.each<[string, () => Grammar]>([
  ["5,000 groups in one another", () => parseGbnf(`root ::= ${"(".repeat(5_000)}"a"${")".repeat(5_000)}`)],
  ["templates without end", () => parseLark('start: a{"x"}\na{x}: a{b{x}}\nb{x}: x')],
  ["imports without end", () => parseLark("start: A\n%import .a.A", { imports: () => "%import .b.a.A" })],
  ["a count of ten millions", () => parseGbnf('root ::= s{1,10000000}\ns ::= "(" s ")" | "x"')],
])("a hostile grammar is refused with a place: %s", (_name, read) => {
  expect(read).toThrow(expect.objectContaining({ place: expect.stringMatching(/line \d+, column \d+$/) }));
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
