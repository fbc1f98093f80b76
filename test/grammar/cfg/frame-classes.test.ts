import { compileGrammar, parseGbnf, parseLark, type PushdownAutomaton } from "@espalier/grammar";
import { expect, test } from "vitest";
import { accepts } from "../../support/automaton-texts.ts";

/** All characters of one byte, and some of more. */
const CHARACTERS = [
  ...Array.from({ length: 128 }, (_, code) => String.fromCharCode(code)),
  "é",
  "߿",
  "€",
  "\u2028",
  "😀",
];

/** Texts in which every character comes at places where more than one reading is followed. */
function* texts(): Generator<string> {
  for (const character of CHARACTERS) {
    for (const before of ["1-", "1--", "1--x", "1--\n-"]) {
      for (const after of ["", "\n", "2", "2\n", "\n3"]) yield before + character + after;
    }
  }
}

function expectTheSame(automaton: PushdownAutomaton, isMember: (text: string) => boolean): void {
  for (const text of texts()) {
    expect({ text, accepted: accepts(automaton, text) }).toEqual({ text, accepted: isMember(text) });
  }
}

/** Cuts a text by the longest match; whether that leaves nothing over. */
function lexes(text: string, patterns: readonly RegExp[]): boolean {
  let at = 0;
  while (at < text.length) {
    let longest = 0;
    for (const pattern of patterns) {
      pattern.lastIndex = at;
      longest = Math.max(longest, pattern.exec(text)?.[0].length ?? 0);
    }
    if (longest === 0) return false;
    at += longest;
  }
  return true;
}

test("a guarded match treats each byte as a lexer does that looks ahead", () => {
  const automaton = compileGrammar(parseLark('start: (INT | "-")+\nINT: /[0-9]+/\n%ignore /--[^\\n]*\\n/\n'));
  expectTheSame(automaton, (text) => lexes(text, [/--[^\n]*\n/uy, /[0-9]+/uy, /-/uy]));
});

test("readings that are followed side by side treat each byte as a regular expression does", () => {
  const automaton = compileGrammar(
    parseGbnf(
      'root ::= part+ | "(" root ")"\npart ::= line | minus | [0-9]\nline ::= "--" [^\\n]* "\\n"\nminus ::= "-"\n',
    ),
  );
  const pattern = /^(?:--[^\n]*\n|-|[0-9])+$/u;
  expectTheSame(automaton, (text) => pattern.test(text));
});
