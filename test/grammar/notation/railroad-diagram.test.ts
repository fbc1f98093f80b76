import { parseEbnf, parseGbnf, parseLark, railroadDiagram } from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../support/runs.ts";
import { randomGrammars } from "./support/random-grammar.ts";

/** The names of the elements, in order, of XML that is well formed; numbers must be finite. */
function elements(svg: string): string[] {
  const open: string[] = [];
  const names: string[] = [];
  const markup = /<(\/?)([a-z]+)((?: [a-zA-Z]+="[^"<>]*")*)(\/?)>/g;
  const outside = svg.replaceAll(markup, (_, closing: string, name: string, attributes: string, empty: string) => {
    expect(attributes).not.toMatch(/NaN|Infinity|undefined/);
    if (closing === "/") expect(open.pop()).toBe(name);
    else {
      names.push(name);
      if (empty === "") open.push(name);
    }
    return "";
  });
  expect(open).toEqual([]);
  expect(outside.replaceAll(/&(?:amp|lt|gt|quot|apos);/g, "")).not.toMatch(/[<>&]/);
  // oxlint-disable-next-line no-control-regex -- what XML does not allow
  expect(outside).not.toMatch(/[\0-\x08\x0b-\x1f]/);
  return names;
}

describe("railroadDiagram", () => {
  it("is well-formed SVG of any grammar", () => {
    const grammars = randomGrammars({ lexed: true, tokens: true, negatedTokens: true, differences: true });
    fc.assert(
      fc.property(grammars, (grammar) => {
        expect(elements(railroadDiagram(grammar))[0]).toBe("svg");
      }),
      { numRuns: runs(150) },
    );
  });

  it("names every rule, and shows every text", () => {
    const svg = railroadDiagram(parseEbnf('root ::= "<a&b>" (item | #x0)* - "c"{2,5}\nitem ::= [a-z"]+'));
    elements(svg);
    for (const text of [
      "root (start)",
      ">item</text>",
      "&quot;&lt;a&amp;b&gt;&quot;",
      "2 to 5",
      "but not",
      "[\\x00]",
      "[&quot;a-z]",
    ]) {
      expect(svg).toContain(text);
    }
  });

  it("escapes names, too", () => {
    const svg = railroadDiagram(parseGbnf("root ::= <b> <[12]>"));
    expect(svg).toContain("token &lt;b&gt;");
    elements(svg);
  });

  it("draws what a schema stands for as its language", () => {
    expect(railroadDiagram(parseLark("start: %json {}"))).toContain(">json-schema</text>");
  });

  it("stops at its budget", () => {
    const grammar = parseGbnf(`root ::= ${'"a" '.repeat(1000)}`);
    expect(() => railroadDiagram(grammar, { maxNotationWork: 100 })).toThrow("maxNotationWork (100)");
  });
});
