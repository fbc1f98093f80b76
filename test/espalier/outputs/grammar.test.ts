import { choice as oneOf, regex as pattern, rule, sequence, type TokenId, Vocabulary } from "@espalier/grammar";
import {
  choice,
  type Expression,
  generate,
  grammar,
  InvalidInputError,
  json,
  jsonSchema,
  type Output,
  regex,
  text,
  thinking,
  UnsatisfiableError,
} from "espalier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ajvValidator } from "../../support/ajv-oracle.ts";
import { accepts, walk } from "../../support/automaton-texts.ts";
import { maskOf } from "../../support/mask-lists.ts";
import { runs } from "../../support/runs.ts";
import { byteVocabulary } from "../../support/vocabularies.ts";
import { noisyModel, scriptedModel } from "../support/toy-model.ts";

const vocabulary = byteVocabulary();
const nestedRule: Expression = rule("nested", () => oneOf(sequence("(", nestedRule, ")"), pattern(/\d+/u)));
const nested = 'root ::= "(" root ")" | [0-9]+';

function isAccepted(output: Output<unknown>, written: string): boolean {
  return accepts(output.compile(vocabulary)!.automaton, written);
}

describe("grammar", () => {
  test("holds a model to a text in any notation", async () => {
    const outputs = [
      grammar(nested, { notation: "gbnf" }),
      grammar('start: "(" start ")" | /[0-9]+/', { notation: "lark" }),
      grammar('root ::= "(" root ")" | [0-9]+', { notation: "ebnf" }),
      grammar(nestedRule),
    ];
    for (const output of outputs) {
      expect((await generate({ model: scriptedModel("((12))"), prompt: "Go", output })).value).toBe("((12))");
      const { value } = await generate({
        model: noisyModel(),
        prompt: "Go",
        output,
        seed: 3,
        temperature: 2,
        maxTokens: 30,
      });
      expect(value).toMatch(/^(\(*)\d+\)*$/);
      expect(value.split("(").length).toBe(value.split(")").length);
    }
  });

  test("is compiled once for all calls with an equal text", async () => {
    const model = scriptedModel("7");
    let compiled = 0;
    const counted = (): Output<string> => {
      const output = grammar(nested, { notation: "gbnf" });
      return { ...output, compile: (...args) => (compiled++, output.compile(...args)) };
    };
    for (let call = 0; call < 3; call++) await generate({ model, prompt: "Go", output: counted() });
    expect(compiled).toBe(1);
  });

  test("embeds JSON Schemas, each a document of its own", () => {
    const schema = { $ref: "#/$defs/n", $defs: { n: { type: "integer", minimum: 3 } } };
    const outputs = [
      grammar(`start: "<" %json ${JSON.stringify(schema)} ">"`, { notation: "lark" }),
      grammar(sequence("<", jsonSchema(schema), ">")),
    ];
    for (const output of outputs) {
      expect(["<3>", "<12>", "<2>", "<x>", "<>"].map((each) => isAccepted(output, each))).toEqual([
        true,
        true,
        false,
        false,
        false,
      ]);
    }
  });

  test("spells random texts whose embedded JSON ajv accepts", () => {
    const schema = {
      type: "object",
      properties: {
        tags: { type: "array", items: { enum: ["a", "b", "ä"] }, uniqueItems: true },
        n: { type: "number" },
      },
      required: ["tags"],
      additionalProperties: { type: "null" },
    };
    const valid = ajvValidator(schema);
    const output = grammar(`start: ("+" %json ${JSON.stringify(schema)} "+")+`, { notation: "lark" });
    const { automaton } = output.compile(vocabulary)!;
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 120, size: "max" }), (turns) => {
        const written = walk(automaton, turns);
        const parts = written.slice(1, -1).split(/(?<=\})\+\+(?=\{)/);
        for (const part of parts) expect([part, valid(JSON.parse(part))]).toEqual([part, true]);
      }),
      { numRuns: runs(60) },
    );
  });

  test("writes special tokens that it names, by text or number", () => {
    const special = new Vocabulary({
      tokens: [...[..."ab<>|"].map((each) => new TextEncoder().encode(each)), undefined, undefined, undefined],
      specialTokens: [5, 6],
      eosTokens: [7],
      specialTexts: new Map([
        [5, "<a>"],
        [6, "<b>"],
        [7, "<e>"],
      ]),
    });
    const written = (source: string, options = {}): TokenId[] => {
      const constraint = grammar(source, { notation: "gbnf", ...options }).compile(special)!;
      return maskOf(constraint.matcher(), constraint.vocabulary);
    };
    expect(written('root ::= <a> "a"')).toEqual([2, 5]);
    expect(written('root ::= <[6]> "a"')).toEqual([2, 6]);
    expect(written('root ::= "<b>" "a"')).toEqual([2]);
    expect(written('root ::= "<b>" "a"', { specialTokens: ["<b>"] })).toEqual([2, 6]);
    // What ends a text is no text.
    expect(() => written('root ::= "<e>"', { specialTokens: ["<e>"] })).toThrow(UnsatisfiableError);
  });

  test.each<[string, () => unknown, string]>([
    ["a text without a notation", () => grammar(nested).compile(vocabulary), "needs the name of its notation"],
    ["a text that is no grammar", () => grammar("root ::= (", { notation: "gbnf" }).compile(vocabulary), "line 1"],
    ["an undefined rule", () => grammar("root ::= rest", { notation: "gbnf" }).compile(vocabulary), "rest"],
    [
      "a schema that is none",
      () => grammar('start: "a"\n | %json {"type": 5}', { notation: "lark" }).compile(vocabulary),
      'The JSON Schema in the rule "start", line 2, column 4, is none: ',
    ],
  ])("refuses %s", (_title, compile, message) => {
    expect(compile).toThrow(InvalidInputError);
    expect(compile).toThrow(message);
  });

  test("refuses a language without texts", () => {
    const compile = (): unknown => grammar('root ::= "a" root', { notation: "gbnf" }).compile(vocabulary);
    expect(compile).toThrow(UnsatisfiableError);
    const embedded = (): unknown => grammar(sequence("a", jsonSchema(false))).compile(vocabulary);
    expect(embedded).toThrow("No text is in the language of the grammar.");
  });
});

describe("thinking", () => {
  const answers: [string, Output<unknown>, string, unknown][] = [
    [
      "json",
      json({ type: "object", properties: { a: { type: "integer" } }, additionalProperties: false }),
      '{"a": 1}',
      { a: 1 },
    ],
    ["choice", choice(["yes", "no", ""]), "no", "no"],
    ["regex", regex(/a*b?/), "aab", "aab"],
    ["text", text(), "As I said: </think> ends it.", "As I said: </think> ends it."],
    ["grammar", grammar(nested, { notation: "gbnf" }), "((1))", "((1))"],
    ["thinking", thinking(choice(["yes"])), "<think>again</think>\n\nyes", { reasoning: "again", value: "yes" }],
  ];

  test.each(answers)("comes before any other output: %s", async (_title, answer, written, value) => {
    const reasoning = "Well, </ thin </think < é";
    const script = `<think>${reasoning}</think>\n\n${written}`;
    const output = thinking(answer);
    expect(isAccepted(output, script)).toBe(true);
    expect(isAccepted(output, written)).toBe(false);
    expect(isAccepted(output, script.replace("\n\n", ""))).toBe(false);
    expect(await output.finish(script)).toEqual({ reasoning, value });
    // What the model would like to say does not matter: the answer comes, and in time.
    for (let seed = 0; seed < 4; seed++) {
      const options = { model: noisyModel(), prompt: "Go", output, seed, temperature: 1.5, maxTokens: 60 };
      const result = await generate(options);
      expect(isAccepted(output, result.text)).toBe(true);
      expect(result.value).toHaveProperty("reasoning");
    }
  });

  test("has marks of its own", async () => {
    const output = thinking(choice(["yes", "no"]), { open: "", close: "[/THINK]", separator: "" });
    const { value } = await generate({ model: scriptedModel("hm[/THINK]no"), prompt: "Go", output });
    expect(value).toEqual({ reasoning: "hm", value: "no" });
  });
});
