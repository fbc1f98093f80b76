import {
  compileRegex,
  Constraint,
  PushdownAutomaton,
  RegexMachine,
  TermArena,
  UnsatisfiableError,
  type Matcher,
  type Vocabulary,
} from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { BruteForce, wordsOf, wordsUpTo } from "../../support/brute-force.ts";
import { maskOf } from "../../support/mask-lists.ts";
import { randomPatterns } from "../../support/random-pattern.ts";
import { runs } from "../../support/runs.ts";
import { wordVocabulary } from "../../support/vocabularies.ts";

const LETTERS = ["a", "b", "c"];
const LENGTH = 5;
const TEXTS = wordsUpTo(LETTERS, LENGTH);

const patterns = randomPatterns([...LETTERS, ".", "[ab]", "[^a]", ""], "whole");
/** Some or all of the letters, and longer tokens; a vocabulary that cannot spell everything. */
const vocabularies = fc
  .tuple(
    fc.subarray(LETTERS, { minLength: 1 }),
    fc.uniqueArray(fc.constantFrom(...wordsUpTo(LETTERS, 4).slice(4)), { maxLength: 8 }),
  )
  .map(([letters, words]) => wordVocabulary([...letters, ...words]));

interface Case {
  readonly source: string;
  readonly vocabulary: Vocabulary;
  readonly brute: BruteForce;
  readonly constraint: Constraint;
}

/** The language of the pattern's texts of at most five letters; undefined (and asserted to be refused) when nothing can be spelled. */
function caseOf(source: string, vocabulary: Vocabulary): Case | undefined {
  const members = TEXTS.filter((text) => new RegExp(`^(?:${source})$`, "u").test(text));
  const brute = new BruteForce(members, wordsOf(vocabulary), vocabulary.eosTokens);
  const arena = new TermArena();
  const pattern = compileRegex(arena, source, { match: "whole", flags: "u" });
  const bounded = arena.repeat(arena.byteRange(0x61, 0x63), 0, LENGTH);
  const machine = new RegexMachine(arena);
  const automaton = new PushdownAutomaton(machine, machine.frameOf(arena.intersect(pattern, bounded)));
  const construct = (): Constraint => new Constraint({ automaton, vocabulary });
  if (brute.cost("") === Infinity) {
    expect(construct).toThrow(UnsatisfiableError);
    return undefined;
  }
  return { source, vocabulary, brute, constraint: construct() };
}

/** Calls back once with every text that tokens can spell on the way to a member, with a matcher there. */
function everyPrefix(
  { vocabulary, brute }: Case,
  start: Matcher,
  visit: (text: string, matcher: Matcher) => void,
): void {
  const words = wordsOf(vocabulary);
  const seen = new Set<string>();
  const queue: [string, Matcher][] = [["", start]];
  for (const [text, matcher] of queue) {
    visit(text, matcher);
    for (const token of brute.mask(text)) {
      const word = words[token];
      if (word === undefined || seen.has(text + word)) continue;
      seen.add(text + word);
      const next = matcher.clone();
      expect(next.consume(token)).toBe(true);
      queue.push([text + word, next]);
    }
  }
}

test("masks of random patterns allow exactly the tokens from which a text of the language can be spelled", () => {
  let masks = 0;
  fc.assert(
    fc.property(patterns, vocabularies, (source, vocabulary) => {
      const found = caseOf(source, vocabulary);
      if (found === undefined) return;
      const { brute, constraint } = found;
      everyPrefix(found, constraint.matcher(), (text, matcher) => {
        const expected = brute.mask(text);
        expect({ text, mask: maskOf(matcher, vocabulary) }).toEqual({ text, mask: expected });
        expect(matcher.allowed()).toEqual(expected);
        for (let token = 0; token < vocabulary.size; token++) {
          expect(matcher.isAllowed(token)).toBe(expected.includes(token));
        }
        expect(matcher.isAccepting()).toBe(brute.isMember(text));
        if (matcher.isFinished()) expect(expected).toEqual(vocabulary.eosTokens);
        expect(matcher.minTokensToFinish()).toBeGreaterThanOrEqual(brute.cost(text));
        masks++;
      });
    }),
    { numRuns: runs(300) },
  );
  expect(masks).toBeGreaterThan(1_000);
});

test("a budget is refused exactly when it is too small, naming the least that would do", () => {
  fc.assert(
    fc.property(patterns, vocabularies, (source, vocabulary) => {
      const found = caseOf(source, vocabulary);
      if (found === undefined) return;
      const { brute, constraint } = found;
      const needed = brute.cost("");
      expect(constraint.matcher({ maxTokens: needed }).minTokensToFinish()).toBe(needed);
      if (needed === 0) return;
      expect(() => constraint.matcher({ maxTokens: needed - 1 })).toThrow(
        expect.objectContaining({ code: "limit-exceeded", limit: "maxTokens", allowed: needed - 1, needed }),
      );
    }),
    { numRuns: runs(300) },
  );
});

test("under a budget masks never lead past it, and always somewhere", () => {
  let tight = 0;
  fc.assert(
    fc.property(patterns, vocabularies, fc.nat(3), (source, vocabulary, slack) => {
      const found = caseOf(source, vocabulary);
      if (found === undefined) return;
      const { brute, constraint } = found;
      const words = wordsOf(vocabulary);
      const maxTokens = brute.cost("") + slack;
      const visit = (text: string, matcher: Matcher, left: number): void => {
        expect(matcher.remainingTokens).toBe(left);
        const possible = brute.mask(text, left);
        const mask = maskOf(matcher, vocabulary);
        expect(possible).toEqual(expect.arrayContaining(mask));
        expect(mask).not.toEqual([]);
        expect(matcher.minTokensToFinish()).toBeGreaterThanOrEqual(brute.cost(text));
        expect(matcher.minTokensToFinish()).toBeLessThanOrEqual(left);
        if (possible.length < brute.mask(text).length) tight++;
        for (const token of mask) {
          if (words[token] === undefined) continue;
          const next = matcher.clone();
          expect(next.consume(token)).toBe(true);
          visit(text + words[token], next, left - 1);
        }
      };
      visit("", constraint.matcher({ maxTokens }), maxTokens);
    }),
    { numRuns: runs(200) },
  );
  expect(tight).toBeGreaterThan(40);
});

test("a vocabulary that cannot finish a text does not begin it", () => {
  expect(caseOf("ab", wordVocabulary(["a"]))).toBeUndefined();
  const { constraint, vocabulary } = caseOf("ab|ac", wordVocabulary(["a", "ab"]))!;
  expect(maskOf(constraint.matcher(), vocabulary)).toEqual([1]);
});
