import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { analysePattern } from "../../../packages/grammar/src/notation/lark/pattern-analysis.ts";
import { expressionOfPattern } from "../../../packages/grammar/src/notation/lark/terminal-pattern.ts";
import { runs } from "../../support/runs.ts";
import { derives } from "./support/naive-recogniser.ts";

// A lexer of Lark takes what backtracking finds first; ours takes the longest text of a terminal. They must agree on where the
// terminal ends. RegExp backtracks as Python does. Alternatives that begin alike are tried in order by backtracking, and not by a
// language; no such pattern is here.
describe("a terminal ends where backtracking ends it", () => {
  it.each([
    ['".*?"', 'ab"\n'],
    [String.raw`".*?(?<!\\)(?:\\\\)*?"`, 'a"\\'],
    [String.raw`(?:a|ba?)"(?:[^\n]*?)(?<!\\)(?:\\\\)*?"`, 'ab"\\'],
    [String.raw`\/\*(?:.|\n)*?\*\/`, "/*a\n"],
    [String.raw`\/(?!\/)(?:\\\/|\\\\|[^\/\\])*?\/[imslux]*`, "/\\ix"],
    [String.raw`<.*?>[ab]*`, "<>ab"],
    ["a*?b", "ab"],
    ["a+?", "ab"],
    ["a??b?", "ab"],
    ["(?:ab)*?a", "ab"],
    ["[^b]*?b+", "ab"],
    ["(?:a.*?b|b.*?a)", "abc"],
    [`"""[^]*?"""`, '"a'],
    ["a*b", "ab"],
  ])("%s", (source, alphabet) => {
    const terminal = expressionOfPattern({ source, flags: "u", analysis: analysePattern(source, "u") });
    const grammar = { start: "start", rules: new Map([["start", { name: "start", expression: terminal }]]) };
    const first = new RegExp(source, "uy");
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...alphabet), maxLength: 10 }), (text) => {
        first.lastIndex = 0;
        const expected = first.exec(text)?.[0];
        let longest: string | undefined;
        for (let end = 0; end <= text.length; end++)
          if (derives(grammar, text.slice(0, end))) longest = text.slice(0, end);
        expect(longest).toBe(expected);
      }),
      { numRuns: runs(300) },
    );
  });
});
