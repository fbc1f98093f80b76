import { GrammarLanguage, parseLark } from "@espalier/grammar";
import { expect, test } from "vitest";
import { grammarCases } from "../../../bench/src/grammars/grammar-cases.ts";
import { stateAfter } from "../../support/automaton-texts.ts";
import { maskOf, naiveMask } from "../../support/mask-lists.ts";
import { llama3Vocabulary } from "../../support/vocabularies.ts";

const vocabulary = llama3Vocabulary();
/** Places in each text at which all tokens are tried. */
const PLACES = 4;

for (const { name, sources, tests } of grammarCases()) {
  test(`masks of the grammar "${name}" over a real vocabulary are those of trying every token`, () => {
    const language = new GrammarLanguage(parseLark(sources.lark));
    const { automaton } = language;
    const constraint = language.constraint(vocabulary);
    const decoder = new TextDecoder();
    for (const [index, { text }] of tests
      .filter(({ valid }) => valid)
      .slice(0, 3)
      .entries()) {
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
