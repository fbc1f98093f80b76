import { functionDiffusionModel } from "@espalier/decoder";
import { Vocabulary } from "@espalier/grammar";
import {
  choice,
  generate,
  grammar,
  json,
  jsonSchema,
  loadDiffusionModel,
  regex,
  stream,
  text,
  thinking,
  toolCalls,
  triggered,
  type DiffusionTextModel,
  type LimitExceededError,
  type LoadedDiffusionModel,
  type Output,
} from "espalier";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ajvValidator } from "../support/ajv-oracle.ts";

const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
} as const;
const tree = {
  type: "object",
  properties: { name: { type: "string" }, children: { type: "array", items: { $ref: "#" } } },
  required: ["name"],
  additionalProperties: false,
} as const;
const weather = {
  name: "weather",
  parameters: {
    type: "object",
    properties: { city: { type: "string" }, days: { enum: [1, 3, 7] } },
    required: ["city"],
    additionalProperties: false,
  },
} as const;

const isPerson = (written: string): boolean => ajvValidator(person)(JSON.parse(written)) === true;

/** Whether round and square brackets are closed in order, with nothing but letters between them. */
function isBalanced(written: string): boolean {
  let left = written.replaceAll(/[a-z]/g, "");
  for (let before = ""; before !== left;) {
    before = left;
    left = left.replaceAll("()", "").replaceAll("[]", "");
  }
  return left === "";
}

const balanced = String.raw`
root ::= item+
item ::= [a-z] | "(" item* ")" | "[" item* "]"
`;
const sums = String.raw`
start: term (("+" | "-") term)*
term: NUMBER | "(" start ")"
NUMBER: /[0-9]{1,3}/
%ignore " "
`;
const answers = triggered({
  triggers: [
    { begin: "<person>", content: jsonSchema(person), end: "</person>" },
    { begin: "<year>", content: "1843", end: "</year>" },
  ],
  atLeastOne: true,
});
const ANSWERS = /<person>(.*?)<\/person>|<year>1843<\/year>/gs;

/** Kinds of output, and what their texts are, as told by someone else. */
const outputs: readonly [string, Output<unknown>, (written: string) => boolean][] = [
  ["json", json(person), isPerson],
  ["json that nests", json(tree), (written) => ajvValidator(tree)(JSON.parse(written)) === true],
  ["regex", regex(/[A-Z]{2}-\d{4}/), (written) => /^[A-Z]{2}-\d{4}$/.test(written)],
  ["choice", choice(["red", "green", "blue"]), (written) => ["red", "green", "blue"].includes(written)],
  ["a grammar in GBNF", grammar(balanced, { notation: "gbnf" }), isBalanced],
  [
    "a grammar in Lark, with terminals",
    grammar(sums, { notation: "lark" }),
    // oxlint-disable-next-line no-eval -- digits, signs, brackets and spaces, as the first half says; JavaScript reads numbers that begin with 0 in another way
    (written) => /^[-+() 0-9]+$/.test(written) && Number.isFinite(Number(eval(written.replaceAll(/\d+/g, "1")))),
  ],
  [
    "free text with triggers",
    grammar(answers),
    (written) => {
      const found = [...written.matchAll(ANSWERS)];
      return found.length > 0 && found.every(([, inner]) => inner === undefined || isPerson(inner));
    },
  ],
  [
    "reasoning and an object",
    thinking(json(person)),
    (written) => {
      const [, answer] = /^<think>.*?<\/think>\n\n(.*)$/s.exec(written) ?? [];
      return answer !== undefined && isPerson(answer);
    },
  ],
  ["reasoning and free text", thinking(text()), (written) => /^<think>.*?<\/think>\n\n/s.test(written)],
  [
    "calls of tools",
    toolCalls({ tools: [weather], format: "hermes", toolChoice: "required" }),
    (written) => {
      const calls = [...written.matchAll(/<tool_call>(.*?)<\/tool_call>/gs)].map(([, call]) => JSON.parse(call));
      return (
        calls.length > 0 &&
        calls.every((call) => call.name === "weather" && ajvValidator(weather.parameters)(call.arguments) === true)
      );
    },
  ],
  ["calls, perhaps", toolCalls({ tools: [weather] }), () => true],
  ["free text", text(), () => true],
];

let model: LoadedDiffusionModel;

beforeAll(async () => {
  model = await loadDiffusionModel();
});

afterAll(async () => {
  await model.dispose();
});

describe("a masked-diffusion model and every kind of output", () => {
  it.each(outputs)("%s: sampled, the same with the same seed", async (_, output, isValid) => {
    const options = {
      model,
      prompt: "Ada Lovelace, 36, lives in London",
      output,
      temperature: 1,
      seed: 5,
      maxTokens: 48,
    };
    const result = await generate(options);
    expect([result.text, isValid(result.text)]).toEqual([result.text, true]);
    if (output.kind !== "text") expect(result.finishReason).toBe("end");
    expect((await generate(options)).text).toBe(result.text);
  });

  // Those that have no text of one token.
  const long = new Set([
    "json",
    "json that nests",
    "regex",
    "free text with triggers",
    "reasoning and an object",
    "calls of tools",
  ]);
  it.each(outputs.filter(([name]) => long.has(name)))(
    "%s: refused before the first call where it does not fit, with a length that does",
    async (_, output, isValid) => {
      const options = { model, prompt: "Ada, 36", output };
      const before = model.diffusionModel.stats.calls;
      const error: unknown = await generate({ ...options, maxTokens: 1 }).catch((caught: unknown) => caught);
      expect(error).toMatchObject({
        code: "limit-exceeded",
        limit: "maxTokens",
        allowed: 1,
        needed: expect.any(Number),
      });
      expect(model.diffusionModel.stats.calls).toBe(before);
      const { needed } = error as LimitExceededError;
      await expect(generate({ ...options, maxTokens: needed! - 1 })).rejects.toMatchObject({
        allowed: needed! - 1,
        needed,
      });
      const { text: written } = await generate({ ...options, maxTokens: needed });
      expect(isValid(written)).toBe(true);
    },
  );

  it.each(outputs)("%s: token by token, refusing what cannot be completed", async (_, output, isValid) => {
    const { text: written } = await generate({
      model,
      prompt: "Ada Lovelace, 36, lives in London",
      output,
      maxTokens: 32,
      diffusion: { proposals: "viability" },
    });
    expect([written, isValid(written)]).toEqual([written, true]);
  });

  it.each(outputs)(
    "%s: greedily, a stream of canvases whose committed pieces stay and whose outlook is valid",
    async (_, output, isValid) => {
      let before: readonly (string | undefined)[] = [];
      let outlook = "";
      let finished: string | undefined;
      for await (const event of stream({ model, prompt: "Ada, 36", output, maxTokens: 48 })) {
        if (event.type === "finish") finished = event.result.text;
        if (event.type !== "canvas") continue;
        expect(event.pieces).toHaveLength(48);
        for (const position of event.committed) {
          expect(before[position]).toBeUndefined();
          expect(event.pieces[position]).toBeDefined();
        }
        before.forEach((piece, position) => {
          if (piece !== undefined) expect(event.pieces[position]).toBe(piece);
        });
        expect([event.outlook, isValid(event.outlook)]).toEqual([event.outlook, true]);
        before = event.pieces;
        ({ outlook } = event);
      }
      expect(finished).toBe(outlook);
    },
  );
});

it("shows special tokens that the format is made of, as it writes them", async () => {
  // Bytes, then the marks of the reasoning as special tokens, then the end and the mask.
  const vocabulary = new Vocabulary({
    tokens: Array.from({ length: 260 }, (_, byte) => (byte < 256 ? Uint8Array.of(byte) : undefined)),
    specialTokens: [256, 257, 259],
    specialTexts: new Map([
      [256, "<think>"],
      [257, "</think>"],
    ]),
    eosTokens: [258],
  });
  const toy: DiffusionTextModel = {
    vocabulary,
    tokenizer: { encode: (written) => [...new TextEncoder().encode(written)], decode: (ids) => vocabulary.decode(ids) },
    diffusionModel: functionDiffusionModel({
      vocabularySize: 260,
      maskToken: 259,
      eosTokens: [258],
      contextLength: 64,
      logits: (_, position) => Array.from({ length: 260 }, (__, token) => ((token * 31 + position * 17) % 97) / 10),
    }),
  };
  const outlooks: string[] = [];
  for await (const event of stream({
    model: toy,
    prompt: "?",
    output: thinking(choice(["yes", "no"])),
    maxTokens: 12,
  })) {
    if (event.type === "finish") outlooks.push(event.result.text);
    else if (event.type === "canvas") outlooks.push(event.outlook);
  }
  for (const outlook of outlooks) expect(outlook).toMatch(/^<think>[^]*<\/think>\n\n(yes|no)$/);
});
