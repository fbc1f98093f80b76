import { readdirSync, readFileSync } from "node:fs";
import { DEAD, GrammarLanguage, parseEbnf, parseGbnf, parseLark } from "@espalier/grammar";
import { beforeAll, expect, test } from "vitest";
import { accepts, stateAfter } from "../../support/automaton-texts.ts";

const FIXTURES = new URL("../../fixtures/grammars/", import.meta.url);
const BENCH = new URL("../../../bench/grammars/", import.meta.url);

const read = (path: string): string => readFileSync(new URL(path, FIXTURES), "utf8");

const GBNF: Record<string, { readonly accept: readonly string[]; readonly refuse: readonly string[] }> = {
  // An older version: whole numbers, and no null.
  json: {
    accept: ['{"a": [1, -25, true, "x\\n\\u00e9"], "b": {}}', "{}"],
    refuse: ["[1]", "{a:1}", '{"a":1.5}', '{"a":1,}'],
  },
  chess: {
    accept: ["1. e4 e5\n2. Nf3 Nc6\n", "1. e4 e5\n2. Nf3 Nc6\n3. Bb5 a6\n4. O-O Nxe4\n"],
    refuse: ["1. e9 e5\n", "e4\n"],
  },
  english: { accept: ["Hello, world! How are you?"], refuse: ["", "héllo"] },
  japanese: { accept: ["これは日本語です", "カタカナ 漢字"], refuse: ["hello"] },
  list: { accept: ["- apples\n- pears and more\n"], refuse: ["apples\n", "- a"] },
};

test.each(Object.entries(GBNF))(
  "llama.cpp's %s.gbnf accepts what it should, and nothing else",
  (name, { accept, refuse }) => {
    const { automaton } = new GrammarLanguage(parseGbnf(read(`llama.cpp/${name}.gbnf`)));
    for (const text of accept) expect([text, accepts(automaton, text)]).toEqual([text, true]);
    for (const text of refuse) expect([text, accepts(automaton, text)]).toEqual([text, false]);
  },
);

test("lark.lark describes Lark's own grammars, line ends after blanks and patterns after blanks included", () => {
  const { automaton } = new GrammarLanguage(parseLark(read("lark/lark.lark")));
  const texts = [
    read("lark/lark.lark"),
    read("lark/python.lark"),
    ...["json", "c", "python", "sql", "log"].map((name) =>
      readFileSync(new URL(`${name}/grammar.lark`, BENCH), "utf8"),
    ),
    'start: "a" \n',
    "start: a  // trailing\n\n\na: B~1..3\n",
    'start: "a" "b"* -> alias\n   | c+\n\n// comment\nA: /[a-z]+/i\n%ignore A\n%import common.WS\n',
  ];
  for (const text of texts) expect([text, accepts(automaton, text)]).toEqual([text, true]);
  for (const text of ["start a\n", 'start: "a\n', "start: (a\n", "%foo a\n", 'start: ("a" | \n "b")\n'])
    expect([text, accepts(automaton, text)]).toEqual([text, false]);
});

let python: GrammarLanguage;
beforeAll(() => {
  python = new GrammarLanguage(parseLark(read("lark/python.lark"), { start: "file_input" }));
});

test.each([
  "x = 1 # c\ny = 2\n",
  "import os, sys\nfrom a.b import (c, d as e)\n",
  "print('hello', \"w\", f'x')\n",
  "x: int = [1, 2.5, 0x1f, 1e5, 3j]\n",
  "def f(a, b=1, *args, c, **kw) -> int: return a + b\n",
  "x = [i*2 for i in y if i > 3]\n",
  "x = {'a': 1, **b}\n",
  "x = '''long\nstring'''\n",
  'x = ""\ny = "" "b"\n',
  "assert x == 1, 'no'\n",
  "class A(B, metaclass=C): pass\n",
  "x[1:2, ::3] = 4\n",
  "try: x\nexcept E as e: y\nfinally: z\n",
  "x = 1 \\\n + 2\n",
  "\n\nx = 1\n\n# c\n\ny = 2\n",
  "x = 1.5.real\nprint(1 if x else 2)\n",
])("python.lark accepts %j", (text) => {
  expect(accepts(python.automaton, text)).toBe(true);
});

test.each(["x = = 1\n", "def (): pass\n", "x = 'a\n", "1 +\n", "if: x\n", "import\n", "x = (1\n"])(
  "python.lark refuses %j",
  (text) => {
    expect(accepts(python.automaton, text)).toBe(false);
  },
);

test("python.lark reads blocks once its declared terminals are given", () => {
  const { automaton } = new GrammarLanguage(
    parseLark(read("lark/python.lark"), {
      start: "file_input",
      declared: { _INDENT: { kind: "literal", text: "<INDENT>" }, _DEDENT: { kind: "literal", text: "<DEDENT>" } },
    }),
  );
  expect(accepts(automaton, "def f(x):\n<INDENT>return x\n<DEDENT>\n")).toBe(true);
  expect(accepts(automaton, "def f(x):\nreturn x\n")).toBe(false);
  expect(stateAfter(python.automaton, "def f(x):\n")).toBe(DEAD);
});

const benched = readdirSync(BENCH, { withFileTypes: true }).filter((entry) => entry.isDirectory());

test.each(benched.map(({ name }) => name))("the texts of the bench are judged right: %s", (name) => {
  const file = (path: string): string => readFileSync(new URL(`${name}/${path}`, BENCH), "utf8");
  const { automaton } = new GrammarLanguage(parseLark(file("grammar.lark")));
  const scannerless = new GrammarLanguage(parseEbnf(file("grammar.ebnf"))).automaton;
  const parts = file("texts.txt").split(/^(?==== (?:accept|refuse)\n)/m);
  expect(parts.length).toBeGreaterThan(5);
  for (const part of parts) {
    const end = part.indexOf("\n");
    const text = part.slice(end + 1).replace(/\n$/, "");
    const verdict = part.slice(0, end) === "=== accept";
    expect([text, accepts(automaton, text)]).toEqual([text, verdict]);
    expect([text, accepts(scannerless, text)]).toEqual([text, verdict]);
  }
});
