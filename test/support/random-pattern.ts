import * as fc from "fast-check";

const QUANTIFIERS = ["*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}"];

/** Small patterns over the given atoms. Those to be searched for may have anchors at their ends. */
export function randomPatterns(atoms: readonly string[], match: "whole" | "search"): fc.Arbitrary<string> {
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => {
    const inner = tie("pattern");
    return {
      pattern: fc.oneof(
        { maxDepth: 3, depthSize: "small", withCrossShrink: true },
        { weight: 3, arbitrary: fc.constantFrom(...atoms) },
        { weight: 3, arbitrary: fc.tuple(inner, inner).map(([a, b]) => a + b) },
        { weight: 1, arbitrary: fc.tuple(inner, inner).map(([a, b]) => `(?:${a}|${b})`) },
        { weight: 2, arbitrary: fc.tuple(inner, fc.constantFrom(...QUANTIFIERS)).map(([a, q]) => `(?:${a})${q}`) },
      ),
    };
  });
  if (match === "whole") return pattern;
  const anchor = (text: string): fc.Arbitrary<string> => fc.constantFrom("", text);
  return fc.tuple(anchor("^"), pattern, anchor("$")).map(([start, body, end]) => start + body + end);
}
