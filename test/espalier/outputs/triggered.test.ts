import { type Expression, grammar, InvalidInputError, triggered } from "espalier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { accepts } from "../../support/automaton-texts.ts";
import { BruteForce, wordsOf, wordsUpTo } from "../../support/brute-force.ts";
import { maskOf } from "../../support/mask-lists.ts";
import { runs } from "../../support/runs.ts";
import { byteVocabulary, llama3Vocabulary, wordVocabulary } from "../../support/vocabularies.ts";

const vocabulary = byteVocabulary();
const digits: Expression = { kind: "regex", source: "[01]+", flags: "" };
const letters: Expression = { kind: "regex", source: "a*", flags: "" };

interface Trial {
  readonly triggers: readonly { begin: string; content: Expression; pattern: RegExp; end?: string }[];
  readonly atLeastOne: boolean;
  readonly stopAfterFirst: boolean;
}

/** By definition: up to the first place where a begin ends, the text is free; then comes what that trigger asks for. */
function isMember(text: string, { triggers, atLeastOne, stopAfterFirst }: Trial): boolean {
  for (let at = 0; at <= text.length; at++) {
    const begun = triggers.filter(({ begin }) => text.slice(0, at).endsWith(begin));
    if (begun.length === 0) continue;
    return begun.some(({ pattern, end = "" }) => {
      for (let stop = at; stop <= text.length; stop++) {
        if (!pattern.test(text.slice(at, stop)) || !text.startsWith(end, stop)) continue;
        const rest = text.slice(stop + end.length);
        if (stopAfterFirst ? rest === "" : isMember(rest, { triggers, atLeastOne: false, stopAfterFirst })) return true;
      }
      return false;
    });
  }
  return !atLeastOne;
}

const trials: fc.Arbitrary<Trial> = fc.record({
  triggers: fc.constantFrom<Trial["triggers"]>(
    [{ begin: "ab", content: digits, pattern: /^[01]+$/, end: "b" }],
    [
      { begin: "ab", content: digits, pattern: /^[01]+$/, end: "b" },
      { begin: "ba", content: letters, pattern: /^a*$/, end: "0" },
    ],
    [
      { begin: "a", content: digits, pattern: /^[01]+$/, end: "b" },
      { begin: "a", content: letters, pattern: /^a*$/ },
    ],
    [{ begin: "aab", content: letters, pattern: /^a*$/ }],
  ),
  atLeastOne: fc.boolean(),
  stopAfterFirst: fc.boolean(),
});

describe("free text with triggers", () => {
  test("is what its definition says", () => {
    let members = 0;
    fc.assert(
      fc.property(
        trials,
        fc.array(fc.string({ unit: fc.constantFrom("a", "b", "0", "1", "ab", "ba"), maxLength: 7 }), { maxLength: 20 }),
        (trial, texts) => {
          const { automaton } = grammar(triggered(trial)).compile(vocabulary)!;
          for (const text of texts) {
            const expected = isMember(text, trial);
            if (expected) members++;
            expect([text, accepts(automaton, text)]).toEqual([text, expected]);
          }
        },
      ),
      { numRuns: runs(100) },
    );
    expect(members).toBeGreaterThan(100);
  });

  test("has the masks that brute force finds", () => {
    // Every text can be ended within the words that are listed: the trigger's content is one letter.
    const trial: Trial = {
      triggers: [{ begin: "ab", content: { kind: "literal", text: "0" }, pattern: /^0$/ }],
      atLeastOne: false,
      stopAfterFirst: false,
    };
    const words = wordVocabulary(["a", "b", "0", "ab", "b0", "aab", "0a", "ba", "ab0a"]);
    const length = 7;
    const members = wordsUpTo(["a", "b", "0"], length).filter((text) => isMember(text, trial));
    const oracle = new BruteForce(members, wordsOf(words), words.eosTokens);
    const constraint = grammar(triggered(trial)).compile(words)!;
    for (const text of ["", "a", "aa", "b", "ab", "ba", "ab0"]) {
      const matcher = constraint.matcher();
      for (const letter of text) matcher.consume(["a", "b", "0"].indexOf(letter));
      const viable = oracle.mask(text);
      // The list of members ends at some length, the language does not: only tokens that leave room are compared.
      expect([text, maskOf(matcher, words)]).toEqual([text, viable]);
    }
  });

  test("asks for one mask in all of the free text", () => {
    const vocabulary3 = llama3Vocabulary();
    const content: Expression = { kind: "regex", source: "[0-9]+", flags: "" };
    const constraint = grammar(triggered({ triggers: [{ begin: "<year>", content, end: "</year>" }] })).compile(
      vocabulary3,
    )!;
    const mask = new Uint32Array(vocabulary3.maskWords);
    const matcher = constraint.matcher();
    const read = (text: string): number => {
      const before = constraint.stats.frameWalks;
      for (const token of vocabulary3.tokenizer!.encode(text)) {
        matcher.fillMask(mask);
        matcher.consume(token);
      }
      return constraint.stats.frameWalks - before;
    };
    expect(read("Built")).toBeGreaterThan(0);
    expect(read(" in the old town, of stone and wood: nobody remembers by whom.")).toBe(0);
  });

  test("refuses triggers that could not be told apart", () => {
    const build = (begins: readonly string[]) => (): Expression =>
      triggered({ triggers: begins.map((begin) => ({ begin, content: digits })) });
    expect(build([])).toThrow(InvalidInputError);
    expect(build(["a", ""])).toThrow("A trigger begins with no text.");
    expect(build(["<a", "<ab"])).toThrow('The trigger "<ab" holds the trigger "<a", which would always come first.');
    expect(build(["<a", "<a", "<b"])).not.toThrow();
  });
});
