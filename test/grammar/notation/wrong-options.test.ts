import {
  type EspalierError,
  type Expression,
  InvalidInputError,
  LimitExceededError,
  parseEbnf,
  parseGbnf,
  parseLark,
} from "@espalier/grammar";
import { describe, expect, it } from "vitest";

function failureOf(run: () => unknown): EspalierError {
  try {
    run();
  } catch (error) {
    return error as EspalierError;
  }
  throw new Error("Nothing was thrown.");
}

// What is wrong here is refused by the types, so it comes from programs without them.
describe("what a declared terminal matches", () => {
  const declare = (expression: unknown) => () =>
    parseLark("start: A\n%declare A", { declared: { A: expression as Expression } });
  const a = { kind: "literal", text: "a" };

  it.each([
    ["x", "declared.A", "a string"],
    [5, "declared.A", "a number"],
    [null, "declared.A", "null"],
    [["a"], "declared.A", "an array"],
    [{}, "declared.A.kind", "undefined"],
    [{ kind: "word" }, "declared.A.kind", '"word"'],
    [{ kind: "literal" }, "declared.A.text", "undefined"],
    [{ kind: "literal", text: "\ud800" }, "declared.A.text", "lone surrogate"],
    [{ kind: "sequence", items: "a" }, "declared.A.items", "a string"],
    [{ kind: "choice", alternatives: [a, "b"] }, "declared.A.alternatives[1]", "a string"],
    [{ kind: "repeat", item: { kind: "sequence", items: [a, 7] }, min: 0 }, "declared.A.item.items[1]", "a number"],
    [{ kind: "repeat", item: a, min: -1 }, "declared.A.min", "-1"],
    [{ kind: "repeat", item: a, min: 1.5 }, "declared.A.min", "1.5"],
    [{ kind: "repeat", item: a, min: 3, max: 2 }, "declared.A.max", "less than min (3)"],
    [{ kind: "characters", ranges: "a" }, "declared.A.ranges", "a string"],
    [{ kind: "characters", ranges: [[5, 1]] }, "declared.A.ranges[0]", "[5,1]"],
    [
      {
        kind: "characters",
        ranges: [
          [1, 5],
          [5, 9],
        ],
      },
      "declared.A.ranges[1]",
      "ascending",
    ],
    [{ kind: "characters", ranges: [[1, 0x11_0000]] }, "declared.A.ranges[0]", "[1,1114112]"],
    [{ kind: "regex", source: /a/, flags: "u" }, "declared.A.source", "an object"],
    [{ kind: "regex", source: "a" }, "declared.A.flags", "undefined"],
    [{ kind: "reference" }, "declared.A.rule", "undefined"],
    [{ kind: "except", item: a }, "declared.A.without", "undefined"],
    [{ kind: "intersect", item: a, and: 1 }, "declared.A.and", "a number"],
    [{ kind: "token", token: -1 }, "declared.A.token", "-1"],
    [{ kind: "embedded", language: "json-schema", content: {} }, "declared.A.kind", "regular"],
    [{ kind: "automaton", automaton: {}, description: "x" }, "declared.A.kind", "regular"],
  ])("%j is refused at %s", (expression, place, part) => {
    const error = failureOf(declare(expression));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.place).toBe(place);
    expect(error.message).toContain(`at ${place}`);
    expect(error.message).toContain(part);
  });

  it("may be any regular expression, names, tokens and differences included", () => {
    const expressions: Expression[] = [
      { kind: "empty" },
      { kind: "choice", alternatives: [] },
      { kind: "literal", text: "a", ignoreCase: true },
      {
        kind: "characters",
        ranges: [
          [1, 5],
          [7, 9],
        ],
        negated: true,
      },
      { kind: "regex", source: "a", flags: "u" },
      { kind: "reference", rule: "B" },
      { kind: "token", token: 7, negated: true },
      { kind: "repeat", item: { kind: "token", token: "<a>" }, min: 0, max: 3 },
      { kind: "except", item: { kind: "regex", source: ".*", flags: "u" }, without: { kind: "literal", text: "b" } },
    ];
    for (const expression of expressions) {
      const grammar = parseLark('start: A\nB: "b"\n%declare A', { declared: { A: expression } });
      expect(grammar.rules.get("A")?.expression).toEqual(expression);
    }
  });

  it("has an end", () => {
    const round = { kind: "sequence", items: [a] as unknown[] };
    round.items.push(round);
    const error = failureOf(() =>
      parseLark("start: A\n%declare A", { declared: { A: round as unknown as Expression }, maxNotationWork: 1000 }),
    );
    expect(error).toBeInstanceOf(LimitExceededError);
  });

  it("is given by name", () => {
    const error = failureOf(() => parseLark("start: A\n%declare A", { declared: "x" as never }));
    expect(error).toMatchObject({ code: "invalid-input", place: "declared" });
  });
});

describe("what is no text", () => {
  it.each([
    ["GBNF", () => parseGbnf(5 as never)],
    ["EBNF", () => parseEbnf(undefined as never)],
    ["Lark", () => parseLark(null as never)],
  ])("a grammar in %s", (_, read) => {
    const error = failureOf(read);
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.message).toContain("is no text, but");
  });

  it.each([{ imports: { "x.lark": 5 } }, { imports: () => 5 }])("a file that is imported", (options) => {
    const error = failureOf(() => parseLark("start: A\n%import .x.A", options as never));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error.place).toBe("line 2, column 12");
    expect(error.message).toContain("The module x (x.lark) is no text, but a number");
  });
});

describe("what a special sequence stands for", () => {
  it.each([
    [7, "specialSequences", "a number"],
    [{ a: { kind: "word" } }, "specialSequences.a.kind", '"word"'],
  ])("%j is refused at its place", (given, place, message) => {
    const error = failureOf(() => parseEbnf("a = ? a ?;", { specialSequences: given as never }));
    expect(error).toBeInstanceOf(InvalidInputError);
    expect(error).toMatchObject({ place, message: expect.stringContaining(message) });
  });
});

describe("options that must be one of some words", () => {
  it.each([{ form: "bnf" }, { backslash: "both", form: "w3c" }, { undefinedRules: "something" }])("%j", (options) => {
    expect(() => parseEbnf('a ::= "b"', options as never)).toThrow(InvalidInputError);
  });

  it("in GBNF as well", () => {
    const error = failureOf(() => parseGbnf('root ::= "a"', { undefinedRules: "empty" as never }));
    expect(error).toMatchObject({ code: "invalid-input", place: "undefinedRules" });
  });
});

describe("imports without end", () => {
  it.each([
    ["folders in folders", (): string => "%import .y.x.A"],
    ["names of names", (path: string): string => `%import .${path.replace(".lark", "")}x.A`],
  ])("%s: the place is short, and says where", (_, imports) => {
    const error = failureOf(() => parseLark("%import .x.A\nstart: A", { imports }));
    expect(error).toMatchObject({ limit: "maxImports", allowed: 100 });
    expect(error.place?.length).toBeLessThan(100);
    expect(error.place).toMatch(/ line 1, column \d+$/);
    expect(error.message.length).toBeLessThan(300);
  });

  it("names of files in other messages are cut too", () => {
    const name = `${"folder/".repeat(100)}file.lark`;
    const error = failureOf(() => parseLark("start: A", { name }));
    expect(error.place?.length).toBeLessThan(100);
    expect(error.place).toMatch(/^folder\/.*….*file\.lark line 1, column 8$/);
  });
});
