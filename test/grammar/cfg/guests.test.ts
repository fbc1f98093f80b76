import {
  choice,
  compileGrammar,
  DEAD,
  embedded,
  grammar,
  GrammarLanguage,
  literal,
  regex,
  sequence,
} from "@espalier/grammar";
import type { State } from "@espalier/grammar";
import { jsonSchema } from "@espalier/schema";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { wordsUpTo } from "../../support/brute-force.ts";
import { stateAfter } from "../../support/automaton-texts.ts";
import { runs } from "../../support/runs.ts";

test.each<[string, object, RegExp, boolean]>([
  [
    "an object, and what ends one",
    { type: "object", properties: { a: { type: "integer" } }, additionalProperties: false },
    /\}/u,
    true,
  ],
  ["an object with keys of which some are taken", { type: "object" }, /\}/u, false],
  ["a list of numbers, and a digit", { type: "array", items: { type: "integer" } }, /[0-9]/u, true],
  ["a number, and something that is no part of one", { type: "number" }, /;|\./u, true],
  ["a number, and a digit", { type: "integer" }, /[0-9]/u, false],
  ["a number, and what it may go on with", { type: "number" }, /e/u, false],
  ["a number at the end", { type: "number" }, /1?/u, true],
])("%s: known to be without dead ends, or not", (_, schema, follow, isKnown) => {
  const language = new GrammarLanguage(grammar(sequence(jsonSchema(schema), regex(follow))));
  expect(language.report.hasNoDeadEnds).toBe(isKnown);
});

test("where a grammar with an automaton says that it has no dead ends, every text that lives can be completed", () => {
  const pattern = fc.constantFrom(/a+/u, /ab?/u, /(?:ab)+/u, /a|b/u, /b*a/u, /a{1,3}b*/u, /(?:aa)+/u, /b(?:ab|b)*/u);
  const follow = fc.array(fc.constantFrom("a", "b", "ab", "ba", "c", ""), { minLength: 1, maxLength: 3 });
  let known = 0;
  fc.assert(
    fc.property(pattern, follow, fc.boolean(), (source, texts, twice) => {
      const guest = embedded(compileGrammar(grammar(regex(source))), "guest");
      const rest = choice(...texts.map((text) => literal(text)));
      const language = new GrammarLanguage(grammar(twice ? sequence(guest, rest, guest, rest) : sequence(guest, rest)));
      if (!language.report.hasNoDeadEnds) return;
      known++;
      const { automaton } = language;
      for (const word of wordsUpTo(["a", "b", "c"], 5)) {
        const state = stateAfter(automaton, word);
        if (state !== DEAD) expect([word, canEnd(automaton, state)]).toEqual([word, true]);
      }
    }),
    { numRuns: runs(200) },
  );
  expect(known).toBeGreaterThan(10);
});

/** Whether a state that accepts is reached, by trying. */
function canEnd(automaton: ReturnType<typeof compileGrammar>, from: State): boolean {
  const seen = new Set([from]);
  for (const state of seen) {
    if (automaton.isAccepting(state)) return true;
    for (const letter of "abc") {
      const next = automaton.next(state, letter.codePointAt(0)!);
      if (next !== DEAD) seen.add(next);
    }
  }
  return false;
}
