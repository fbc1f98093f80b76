import { completionOf, DEAD, GrammarLanguage, type Grammar } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { accepts, stateAfter } from "../../support/automaton-texts.ts";
import { boundedLanguage } from "../../support/bounded-language.ts";
import { wordsUpTo } from "../../support/brute-force.ts";
import { grammarOf, randomGrammars } from "../../support/random-grammar.ts";
import { runs } from "../../support/runs.ts";

const LETTERS = ["a", "b"];
const LENGTH = 6;
const WORDS = wordsUpTo(LETTERS, LENGTH);

test("random grammars accept exactly the texts that they derive, and prefixes live exactly as long as a text can follow", () => {
  fc.assert(
    fc.property(randomGrammars, (grammar) => {
      const members = boundedLanguage(grammar, LETTERS, LENGTH);
      const { automaton } = new GrammarLanguage(grammar);
      for (const word of WORDS) {
        expect([word, accepts(automaton, word)]).toEqual([word, members.has(word)]);
        const state = stateAfter(automaton, word);
        if (state === DEAD) {
          expect([...members].filter((member) => member.startsWith(word))).toEqual([]);
          continue;
        }
        const text = word + new TextDecoder().decode(completionOf(automaton, state));
        expect(accepts(automaton, text)).toBe(true);
        if (text.length <= LENGTH) expect(members).toContain(text);
      }
    }),
    { numRuns: runs(150) },
  );
});

test("restricted to short texts, random grammars are dead exactly where no member follows", () => {
  fc.assert(
    fc.property(randomGrammars, fc.constantFrom("[ab]{0,5}", "(?:ab|b)*", "(?:aa|b){0,2}a?"), (grammar, source) => {
      const restricted = restrictedTo(grammar, source);
      const members = [...boundedLanguage(restricted, LETTERS, LENGTH)];
      const { automaton } = new GrammarLanguage(restricted);
      for (const word of WORDS) {
        expect([word, accepts(automaton, word)]).toEqual([word, members.includes(word)]);
        const isPrefix = members.some((member) => member.startsWith(word));
        const isAlive = stateAfter(automaton, word) !== DEAD;
        if (source.includes("*") ? isPrefix && !isAlive : isPrefix !== isAlive) {
          throw new Error(`The prefix "${word}" is ${isAlive ? "alive" : "dead"} and should not be.`);
        }
      }
    }),
    { numRuns: runs(100) },
  );
});

function restrictedTo(grammar: Grammar, source: string): Grammar {
  const rules = Object.fromEntries([...grammar.rules].map(([name, rule]) => [name, rule.expression]));
  return grammarOf({
    start: { kind: "intersect", item: { kind: "reference", rule: "S" }, and: { kind: "regex", source, flags: "u" } },
    ...rules,
  });
}
