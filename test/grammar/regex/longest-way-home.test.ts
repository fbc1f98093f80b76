import { compileRegex, TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { longestWayHome } from "../../../packages/grammar/src/regex/longest-way-home.ts";
import { saturate } from "../../../packages/grammar/src/regex/saturate.ts";
import { runs } from "../../support/runs.ts";

// pattern -> how many bytes complete a match from the worst place in it, counted by hand
const WAYS: readonly [pattern: string, bytes: number][] = [
  ["", 0],
  ["[ab]*", 0],
  ["a*b{3}", 3],
  ["(ab)*", 1],
  ["aab", 3],
  ["a(bcd)?", 2],
  ["(a|bcdef)*", 4],
  ["é*", 1],
  ["[^a]*", 3],
  ["a{100}", 100],
  ["(\\S+\\s+){0,49}\\S+", 5],
  ["(a{1,9}b{2}|c){100}", 101],
  ["[a&&b]", Infinity],
];

test.each(WAYS)("%j: %d bytes", (pattern, bytes) => {
  const arena = new TermArena();
  const term = pattern === "[a&&b]" ? arena.words([]) : compileRegex(arena, pattern, { match: "whole", flags: "u" });
  expect(longestWayHome(arena, term)).toBe(bytes);
  expect(longestWayHome(arena, term)).toBe(bytes);
});

test("a greatest length goes where it decides nothing, and stays where it may", () => {
  const arena = new TermArena();
  const bounded = (pattern: string, most: number): number =>
    arena.intersect(
      compileRegex(arena, pattern, { match: "whole", flags: "u" }),
      arena.repeat(arena.anyCodePoint, 0, most),
    );
  const free = compileRegex(arena, "a*b{3}", { match: "whole", flags: "u" });
  expect(arena.includes(saturate(arena, bounded("a*b{3}", 13), 10), free)).toBe(true);
  expect(saturate(arena, bounded("a*b{3}", 12), 10)).toBe(bounded("a*b{3}", 12));
  expect(saturate(arena, bounded("a*b{3}", 10), 10)).toBe(bounded("a*b{3}", 10));
});

test("bounds on the length of a text are one bound", () => {
  const arena = new TermArena();
  const length = (least: number, most: number): number => arena.repeat(arena.anyCodePoint, least, most);
  expect(arena.intersect(length(3, Infinity), length(0, 9))).toBe(length(3, 9));
  expect(arena.intersect(length(3, 7), length(5, 9))).toBe(length(5, 7));
  expect(arena.intersect(length(10, Infinity), length(0, 9))).toBe(length(1, 0));
});

/** Patterns over a and b whose counts matter after a few letters. */
const { pattern: countedPatterns } = fc.letrec<{ pattern: string }>((tie) => ({
  pattern: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    fc.constantFrom("a", "b", "[ab]", "ab", "b*a", "(?:aa|b)"),
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => a + b),
    fc.tuple(tie("pattern"), tie("pattern")).map(([a, b]) => `(?:${a}|${b})`),
    fc
      .tuple(tie("pattern"), fc.constantFrom("*", "+", "{3}", "{0,3}", "{2,5}", "{4,}", "{0,9}", "{1,8}"))
      .map(([a, count]) => `(?:${a})${count}`),
  ),
}));

const MOST = 10;
const WORDS = [""];
for (let i = 0; WORDS[i].length < MOST; i++) WORDS.push(`${WORDS[i]}a`, `${WORDS[i]}b`);

/** What can be asked of a word: may it end here, may it go on? By {@link RegExp} and a list of all words. */
function judgeOf(pattern: string, least: number, most: number): (word: string) => string {
  const whole = new RegExp(`^(?:${pattern})$`, "u");
  const begun = new Set<string>();
  const members = new Set(WORDS.filter((word) => word.length >= least && word.length <= most && whole.test(word)));
  for (const word of members) for (let length = 0; length <= word.length; length++) begun.add(word.slice(0, length));
  return (word) => `${members.has(word)} ${begun.has(word)}`;
}

test("no text of so many bytes can tell what stands for a term from the term", () => {
  let changed = 0;
  fc.assert(
    fc.property(
      countedPatterns,
      fc.nat(2),
      fc.integer({ min: 4, max: MOST }),
      fc.nat(5),
      (pattern, least, most, bytes) => {
        const arena = new TermArena();
        const term = arena.intersect(
          compileRegex(arena, pattern, { match: "whole", flags: "u" }),
          arena.repeat(arena.anyCodePoint, least, most),
        );
        const other = saturate(arena, term, bytes);
        if (other !== term) changed++;
        const judge = judgeOf(pattern, least, most);
        for (const word of WORDS) {
          if (word.length > bytes) break;
          let state = other;
          for (const letter of word) state = arena.next(state, letter.charCodeAt(0));
          expect({ word, answer: `${arena.isNullable(state)} ${!arena.isEmpty(state)}` }).toEqual({
            word,
            answer: judge(word),
          });
        }
      },
    ),
    { numRuns: runs(400) },
  );
  expect(changed).toBeGreaterThan(20);
});

test("whatever has been read, so many bytes complete it", () => {
  let looked = 0;
  fc.assert(
    fc.property(countedPatterns, (pattern) => {
      const arena = new TermArena();
      const way = longestWayHome(arena, compileRegex(arena, pattern, { match: "whole", flags: "u" }));
      const members = WORDS.filter((word) => new RegExp(`^(?:${pattern})$`, "u").test(word));
      // Where a member has been begun, one of those so near must be among the words, if so many letters fit.
      for (const member of members) {
        for (let length = 0; length + way <= MOST && length <= member.length; length++) {
          const begun = member.slice(0, length);
          looked++;
          expect(members.some((word) => word.startsWith(begun) && word.length <= length + way)).toBe(true);
        }
      }
    }),
    { numRuns: runs(200) },
  );
  expect(looked).toBeGreaterThan(500);
});
