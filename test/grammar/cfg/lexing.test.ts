import { completionOf, DEAD, GrammarLanguage, parseLark, UnsupportedError, type Grammar } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts, stateAfter } from "../../support/automaton-texts.ts";
import { runs } from "../../support/runs.ts";
import { grammarFrom } from "../../support/sample-grammars.ts";

const PROGRAM = String.raw`
  start: statement+
  statement: IF NAME THEN statement | NAME EQ sum SEMI | CALL sum? SEMI
  sum: sum PLUS atom | atom
  atom: NAME | NUMBER
  IF: 'if'
  THEN: 'then'
  CALL: 'i!'
  EQ: '='
  PLUS: '+'
  SEMI: ';'
  NAME: /[a-z]+/
  NUMBER: /[0-9]+(?:\.[0-9]+)?/
  WS: /[ \n]+/
`;

test.each([
  ["if ab then c=1;", true],
  ["if if then c=1;", true],
  ["ifa=1;", true],
  ["if=1;", false],
  ["c = if ;", true],
  ["i!;i! x + 1.5;", true],
  ["a=b+then;", true],
  ["ifathen b=1;", false],
  ["a=1 2;", false],
  ["a=1.;", false],
])("%j is cut into terminals by the longest match, names by what may stand there", (text, isMember) => {
  expect(accepts(lexed(PROGRAM).automaton, text)).toBe(isMember);
});

test("texts are those of a reading that takes the longest match among what may come next", () => {
  const { automaton } = lexed(PROGRAM);
  const read = reader();
  const piece = fc.constantFrom("if", "then", "i!", "=", "+", ";", "ab", "x", "1", "2.5", " ", "\n", "i", ".");
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 14 }), (pieces) => {
      const text = pieces.join("");
      expect([text, accepts(automaton, text)]).toEqual([text, read(text)]);
      const state = stateAfter(automaton, text);
      if (state !== DEAD) expect(read(text + new TextDecoder().decode(completionOf(automaton, state)))).toBe(true);
    }),
    { numRuns: runs(1_500) },
  );
});

test("every prefix of a text can be completed", () => {
  const { automaton } = lexed(PROGRAM);
  const read = reader();
  const text = "if ab then c = 1.5 + if;\ni! x;i!;";
  for (let end = 0; end <= text.length; end++) {
    const state = stateAfter(automaton, text.slice(0, end));
    expect(read(text.slice(0, end) + new TextDecoder().decode(completionOf(automaton, state)))).toBe(true);
  }
});

test("a longest match after which nothing can follow is refused when the grammar is compiled", () => {
  const compile =
    (text: string, ignored: string[] = []) =>
    (): unknown =>
      lexed(text, ignored);
  expect(compile("start: NAME NAME\nNAME: /[a-z]+/")).toThrow(UnsupportedError);
  expect(compile("start: NAME NAME\nNAME: /[a-z]+/")).toThrow(
    'In the rule "start", nothing can follow the terminal NAME',
  );
  expect(compile("start: NAME item*\nitem: NAME\nNAME: /[a-z]+/")).not.toThrow();
  expect(compile("start: NAME 's' NAME\nNAME: /[a-z]+/")).toThrow(UnsupportedError);
  expect(compile("start: NAME NAME\nNAME: /[a-z]+/\nWS: / +/", ["WS"])).not.toThrow();
  expect(compile("start: A 'b'\nA: /a|ab/")).not.toThrow();
});

function lexed(text: string, ignored = ["WS"]): GrammarLanguage {
  return new GrammarLanguage(lexedGrammar(text, ignored));
}

function lexedGrammar(text: string, ignored: readonly string[]): Grammar {
  return grammarFrom(text, { ignored });
}

/**
 * Reads a program of {@link PROGRAM} by hand: a recursive descent that asks, at each place, for the longest match among the
 * terminals that it could go on with; literals before names.
 */
function reader(): (text: string) => boolean {
  const terminals: Record<string, { readonly whole: RegExp; readonly prefix: RegExp }> = {
    IF: { whole: /^if$/, prefix: /^(?:i|if)$/ },
    THEN: { whole: /^then$/, prefix: /^(?:t|th|the|then)$/ },
    CALL: { whole: /^i!$/, prefix: /^(?:i|i!)$/ },
    EQ: { whole: /^=$/, prefix: /^=$/ },
    PLUS: { whole: /^\+$/, prefix: /^\+$/ },
    SEMI: { whole: /^;$/, prefix: /^;$/ },
    NAME: { whole: /^[a-z]+$/, prefix: /^[a-z]+$/ },
    NUMBER: { whole: /^[0-9]+(?:\.[0-9]+)?$/, prefix: /^[0-9]+(?:\.[0-9]*)?$/ },
    WS: { whole: /^[ \n]+$/, prefix: /^[ \n]+$/ },
  };
  return (text) => {
    let at = 0;
    const next = (expected: string[]): string => {
      for (;;) {
        const names = [...expected, "WS"];
        let end = at;
        while (end < text.length && names.some((name) => terminals[name].prefix.test(text.slice(at, end + 1)))) end++;
        const name = Object.keys(terminals).find(
          (key) => names.includes(key) && terminals[key].whole.test(text.slice(at, end)),
        );
        if (name === undefined) throw new SyntaxError("No terminal may stand here.");
        at = end;
        if (name !== "WS") return name;
      }
    };
    const isRest = (): boolean => /^[ \n]*$/.test(text.slice(at));
    const sumRest = (): void => {
      while (next(["PLUS", "SEMI"]) === "PLUS") next(["NAME", "NUMBER"]);
    };
    const statement = (): void => {
      const first = next(["IF", "NAME", "CALL"]);
      if (first === "IF") {
        next(["NAME"]);
        next(["THEN"]);
        statement();
      } else if (first === "NAME") {
        next(["EQ"]);
        next(["NAME", "NUMBER"]);
        sumRest();
      } else if (next(["NAME", "NUMBER", "SEMI"]) !== "SEMI") sumRest();
    };
    try {
      do statement();
      while (!isRest());
      return true;
    } catch (error) {
      if (error instanceof SyntaxError) return false;
      throw error;
    }
  };
}

test("what may stand beside a terminal counts only at places that may come after the same terminal", () => {
  // Beside "true" a WORD is in progress at the beginning of a line, which would take "]" for its own; inside brackets there is none.
  const source = String.raw`
    start: (row | value NL)+
    row: WORD NL
    value: TRUE | OPEN value CLOSE
    TRUE: "true"
    OPEN: "["
    CLOSE: "]"
    NL: "\n"
    WORD: /[a-z\]]+/
  `;
  const { automaton, report } = new GrammarLanguage(parseLark(source));
  expect(report.hasNoDeadEnds).toBe(true);
  for (const [text, isMember] of [
    ["[true]\n", true],
    ["ab]\n[[true]]\n[true]\ntrue\n", true],
    ["true]\ntrue\n", true],
    ["true]\n[true\n", false],
    ["[ab\n]", false],
  ] as const) {
    expect([text, accepts(automaton, text)]).toEqual([text, isMember]);
  }
  for (const text of ["[tru", "[true", "[[true", "true", "true]", "a\n[true", "[true]\nt"]) {
    const state = stateAfter(automaton, text);
    expect(state).not.toBe(DEAD);
    expect(accepts(automaton, text + new TextDecoder().decode(completionOf(automaton, state)))).toBe(true);
  }
  expect(() => new GrammarLanguage(parseLark(source.replace("OPEN value", "OPEN WORD? value")))).toThrow(
    UnsupportedError,
  );
});

// What lark-parser 1.3 says with its LALR parser and contextual lexer.
test.each([
  ["the longest text that there could be", "A: /[ab]/\nB: /[bc]+/", "by", "bx"],
  ["the longest text, of choices too", 'A: /[abcdef]/\nB: "b" | "ab"', "by", "bx"],
  ["characters, not bytes", 'A: /./\nB: "b" | "yy"', "by", "bx"],
  ["then the longer pattern", "A: /[abcd]/\nB: /[bc]/", "bx", "by"],
  ["then the name that comes first", "B: /[bc]/\nA: /[ab]/", "bx", "by"],
  ["literals before all of these", 'A: /[bc]+/\nB: "b"', "by", "bx"],
  ["priorities before literals", 'A.1: /[bc]+/\nB: "b"', "bx", "by"],
])("of terminals that match the same text wins, by %s", (_, terminals, member, other) => {
  const { automaton } = new GrammarLanguage(parseLark(`start: B "y" | A "x"\n${terminals}`));
  expect([accepts(automaton, member), accepts(automaton, other)]).toEqual([true, false]);
});
