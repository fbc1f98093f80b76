import { compileRegex, TermArena } from "@espalier/grammar";
import { expect, test } from "vitest";
import { longestWayHome } from "../../../packages/grammar/src/regex/longest-way-home.ts";
import { saturate } from "../../../packages/grammar/src/regex/saturate.ts";

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
  ["a{100}", Infinity],
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
