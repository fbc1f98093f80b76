import { readdirSync, readFileSync } from "node:fs";
import { EspalierError, LimitExceededError, type Notation, parseGrammar, printGbnf } from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../support/runs.ts";
import { readNotationCases } from "./support/read-notation-cases.ts";

const NOTATIONS = ["gbnf", "lark", "ebnf"] as const;

/** Either a grammar, or an error of ours with a message; anything else fails the test. */
function readsOrSays(text: string, notation: Notation, options: object = {}): EspalierError | undefined {
  try {
    parseGrammar(text, { notation, ...options });
    return undefined;
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    expect(error.message.length).toBeLessThan(20_000);
    return error;
  }
}

describe.each(NOTATIONS)("damaged %s", (notation) => {
  const good = readNotationCases(new URL(`cases/${notation}.txt`, import.meta.url)).map((each) => each.grammar);
  const pieces = [
    '"',
    "'",
    "/",
    "[",
    "]",
    "(",
    ")",
    "{",
    "}",
    "|",
    "::=",
    "=",
    ":",
    ";",
    "\\",
    "\n",
    "#",
    "(*",
    "/*",
    "%",
    "<",
    ">",
    "~",
    "*?",
    "\0",
    "é",
    "\ud800",
  ];

  it("never answers with anything but an error of ours", () => {
    const damages = fc.array(
      fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(4), fc.constantFrom(...pieces)),
      { minLength: 1, maxLength: 4 },
    );
    fc.assert(
      fc.property(fc.constantFrom(...good), damages, (text, changes) => {
        let damaged = text;
        for (const [where, removed, added] of changes) {
          const at = Math.floor(where * damaged.length);
          damaged = damaged.slice(0, at) + added + damaged.slice(at + removed);
        }
        readsOrSays(damaged, notation);
      }),
      { numRuns: runs(600) },
    );
  });

  it("can be cut off anywhere", () => {
    for (const text of good) {
      for (let length = 0; length < text.length; length += 3) readsOrSays(text.slice(0, length), notation);
    }
  });

  it("may be any text", () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom("a", "B", " ", ...pieces), maxLength: 40 }), (text) => {
        readsOrSays(text, notation);
      }),
      { numRuns: runs(600) },
    );
  });
});

describe("hostile grammars", () => {
  const size = 120_000;
  it.each([
    ["gbnf", "[", "InvalidInputError"],
    ["gbnf", "(", "LimitExceededError"],
    ["gbnf", '"\\', "InvalidInputError"],
    ["gbnf", "<a", "InvalidInputError"],
    ["ebnf", "/*", "InvalidInputError"],
    ["ebnf", "{1,", "InvalidInputError"],
    ["ebnf", "(", "LimitExceededError"],
    ["lark", "(", "LimitExceededError"],
    ["lark", "~", "InvalidInputError"],
    ["lark", "/(", "LimitExceededError"],
    ["lark", "a{", "LimitExceededError"],
    ["lark", '%json {"', "InvalidInputError"],
  ] as const)("%s full of %s", (notation, piece, expected) => {
    const head = notation === "lark" ? "start: " : "root ::= ";
    expect(readsOrSays(head + piece.repeat(size / piece.length), notation)?.name).toBe(expected);
  });

  it.each([
    ["(*", "InvalidInputError"],
    ["[", "LimitExceededError"],
    ["a-", "InvalidInputError"],
    ["?", "UnsupportedError"],
  ])("ISO full of %s", (piece, expected) => {
    expect(readsOrSays(`a = ${piece.repeat(size / piece.length)}`, "ebnf", { form: "iso" })?.name).toBe(expected);
  });

  it("takes patterns with groups in groups", () => {
    expect(readsOrSays(`start: /${"(".repeat(5000)}a${")".repeat(5000)}/`, "lark")?.name).toBe("UnsupportedError");
  });

  it.each([
    ["gbnf", (text: string) => `root ::= ${text}`],
    ["ebnf", (text: string) => `root ::= ${text}`],
    ["lark", (text: string) => `start: ${text}`],
  ] as const)("reads a megabyte of alternatives in %s", (notation, rule) => {
    const text = rule(Array.from({ length: 100_000 }, (_, index) => `"w${index}"`).join(" | "));
    expect(text.length).toBeGreaterThan(1_000_000);
    expect(parseGrammar(text, { notation }).rules.size).toBe(1);
  });

  it("reads and prints 10,000 rules that form one cycle", () => {
    const rules = Array.from(
      { length: 10_000 },
      (_, index) => `r${index} ::= r${(index + 1) % 10_000} "x" | "${index}"`,
    );
    const grammar = parseGrammar(`root ::= r0\n${rules.join("\n")}`, { notation: "gbnf" });
    expect(grammar.rules.size).toBe(10_001);
    expect(printGbnf(grammar).split("\n")).toHaveLength(10_002);
  });

  it("reads 10,000 terminals, each made of the next", () => {
    const terminals = Array.from({ length: 10_000 }, (_, index) => `T${index}: "a" T${index + 1}`);
    const text = `start: T0\n${terminals.join("\n")}\nT10000: "b"`;
    expect(parseGrammar(text, { notation: "lark" }).rules.size).toBe(10_002);
  });

  it("stops at the limit of work, and at a signal", () => {
    const text = `root ::= ${'"a" '.repeat(5000)}`;
    expect(readsOrSays(text, "gbnf", { maxNotationWork: 1000 })).toBeInstanceOf(LimitExceededError);
    expect(readsOrSays(text, "gbnf", { signal: AbortSignal.abort() })?.code).toBe("aborted");
  });

  it("stops at imports without end", () => {
    const imports = (path: string): string => `%import .${path.replace(".lark", "")}x.A`;
    const error = readsOrSays("%import .x.A\nstart: A", "lark", { imports });
    expect(error).toMatchObject({ limit: "maxImports", allowed: 100 });
  });

  it("refuses imports that go round in circles", () => {
    const imports = { "x.lark": "%import .y.A", "y.lark": "%import .x.A" };
    expect(readsOrSays("%import .x.A\nstart: A", "lark", { imports })?.name).toBe("InvalidInputError");
  });

  it("stops at templates that grow without end", () => {
    const text = 'start: a{"x"}\na{x}: b{a{x}}\nb{y}: y a{b{y}}';
    expect(readsOrSays(text, "lark", { maxNotationWork: 1_000_000 })?.code).toBe("limit-exceeded");
  });

  it("stops at terminals that merge to an endless pattern", () => {
    const doubling = Array.from({ length: 60 }, (_, index) => `T${index}: T${index + 1} T${index + 1}`);
    const text = `start: T0\n${doubling.join("\n")}\nT60: /a\\b/`;
    expect(readsOrSays(text, "lark", { maxNotationWork: 100_000 })?.code).toBe("limit-exceeded");
  });
});

describe("files of other projects", () => {
  const folder = new URL("../../fixtures/grammars/", import.meta.url);
  it.each(readdirSync(new URL("llama.cpp/", folder)))("reads llama.cpp/%s", (file) => {
    const grammar = parseGrammar(readFileSync(new URL(`llama.cpp/${file}`, folder), "utf8"), { notation: "gbnf" });
    expect(grammar.rules.size).toBeGreaterThan(1);
  });

  it("reads lark/lark.lark", () => {
    const grammar = parseGrammar(readFileSync(new URL("lark/lark.lark", folder), "utf8"), { notation: "lark" });
    expect(grammar.lexing?.ignored).toEqual(["WS_INLINE", "COMMENT"]);
  });

  it("reads lark/python.lark", () => {
    const text = readFileSync(new URL("lark/python.lark", folder), "utf8");
    const grammar = parseGrammar(text, { notation: "lark", start: "file_input" });
    expect(grammar.rules.has("comprehension_1")).toBe(true);
    expect(grammar.notes?.map((note) => note.place?.line)).toEqual([275, 275, 284, 288]);
  });
});
