import { GrammarLanguage, MaskCache, parseLark } from "@espalier/grammar";
import { resolveJsonSchemas } from "@espalier/schema";
import { expect, test } from "vitest";
import { stateAfter } from "../../support/automaton-texts.ts";
import { benchGrammars } from "../../support/bench-grammars.ts";
import { maskOf, naiveMask } from "../../support/mask-lists.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

const vocabulary = llama3Vocabulary();
/** Places in each text at which all tokens are tried. */
const PLACES = 4;

for (const { name, lark, texts } of benchGrammars()) {
  test(`masks of the grammar "${name}" over a real vocabulary are those of trying every token`, () => {
    const language = new GrammarLanguage(parseLark(lark));
    const { automaton } = language;
    const constraint = language.constraint(vocabulary);
    const decoder = new TextDecoder();
    for (const [index, text] of texts.slice(0, 3).entries()) {
      const matcher = constraint.matcher();
      const tokens = vocabulary.tokenizer!.encode(text).slice(0, 120);
      let before = "";
      for (const [at, token] of tokens.entries()) {
        const mask = maskOf(matcher, vocabulary);
        expect(mask).toContain(token);
        if ((at + index) % Math.ceil(tokens.length / PLACES) === 2) {
          expect(mask).toEqual(naiveMask(automaton, stateAfter(automaton, before), vocabulary));
        }
        matcher.consume(token);
        before += decoder.decode(vocabulary.bytes(token));
      }
    }
  });
}

test("masks are those of trying every token where several terminals in a row begin longer ones", () => {
  const atoms = parseLark(String.raw`
start: atom (bond? (atom | "(" bond? start ")"))*
atom: "C" | "O" | "N" | "Cl" | GROUP | OTHER
bond: "=" | "#" | "."
GROUP: "C=CC(=O)O" | "OC(=O)C=C" | "C=C=O=C=C"
OTHER: /N[.=]*#/
`);
  const language = new GrammarLanguage(atoms);
  const constraint = language.constraint(vocabulary);
  for (const text of ["C=O", "CC(=C=C)N.O", "C=CC(=O)OC=CC(=O)C", "N.N.#=C=C=O", "OC(=O)C=CC=C=O=C=C"]) {
    const matcher = constraint.matcher();
    let before = "";
    for (const character of text) {
      expect([before, maskOf(matcher, vocabulary)]).toEqual([
        before,
        naiveMask(language.automaton, stateAfter(language.automaton, before), vocabulary),
      ]);
      matcher.consume(vocabulary.tokenizer!.encode(character)[0]);
      before += character;
    }
    expect([text, matcher.isAccepting()]).toEqual([text, true]);
  }
});

test("masks are those of trying every token where terminals say what must not follow them", () => {
  const grammar = String.raw`
start: "select"i NAME (AS NAME)? (WHERE f)? ";"
f: u (UNTIL u)*
u: NEXT u | NAME | NUMBER | "(" f ")"
AS: /\bas\b/i
WHERE: /where(?![a-z0-9→é])/
UNTIL.2: /U(?=[ "(])/
NEXT.2: /X(?=[ (])/
NUMBER: /[0-9]+(?![.a-z])/
NAME: /[a-zé_]+|"[^"]*"/
%ignore /[ \n]+/
`;
  const language = new GrammarLanguage(parseLark(grammar));
  const constraint = language.constraint(vocabulary);
  const decoder = new TextDecoder();
  for (const text of [
    "SELECT a as b where X a U(12 U b);",
    'select"a"as"b"where(é U "x");',
    "select as as as\nwhere X(X 7);",
  ]) {
    const matcher = constraint.matcher();
    const bytes: number[] = [];
    for (const character of text) {
      const before = decoder.decode(Uint8Array.from(bytes));
      const state = stateAfter(language.automaton, Uint8Array.from(bytes));
      expect([before, maskOf(matcher, vocabulary)]).toEqual([before, naiveMask(language.automaton, state, vocabulary)]);
      for (const token of vocabulary.tokenizer!.encode(character)) {
        matcher.consume(token);
        bytes.push(...vocabulary.bytes(token));
      }
    }
    expect([text, matcher.isAccepting()]).toEqual([text, true]);
  }
});

test("what was seen at one level of nesting is not walked again at another", () => {
  const { lark } = benchGrammars().find(({ name }) => name === "c")!;
  const language = new GrammarLanguage(parseLark(lark));
  const masks = new MaskCache(language.automaton, vocabulary);
  const words = new Uint32Array(vocabulary.maskWords);
  const work = (text: string): { readonly nodes: number; readonly rows: number } => {
    const nodesBefore = masks.stats.nodesWalked;
    const rowsBefore = language.stats.rows;
    let state = language.automaton.start;
    for (const token of vocabulary.tokenizer!.encode(text)) {
      masks.fill(state, words);
      state = masks.afterToken(state, token);
      expect(state).not.toBe(0);
    }
    return { nodes: masks.stats.nodesWalked - nodesBefore, rows: language.stats.rows - rowsBefore };
  };
  const { rows } = work("int f(int a) { return g(a + 1, b[2]) - 3; }");
  const deeper = work("int f(int a) { return h(g(a + 1, b[2]) - 3, g(a + 1, b[2])); }");
  expect(rows).toBeGreaterThan(20);
  expect(deeper.nodes).toBeLessThan(vocabulary.trie.nodeCount / 15);
  expect(deeper.rows).toBeLessThan(240);
});

test("masks of schemas inside grammars are those of trying every token, with what is captured", () => {
  const schema = {
    type: "object",
    properties: { tags: { type: "array", items: { enum: ["a", "ab", 1] }, uniqueItems: true } },
    additionalProperties: { type: "integer" },
  };
  const lark = `start: ("call" "(" value ")" ";"?)+\nvalue: %json ${JSON.stringify(schema)}\n%ignore / +/\n`;
  const language = new GrammarLanguage(resolveJsonSchemas(parseLark(lark)));
  const { automaton } = language;
  const matcher = language.constraint(vocabulary).matcher();
  let before = "";
  const text = 'call({"tags": ["a", 1, "ab"], "x": 12, "x1": -3}) ; call({})call ( {"y":1})';
  for (const [at, token] of vocabulary.tokenizer!.encode(text).entries()) {
    const mask = maskOf(matcher, vocabulary);
    expect({ before, allowed: mask.includes(token) }).toEqual({ before, allowed: true });
    if (at % 3 === 0) expect(mask).toEqual(naiveMask(automaton, stateAfter(automaton, before), vocabulary));
    matcher.consume(token);
    before += new TextDecoder().decode(vocabulary.bytes(token));
  }
  expect(matcher.isAccepting()).toBe(true);
});
