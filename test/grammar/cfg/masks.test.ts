import {
  completionOf,
  DEAD,
  GrammarLanguage,
  type Constraint,
  type PushdownAutomaton,
  UnsatisfiableError,
  type Grammar,
  type Matcher,
} from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts, stateAfter } from "../../support/automaton-texts.ts";
import { boundedLanguage } from "../../support/bounded-language.ts";
import { BruteForce, wordsOf, wordsUpTo } from "../../support/brute-force.ts";
import { maskOf, naiveMask } from "../../support/mask-lists.ts";
import { grammarOf, randomGrammars } from "../../support/random-grammar.ts";
import { runs } from "../../support/runs.ts";
import { cLikeGrammar, cLikeText } from "../../support/sample-grammars.ts";
import { llama3Vocabulary, wordVocabulary } from "../../support/vocabularies.ts";

const LETTERS = ["a", "b"];
const LENGTH = 5;

const vocabularies = fc
  .uniqueArray(fc.constantFrom(...wordsUpTo(LETTERS, 4).slice(3)), { maxLength: 8 })
  .map((words) => wordVocabulary([...LETTERS, ...words]));

test("masks of random grammars allow exactly the tokens from which a text of the language can be spelled", () => {
  let masks = 0;
  fc.assert(
    fc.property(randomGrammars, vocabularies, fc.option(fc.nat(6)), (grammar, vocabulary, slack) => {
      const short = shortTexts(grammar);
      const brute = new BruteForce(boundedLanguage(short, LETTERS, LENGTH), wordsOf(vocabulary), vocabulary.eosTokens);
      const language = new GrammarLanguage(short);
      if (brute.cost("") === Infinity) {
        expect(() => language.constraint(vocabulary)).toThrow(UnsatisfiableError);
        return;
      }
      const budget = slack === null ? undefined : brute.cost("") + slack;
      const queue: [string, Matcher][] = [["", language.constraint(vocabulary).matcher({ maxTokens: budget })]];
      const words = wordsOf(vocabulary);
      for (const [text, matcher] of queue) {
        if (queue.length > 200) break;
        const mask = maskOf(matcher, vocabulary);
        masks++;
        if (budget === undefined) expect(mask).toEqual(brute.mask(text));
        else expect(brute.mask(text, budget - matcher.tokenCount)).toEqual(expect.arrayContaining(mask));
        expect(mask).not.toEqual([]);
        for (const token of mask) {
          if (words[token] === undefined) continue;
          const next = matcher.clone();
          expect(next.consume(token)).toBe(true);
          queue.push([text + words[token], next]);
        }
      }
    }),
    { numRuns: runs(150) },
  );
  expect(masks).toBeGreaterThan(500);
});

test("masks over a real vocabulary are those of trying every token, and known ways to the end are members", () => {
  const vocabulary = llama3Vocabulary();
  const { automaton, constraint } = withConstraint(cLikeGrammar);
  const matcher = constraint.matcher();
  const tokens = vocabulary.tokenizer!.encode(cLikeText);
  const decoder = new TextDecoder();
  let text = "";
  for (const [at, token] of tokens.entries()) {
    const mask = maskOf(matcher, vocabulary);
    expect(mask).toContain(token);
    const state = stateAfter(automaton, text);
    if (at % 6 === 1) expect(mask).toEqual(naiveMask(automaton, state, vocabulary));
    expect(accepts(automaton, text + decoder.decode(completionOf(automaton, state)))).toBe(true);
    matcher.consume(token);
    text += decoder.decode(vocabulary.bytes(token));
  }
  expect(matcher.isAccepting()).toBe(true);
  expect(stateAfter(automaton, `${text})`)).toBe(DEAD);
});

function withConstraint(grammar: Grammar): { automaton: PushdownAutomaton; constraint: Constraint } {
  const language = new GrammarLanguage(grammar);
  return { automaton: language.automaton, constraint: language.constraint(llama3Vocabulary()) };
}

function shortTexts(grammar: Grammar): Grammar {
  const rules = Object.fromEntries([...grammar.rules].map(([name, rule]) => [name, rule.expression]));
  const and = { kind: "regex", source: `[ab]{0,${LENGTH}}`, flags: "u" } as const;
  return grammarOf({ start: { kind: "intersect", item: { kind: "reference", rule: "S" }, and }, ...rules });
}
