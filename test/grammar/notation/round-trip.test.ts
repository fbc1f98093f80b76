import { parseEbnf, parseGbnf, parseLark, printEbnf, printGbnf, printLark } from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../support/runs.ts";
import { normalized } from "./support/normalized.ts";
import { randomGrammars } from "./support/random-grammar.ts";

// What is printed and read again is the same form, up to different words for one thing (support/normalized.ts).
describe("printing and reading again", () => {
  const plain = { lexed: false, tokens: false, negatedTokens: false, differences: false };
  it("GBNF", () => {
    const grammars = randomGrammars({ ...plain, tokens: true, negatedTokens: true });
    fc.assert(
      fc.property(grammars, (grammar) => {
        expect(normalized(parseGbnf(printGbnf(grammar)))).toBe(normalized(grammar));
      }),
      { numRuns: runs(300) },
    );
  });

  it("EBNF", () => {
    fc.assert(
      fc.property(randomGrammars({ ...plain, differences: true }), (grammar) => {
        expect(normalized(parseEbnf(printEbnf(grammar)))).toBe(normalized(grammar));
      }),
      { numRuns: runs(300) },
    );
  });

  it("Lark", () => {
    fc.assert(
      fc.property(randomGrammars({ lexed: true, tokens: true, negatedTokens: false, differences: true }), (grammar) => {
        expect(normalized(parseLark(printLark(grammar)))).toBe(normalized(grammar));
      }),
      { numRuns: runs(150) },
    );
  });

  it("across notations without lexing, by forms", () => {
    fc.assert(
      fc.property(randomGrammars(plain), (grammar) => {
        const throughGbnf = parseGbnf(printGbnf(grammar));
        const throughEbnf = parseEbnf(printEbnf(throughGbnf));
        expect(normalized(throughEbnf)).toBe(normalized(grammar));
      }),
      { numRuns: runs(150) },
    );
  });
});
