import { compileRegex, TermArena, UnsupportedError } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { engineFinder, regexSources, shortTexts } from "./support/random-pattern.ts";

/** Compiles, or says that the pattern is one of those that are refused. */
function compile(arena: TermArena, source: string, flags: string, match: "whole" | "search") {
  try {
    return compileRegex(arena, source, { flags, match });
  } catch (error) {
    if (error instanceof UnsupportedError) return undefined;
    throw error;
  }
}

for (const assertions of [false, true]) {
  const kind = assertions ? "patterns with assertions" : "patterns without assertions";

  test(`search agrees with RegExp on ${kind}`, () => {
    let compared = 0;
    let refused = 0;
    fc.assert(
      fc.property(regexSources(assertions), shortTexts, ({ source, flags, oracle }, texts) => {
        const arena = new TermArena();
        const term = compile(arena, source, flags, "search");
        if (term === undefined) {
          refused++;
          return;
        }
        const finds = engineFinder(oracle.source, oracle.flags);
        for (const text of texts) {
          const expected = finds(text);
          expect([source, flags, text, arena.acceptsText(term, text)]).toEqual([source, flags, text, expected]);
          compared++;
        }
      }),
      { numRuns: 300 },
    );
    expect(compared).toBeGreaterThan(2_000);
    expect(refused).toBeLessThan(assertions ? 100 : 1);
  });

  test(`whole agrees with an anchored RegExp on ${kind}`, () => {
    fc.assert(
      fc.property(regexSources(assertions), shortTexts, ({ source, flags, oracle }, texts) => {
        // With m the anchors of the oracle would match at lines.
        fc.pre(!flags.includes("m"));
        const arena = new TermArena();
        const term = compile(arena, source, flags, "whole");
        if (term === undefined) return;
        const anchored = new RegExp(`^(?:${oracle.source})$`, oracle.flags);
        for (const text of texts) {
          const expected = anchored.test(text);
          expect([source, flags, text, arena.acceptsText(term, text)]).toEqual([source, flags, text, expected]);
        }
      }),
      { numRuns: 200 },
    );
  });
}

test("next is EMPTY exactly when RegExp knows no completion", () => {
  const alphabet = ["a", "b", "c"];
  const words = wordsUpTo(alphabet, 4);
  const atom = fc.constantFrom(
    "a",
    "b",
    "c",
    "[ab]",
    "\\b",
    "(?=a)",
    "(?!b)",
    "(?<=a)",
    "(?<!b)",
    "$",
    "a?",
    "(?:bc)*",
  );
  fc.assert(
    fc.property(fc.array(atom, { maxLength: 6 }), fc.array(atom, { maxLength: 4 }), (first, second) => {
      const arena = new TermArena();
      const sources = [first.join(""), `${second.join("")}.{0,2}`];
      // Texts of at most four letters: all completions can be listed.
      const bounded = arena.repeat(arena.byteRange(0x61, 0x63), 0, 4);
      const terms = sources.map((source) => compile(arena, source, "u", "whole"));
      if (terms.includes(undefined)) return;
      const language = arena.intersectAll([bounded, ...(terms as number[])]);
      const members = words.filter((word) => sources.every((source) => new RegExp(`^(?:${source})$`, "u").test(word)));
      for (const word of words) {
        let term = arena.isEmpty(language) ? 0 : language;
        for (const byte of Buffer.from(word)) term = term === 0 ? 0 : arena.next(term, byte);
        expect([sources, word, term !== 0]).toEqual([sources, word, members.some((member) => member.startsWith(word))]);
        expect(arena.isNullable(term)).toBe(members.includes(word));
      }
      expect(arena.cardinality(language, 1_000)).toBe(members.length);
      const shortest = arena.shortest(language);
      expect(shortest?.length).toBe(
        members.length === 0 ? undefined : Math.min(...members.map((member) => member.length)),
      );
    }),
    { numRuns: 200 },
  );
});

test("the v flag is read by the standard where V8 misreads it", () => {
  const arena = new TermArena();
  const source = "(?:(?:(?:[^\\n]){2}){2,}\\S)+";
  const term = compileRegex(arena, source, { flags: "v", match: "search" });
  expect(new RegExp(source, "u").test("abcde")).toBe(true);
  expect(arena.acceptsText(term, "abcde")).toBe(true);
});

function wordsUpTo(alphabet: readonly string[], length: number): string[] {
  let level = [""];
  const words = [""];
  for (let i = 0; i < length; i++) {
    level = level.flatMap((word) => alphabet.map((letter) => word + letter));
    words.push(...level);
  }
  return words;
}
