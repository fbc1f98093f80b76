import { compileRegex, fewWords, TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../../support/runs.ts";

const decoder = new TextDecoder();

function listOf(pattern: string): string[] | undefined {
  const arena = new TermArena();
  const term = compileRegex(arena, pattern, { match: "whole", flags: "u" });
  return fewWords(arena, term)
    ?.map((word) => decoder.decode(word))
    .sort();
}

test("all members of a finite language are listed, each once", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: fc.constantFrom("a", "b", "é", "😀"), maxLength: 4 })), (words) => {
      expect(listOf(words.map((word) => `(?:${word})`).join("|"))).toEqual(
        words.length === 0 ? [""] : [...new Set(words)].sort(),
      );
    }),
    { numRuns: runs(200) },
  );
});

const LISTS: readonly [pattern: string, members: string[] | undefined][] = [
  ["[ab]c?", ["a", "ac", "b", "bc"]],
  ["(?!b)[a-c]{1,2}", ["a", "aa", "ab", "ac", "c", "ca", "cb", "cc"]],
  ["a*", undefined],
  ["[a-z]{2}", undefined],
  ["a{65}", undefined],
];

test.each(LISTS)("%s", (pattern, members) => {
  expect(listOf(pattern)).toEqual(members);
});
