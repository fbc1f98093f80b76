import {
  choice,
  completionOf,
  DEAD,
  grammar,
  GrammarLanguage,
  literal,
  parseGrammar,
  rule,
  sequence,
  UnsupportedError,
  type Grammar,
} from "@espalier/grammar";
import { JsonSchema, type EscapePolicy, type JsonSchemaOptions } from "@espalier/schema";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ajvValidator } from "../support/ajv-oracle.ts";
import { accepts, stateAfter, walk } from "../support/automaton-texts.ts";
import { maskOf, naiveMask } from "../support/mask-lists.ts";
import { runs } from "../support/runs.ts";
import { byteVocabulary } from "../support/vocabularies.ts";

const TYPE = "text/x-test";
const CHARACTERS = [
  "(",
  "a",
  '"',
  "\\",
  "/",
  "\n",
  "\u0000",
  "\u001f",
  "\u007f",
  "é",
  "\u07ff",
  "\u0800",
  "€",
  "\ud7ff",
  "😀",
];
const SIMPLE: Readonly<Record<string, string>> = { '"': '\\"', "\\": "\\\\", "/": "\\/", "\n": "\\n" };

/** All spellings of a character in a JSON string, from RFC 8259, section 7. */
function spellings(char: string, policy: EscapePolicy): string[] {
  const mustEscape = char < " " || char === '"' || char === "\\";
  const simple = SIMPLE[char] === undefined ? [] : [SIMPLE[char]];
  if (policy === "minimal") {
    if (!mustEscape) return [char];
    return simple.length > 0 ? simple : hexSpellings(char);
  }
  return [...(mustEscape ? [] : [char]), ...simple, ...hexSpellings(char)];
}

function hexSpellings(char: string): string[] {
  const units = char.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  const cases = (digits: string): string[] =>
    [...digits].reduce<string[]>(
      (list, digit) => list.flatMap((text) => [...new Set([digit, digit.toUpperCase()])].map((each) => text + each)),
      [""],
    );
  return units.reduce<string[]>(
    (list, unit) => list.flatMap((text) => cases(unit).map((each) => `${text}\\u${each}`)),
    [""],
  );
}

/** A grammar of some words in which every character is a rule of its own, so that frames come and go with each. */
function grammarOf(words: readonly string[]): Grammar {
  const rules = new Map(CHARACTERS.map((char, i) => [char, rule(`c${i}`, () => literal(char))]));
  return grammar(choice(...words.map((word) => sequence(...[...word].map((char) => rules.get(char)!)))));
}

const policies = fc.constantFrom<EscapePolicy>("any", "minimal");

test("exactly the spellings of the language's texts, and no dead ends", () => {
  const words = fc.uniqueArray(
    fc.array(fc.constantFrom(...CHARACTERS), { maxLength: 2 }).map((chars) => chars.join("")),
    { minLength: 1, maxLength: 4 },
  );
  fc.assert(
    fc.property(words, policies, (list, escapes) => {
      const { automaton } = new JsonSchema(
        { type: "string", contentMediaType: TYPE },
        { escapes, contents: { [TYPE]: grammarOf(list) } },
      );
      const texts = list.flatMap((word) =>
        [...word].reduce<string[]>(
          (begun, char) => begun.flatMap((text) => spellings(char, escapes).map((each) => text + each)),
          ['"'],
        ),
      );
      const members = new Set(texts.map((text) => Buffer.from(`${text}"`).toString("latin1")));
      const prefixes = new Set<string>();
      for (const member of members) for (let end = 0; end <= member.length; end++) prefixes.add(member.slice(0, end));
      for (const prefix of prefixes) {
        const state = stateAfter(automaton, Buffer.from(prefix, "latin1"));
        expect({ prefix, alive: state !== DEAD }).toEqual({ prefix, alive: true });
        expect({ prefix, member: automaton.isAccepting(state) }).toEqual({ prefix, member: members.has(prefix) });
        const completed = prefix + Buffer.from(completionOf(automaton, state)).toString("latin1");
        expect({ prefix, completed, member: members.has(completed) }).toEqual({ prefix, completed, member: true });
        for (let byte = 0; byte < 256; byte++) {
          const longer = prefix + String.fromCharCode(byte);
          const alive = automaton.next(state, byte) !== DEAD;
          if (alive !== prefixes.has(longer)) expect({ longer, alive }).toEqual({ longer, alive: !alive });
        }
      }
    }),
    { numRuns: runs(25) },
  );
});

test("masks are what trying every token says", () => {
  const nested = parseGrammar('root ::= "(" root ")" root | [a-cé"\\n]*', { notation: "gbnf" });
  const vocabulary = byteVocabulary([
    "((",
    "))",
    '")',
    '\\"',
    "\\u00",
    "22",
    "(a",
    "e9",
    "abc",
    '":',
    '"}',
    "é(",
    '\\n"',
  ]);
  const schema = { type: "object", properties: { q: { type: "string", contentMediaType: TYPE } }, required: ["q"] };
  const { automaton, constraint } = prepared(schema, { contents: { [TYPE]: nested }, whitespace: "" });
  fc.assert(
    fc.property(fc.array(fc.nat(0xffff), { minLength: 4, maxLength: 25, size: "max" }), (turns) => {
      const matcher = constraint(vocabulary).matcher();
      let state = automaton.start;
      for (const turn of turns) {
        const allowed = maskOf(matcher, vocabulary);
        expect(allowed).toEqual(naiveMask(automaton, state, vocabulary));
        const token = allowed[turn % allowed.length];
        if (vocabulary.eosTokens.includes(token)) break;
        matcher.consume(token);
        state = stateAfter(automaton, vocabulary.bytes(token), state);
      }
    }),
    { numRuns: runs(20) },
  );
});

function prepared(
  schema: unknown,
  options: JsonSchemaOptions,
): Pick<JsonSchema, "automaton"> & {
  constraint: JsonSchema["constraint"];
} {
  const compiled = new JsonSchema(schema, options);
  return { automaton: compiled.automaton, constraint: (vocabulary) => compiled.constraint(vocabulary) };
}

describe("JSON in strings", () => {
  const inner = {
    type: "object",
    properties: {
      a: { type: "integer" },
      "é\n": { type: "array", uniqueItems: true, items: { enum: ["x", "é", 1, '"'] } },
    },
    required: ["a"],
    additionalProperties: { type: "string", maxLength: 2 },
  };
  const outer = { type: "string", contentMediaType: "application/json", contentSchema: inner };

  test("texts drawn from it hold what ajv accepts", () => {
    const { automaton } = new JsonSchema(outer, { propertyOrder: "any", contents: { "application/json": "schema" } });
    const isInner = ajvValidator(inner);
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 60, size: "max" }), (turns) => {
        const text = JSON.parse(walk(automaton, turns)) as string;
        expect({ text, valid: isInner(JSON.parse(text)) }).toEqual({ text, valid: true });
      }),
      { numRuns: runs(150) },
    );
  });

  test("a text is in it when what it spells is in the inner language", () => {
    const language = new JsonSchema(inner, { propertyOrder: "any" });
    const { automaton } = new JsonSchema(
      { contentMediaType: "application/json" },
      { contents: { "application/json": language } },
    );
    let accepted = 0;
    const damage = fc.option(fc.record({ at: fc.nat(200), char: fc.constantFrom(...'{}[]",:1ax\n \\') }));
    fc.assert(
      fc.property(fc.array(fc.nat(0xffff), { maxLength: 40 }), damage, fc.nat(), (turns, change, seed) => {
        let text = walk(language.automaton, turns);
        if (change !== null) text = (text.slice(0, change.at) + change.char + text.slice(change.at + 1)).toWellFormed();
        const spelled = `"${[...text].map((char, i) => nth(spellings(char, "any"), (seed >>> (i % 20)) + i)).join("")}"`;
        if (JSON.parse(spelled) !== text) throw new Error(`The test spells ${text} as ${spelled}.`);
        const expected = accepts(language.automaton, text);
        if (expected) accepted++;
        expect({ spelled, accepted: accepts(automaton, spelled) }).toEqual({ spelled, accepted: expected });
      }),
      { numRuns: runs(300) },
    );
    expect(accepted).toBeGreaterThan(runs(30));
  });

  test("contentSchema may lead back to where it stands", () => {
    const schema = {
      $ref: "#/$defs/box",
      $defs: {
        box: {
          type: "string",
          contentMediaType: "application/json",
          contentSchema: { anyOf: [{ type: "null" }, { $ref: "#/$defs/box" }] },
        },
      },
    };
    const { automaton, shortest } = new JsonSchema(schema, { contents: { "application/json": "schema" } });
    expect(shortest).toBe('"null"');
    let text = "null";
    for (let depth = 0; depth < 5; depth++) expect(accepts(automaton, (text = JSON.stringify(text)))).toBe(true);
    expect(accepts(automaton, JSON.stringify("1"))).toBe(false);
    expect(accepts(automaton, "null")).toBe(false);
  });
});

function nth<T>(list: readonly T[], index: number): T {
  return list[index % list.length];
}

describe("what stands beside a content", () => {
  const brackets = parseGrammar('root ::= "(" root ")" | "x"', { notation: "gbnf" });
  const content = { type: "string", contentMediaType: TYPE };
  const make = (schema: unknown, language: NonNullable<JsonSchemaOptions["contents"]>[string] = brackets): JsonSchema =>
    new JsonSchema(schema, { contents: { [TYPE]: language } });

  test("a regular expression joins other conditions", () => {
    const { automaton } = make({ ...content, minLength: 3, not: { pattern: "^b" } }, /[ab]+c?/);
    for (const [text, expected] of [
      ["aab", true],
      ["abc", true],
      ["bab", false],
      ["ab", false],
      ["aca", false],
    ] as const) {
      expect(accepts(automaton, JSON.stringify(text))).toBe(expected);
    }
  });

  test("other types, alternatives and annotations are as they were", () => {
    const { automaton } = make({
      oneOf: [content, { type: "integer" }, { type: "object", properties: { q: content } }],
    });
    for (const text of ['"((x))"', "12", '{"q":"(x)"}', "{}"]) expect(accepts(automaton, text)).toBe(true);
    for (const text of ['"((x)"', '""', '{"q":"x)"}']) expect(accepts(automaton, text)).toBe(false);
    const encoded = make({ ...content, contentEncoding: "base64" });
    expect(accepts(encoded.automaton, '"anything"')).toBe(true);
    expect(encoded.report.find(({ keyword }) => keyword === "contentMediaType")?.status).toBe("annotation");
    expect(make(content).report.find(({ keyword }) => keyword === "contentMediaType")?.status).toBe("enforced");
    const other = make({ type: "string", contentMediaType: "text/plain" });
    expect(accepts(other.automaton, '"anything"')).toBe(true);
  });

  test("a compiled grammar does as well as a grammar", () => {
    const { automaton } = make(content, new GrammarLanguage(brackets));
    expect(accepts(automaton, '"(x)"')).toBe(true);
    expect(make(content, { automaton: new GrammarLanguage(brackets).automaton }).shortest).toBe('"x"');
  });

  test("an empty language leaves no string", () => {
    const nothing = parseGrammar('root ::= "a" root', { notation: "gbnf" });
    expect(make({ ...content }, new GrammarLanguage(nothing)).isSatisfiable).toBe(false);
    expect(make({ anyOf: [content, { type: "null" }] }, new GrammarLanguage(nothing)).shortest).toBe("null");
  });

  const refused: readonly (readonly [string, unknown])[] = [
    ["a pattern", { ...content, pattern: "x" }],
    ["a length", { ...content, minLength: 2 }],
    ["an enum", { allOf: [content, { enum: ["x", "y"] }] }],
    ["another content", { allOf: [content, { contentMediaType: "text/x-other" }] }],
    ["not", { type: "string", not: content }],
    ["another branch with strings", { oneOf: [content, { type: "string", maxLength: 3 }] }],
    ["keys", { propertyNames: content, minProperties: 1 }],
  ];
  test.each(refused)("%s is refused", (_, schema) => {
    const other = parseGrammar('root ::= "[" root "]" | "x"', { notation: "gbnf" });
    let error: unknown;
    try {
      new JsonSchema(schema, { contents: { [TYPE]: brackets, "text/x-other": other } });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(UnsupportedError);
    expect((error as UnsupportedError).place).toMatch(/^#.*contentMediaType$/);
  });
});
