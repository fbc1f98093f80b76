import { functionModel } from "@espalier/decoder";
import { Vocabulary } from "@espalier/grammar";
import {
  generate,
  InvalidInputError,
  type Output,
  OutputRejectedError,
  TOOL_CALL_FORMATS,
  type Tool,
  type ToolCallFormatName,
  type ToolCallPart,
  toolCalls,
  type ToolChoice,
  UnsatisfiableError,
} from "espalier";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { ajvValidator } from "../../support/ajv-oracle.ts";
import { accepts, walk } from "../../support/automaton-texts.ts";
import { maskOf, naiveMask } from "../../support/mask-lists.ts";
import { runs } from "../../support/runs.ts";
import { byteVocabulary } from "../../support/vocabularies.ts";
import { noisyModel, scriptedModel, toyModel } from "../support/toy-model.ts";

const weather = {
  name: "get_weather",
  description: "The weather in a city.",
  // A schema from the Model Context Protocol, as a server lists it; `#` in it is the schema itself.
  inputSchema: {
    $schema: "http://json-schema.org/draft-07/schema#",
    type: "object",
    properties: { city: { $ref: "#/definitions/place" }, days: { type: "integer", minimum: 1, maximum: 14 } },
    required: ["city"],
    additionalProperties: false,
    definitions: { place: { type: "string", minLength: 1, maxLength: 20 } },
  },
} as const;
const add = {
  name: "math.add",
  parameters: {
    type: "object",
    properties: { terms: { type: "array", items: { $ref: "#/$defs/term" }, minItems: 2, maxItems: 4 } },
    required: ["terms"],
    additionalProperties: false,
    $defs: { term: { anyOf: [{ type: "number" }, { $ref: "#" }] } },
  },
} as const;
const ping = { name: "ping" } as const;
const tools = [weather, add, ping] as const;

const vocabulary = byteVocabulary();

/** Texts as the families' own templates show them, and what they say. */
const samples: Record<ToolCallFormatName, { readonly one: string; readonly two: string; readonly hasText: boolean }> = {
  json: {
    one: '{"name": "get_weather", "arguments": {"city": "Oslo"}}',
    two: '{"name": "get_weather", "arguments": {"city": "Oslo"}}\n{"name": "math.add", "arguments": {"terms": [1, {"terms": [2, 3]}]}}',
    hasText: false,
  },
  hermes: {
    one: '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>',
    two: '<tool_call>\n{"name": "get_weather", "arguments": {"city": "Oslo"}}\n</tool_call>\n<tool_call>\n{"name": "math.add", "arguments": {"terms": [1, {"terms": [2, 3]}]}}\n</tool_call>',
    hasText: true,
  },
  "llama-3": {
    one: '{"name": "get_weather", "parameters": {"city": "Oslo"}}',
    two: '<|python_tag|>{"name": "get_weather", "parameters": {"city": "Oslo"}}; {"name": "math.add", "parameters": {"terms": [1, {"terms": [2, 3]}]}}',
    hasText: false,
  },
  mistral: {
    one: '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Oslo"}}]',
    two: '[TOOL_CALLS][{"name": "get_weather", "arguments": {"city": "Oslo"}}, {"name": "math.add", "arguments": {"terms": [1, {"terms": [2, 3]}]}}]',
    hasText: true,
  },
  "mistral-args": {
    one: '[TOOL_CALLS]get_weather[ARGS]{"city": "Oslo"}',
    two: '[TOOL_CALLS]get_weather[ARGS]{"city": "Oslo"}[TOOL_CALLS]math.add[ARGS]{"terms": [1, {"terms": [2, 3]}]}',
    hasText: true,
  },
  functionary: {
    one: '<function=get_weather>{"city": "Oslo"}</function>',
    two: '<function=get_weather>{"city": "Oslo"}</function><function=math.add>{"terms": [1, {"terms": [2, 3]}]}</function>',
    hasText: true,
  },
};
const oslo = { type: "call", name: "get_weather", arguments: { city: "Oslo" } };
const sum = { type: "call", name: "math.add", arguments: { terms: [1, { terms: [2, 3] }] } };

const names = Object.keys(TOOL_CALL_FORMATS) as ToolCallFormatName[];

function isAccepted(output: Output<unknown>, text: string): boolean {
  return accepts(output.compile(vocabulary)!.automaton, text);
}

describe.each(names)("calls in the format %s", (format) => {
  const { one, two, hasText } = samples[format];
  const auto = toolCalls({ tools, format });

  test("are accepted as the family writes them, and read back", async () => {
    const required = toolCalls({ tools, format, toolChoice: "required" });
    for (const output of [auto, required]) {
      expect(isAccepted(output, one)).toBe(true);
      expect(isAccepted(output, two)).toBe(true);
    }
    expect(await auto.finish(one)).toEqual([oslo]);
    expect(await auto.finish(two)).toEqual([oslo, sum]);
  });

  test("stand in free text where the format has it", async () => {
    const free = "I can't say; 1 < 2, {}, [x].";
    expect(isAccepted(auto, free)).toBe(true);
    expect(await auto.finish(free)).toEqual([{ type: "text", text: free }]);
    expect(isAccepted(auto, `Let me see. ${one}`)).toBe(true);
    if (!hasText) {
      // A message is either text or calls: what begins otherwise is text, whatever comes later.
      expect(await auto.finish(`Let me see. ${one}`)).toEqual([{ type: "text", text: `Let me see. ${one}` }]);
      return;
    }
    expect(await auto.finish(`Let me see. ${two}`)).toEqual([{ type: "text", text: "Let me see. " }, oslo, sum]);
    const isAnywhere = TOOL_CALL_FORMATS[format].placement === "anywhere";
    expect(isAccepted(auto, `${one} So.`)).toBe(isAnywhere);
    if (isAnywhere) {
      expect(await auto.finish(`A ${one} b ${one}.`)).toEqual([
        { type: "text", text: "A " },
        oslo,
        { type: "text", text: " b " },
        oslo,
        { type: "text", text: "." },
      ]);
    }
  });

  test("are refused with other arguments, names and endings", () => {
    for (const wrong of [
      one.replace("city", "town"),
      one.replace('"Oslo"', "5"),
      one.replace('"Oslo"', '"Oslo", "days": 15'),
      one.replace('{"city": "Oslo"}', "{}"),
      one.replace("get_weather", "get_weathers"),
      one.replace("get_weather", "math.add"),
      one.slice(0, -1),
      two.replace("[2, 3]", "[2]"),
    ]) {
      expect([wrong, isAccepted(auto, wrong)]).toEqual([wrong, false]);
    }
    // What begins like a call is one.
    const begun = one.slice(0, one.indexOf("get_weather"));
    expect(isAccepted(auto, begun)).toBe(false);
  });

  test("keep to the choice of a tool", () => {
    const accepted = (toolChoice: ToolChoice<"get_weather" | "math.add" | "ping">, parallel = true): unknown =>
      ["", "No.", one, two, one.replace("get_weather", "ping").replace('{"city": "Oslo"}', "{}")].map((each) =>
        isAccepted(toolCalls({ tools, format, toolChoice, parallel }), each),
      );
    expect(accepted("auto")).toEqual([true, true, true, true, true]);
    expect(accepted("auto", false)).toEqual([true, true, true, false, true]);
    expect(accepted("required")).toEqual([false, false, true, true, true]);
    expect(accepted("required", false)).toEqual([false, false, true, false, true]);
    expect(accepted("none")).toEqual([true, true, false, false, false]);
    expect(accepted({ name: "get_weather" })).toEqual([false, false, true, false, false]);
  });

  test("of random texts have arguments that ajv accepts", async () => {
    const valid: Record<string, (value: unknown) => boolean | undefined> = {
      get_weather: ajvValidator(weather.inputSchema, "draft-07"),
      "math.add": ajvValidator(add.parameters),
      ping: ajvValidator({ type: "object", maxProperties: 0 }),
    };
    const required = toolCalls({ tools, format, toolChoice: "required" });
    const { automaton } = required.compile(vocabulary)!;
    const mixed = auto.compile(vocabulary)!.automaton;
    let calls = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(), { minLength: 20, maxLength: 300, size: "max" }), async (turns) => {
        const text = walk(automaton, turns);
        const parts = await required.finish(text);
        expect(parts.length).toBeGreaterThan(0);
        for (const part of parts) {
          if (part.type !== "call") throw new Error(`free text in ${text}`);
          expect([part.arguments, valid[part.name](part.arguments)]).toEqual([part.arguments, true]);
          calls++;
        }
        expect(accepts(mixed, text)).toBe(true);
      }),
      { numRuns: runs(60) },
    );
    // Some texts have several.
    expect(calls).toBeGreaterThan(runs(60));
  });

  test("are complete within any budget that is not refused", async () => {
    for (let seed = 0; seed < 6; seed++) {
      const options = { model: noisyModel(), prompt: "Go", seed, temperature: 1.5, maxTokens: 130 + 20 * seed };
      const required = await generate({ ...options, output: toolCalls({ tools, format, toolChoice: "required" }) });
      expect(required.value.every(({ type }) => type === "call")).toBe(true);
      const { value, usage } = await generate({ ...options, output: auto });
      expect(usage.outputTokens).toBeLessThanOrEqual(options.maxTokens);
      expect(Array.isArray(value)).toBe(true);
    }
  });

  test("have the masks that trying every token gives", () => {
    // Keys that no schema names are captured: none may come twice.
    const open = { name: "open", parameters: { type: "object", additionalProperties: { type: "integer" } } } as const;
    const words = byteVocabulary([
      '{"',
      '": ',
      '"}',
      '", "',
      "get",
      "}}",
      "}\n",
      "call",
      '1, "a',
      '"a": 1',
      "[TOOL",
      "<|",
    ]);
    const constraint = toolCalls({ tools: [open, ping], format }).compile(words)!;
    const { automaton } = toolCalls({ tools: [open, ping], format, toolChoice: "required" }).compile(words)!;
    fc.assert(
      fc.property(fc.array(fc.nat(), { minLength: 10, maxLength: 40, size: "max" }), fc.nat(), (turns, seed) => {
        const text = new TextEncoder().encode(walk(automaton, turns));
        const matcher = constraint.matcher();
        let state = constraint.automaton.start;
        for (const [index, byte] of text.entries()) {
          if ((index + seed) % 3 === 0) {
            expect(maskOf(matcher, words)).toEqual(naiveMask(constraint.automaton, state, words));
          }
          expect(matcher.consume(byte)).toBe(true);
          state = constraint.automaton.next(state, byte);
        }
        expect(matcher.isAccepting()).toBe(true);
      }),
      { numRuns: runs(8) },
    );
  });

  test("are told to the model", () => {
    expect(auto.instruction()).toContain('"name":"get_weather","description":"The weather in a city."');
    expect(auto.instruction()).toContain(one.slice(0, one.indexOf("get_weather")));
    expect(toolCalls({ tools, format, toolChoice: "none" }).instruction()).toBeUndefined();
  });
});

describe("the tools' own validators", () => {
  const book = {
    name: "book",
    parameters: z.object({ from: z.string().transform((text) => text.length), nights: z.int().min(1).default(2) }),
  } as const;

  test("run last, and make the values", async () => {
    const output = toolCalls({ tools: [book, weather] });
    const { value } = await generate({
      model: scriptedModel('{"name": "book", "arguments": {"from": "Oslo"}}'),
      prompt: "Go",
      output,
    });
    expect(value).toEqual([{ type: "call", name: "book", arguments: { from: 4, nights: 2 } }]);
  });

  test("may refuse, and the error names the tool", async () => {
    const even = { name: "even", parameters: z.object({ n: z.int().refine((n) => n % 2 === 0, "odd") }) } as const;
    const output = toolCalls({ tools: [even] });
    const text = '{"name": "even", "arguments": {"n": 3}}';
    const run = generate({ model: scriptedModel(text), prompt: "Go", output });
    await expect(run).rejects.toBeInstanceOf(OutputRejectedError);
    await expect(run).rejects.toMatchObject({ text, message: expect.stringContaining('In the call of "even": ') });
  });
});

describe("special tokens", () => {
  /** Bytes, then `[TOOL_CALLS]` as a special token, then the end. */
  const special = new Vocabulary({
    tokens: [...Array.from({ length: 256 }, (_, byte) => Uint8Array.of(byte)), undefined, undefined],
    eosTokens: [257],
    specialTokens: [256],
    specialTexts: new Map([
      [256, "[TOOL_CALLS]"],
      [257, "</s>"],
    ]),
  });

  test("are spelled where a format is made of them, and nowhere else", () => {
    expect(special.decode([256])).toBe("");
    const spelled = special.spelling(["[TOOL_CALLS]", "</s>", "<unknown>"]);
    expect(spelled.decode([65, 256, 66])).toBe("A[TOOL_CALLS]B");
    expect([spelled.size, spelled.eosTokens, spelled.isSpecial(257)]).toEqual([258, [257], true]);
    expect(special.spelling(["[TOOL_CALLS]"])).toBe(spelled);
    expect(special.spelling(["<unknown>"])).toBe(special);
    expect(special.decode([256])).toBe("");
  });

  test("are what the model writes calls with", async () => {
    const tail = '[{"name": "ping", "arguments": {}}]';
    const base = toyModel({ score: () => 0 });
    const script = [256, ...new TextEncoder().encode(tail), 257];
    let fed = 0;
    const model = {
      ...base,
      vocabulary: special,
      languageModel: functionModel({
        vocabularySize: 258,
        eosTokens: [257],
        contextLength: 4096,
        logits: (prefix) => {
          const written = prefix.length - fed;
          return Array.from({ length: 258 }, (_, token) => (token === script[written] ? 20 : 0));
        },
      }),
    };
    const options = { model, prompt: "Go", promptHelper: false, output: toolCalls({ tools, format: "mistral" }) };
    fed = (await generate({ ...options, maxTokens: 0, output: toolCalls({ tools, toolChoice: "none" }) })).usage
      .promptTokens;
    const { text, value } = await generate(options);
    expect(text).toBe(`[TOOL_CALLS]${tail}`);
    expect(value).toEqual([{ type: "call", name: "ping", arguments: {} }]);
  });
});

describe("what is no tool, format or choice", () => {
  const build =
    (options: unknown): (() => unknown) =>
    () =>
      toolCalls(options as { tools: readonly Tool[] });

  test.each<[string, unknown, string]>([
    ["no tools", { tools: [] }, "There is no tool to call."],
    ["a name with a quote", { tools: [{ name: 'a"b' }] }, 'not "a\\"b", at tools[0].name'],
    ["two of a name", { tools: [ping, ping] }, 'There are two tools with the name "ping", at tools[1].name.'],
    ["an unknown format", { tools, format: "yaml" }, 'There is no format "yaml"'],
    ["an unknown choice", { tools, toolChoice: "any" }, 'not "any"'],
    ["an unknown tool", { tools, toolChoice: { name: "pong" } }, 'There is no tool with the name "pong"'],
    ["a format without arguments", { tools, format: { ...TOOL_CALL_FORMATS.hermes, call: "{{name}}" } }, "must hold"],
    [
      "a format whose marks hold each other",
      { tools, format: { ...TOOL_CALL_FORMATS.hermes, begin: ["<c>", "<c><d>"] } },
      '"<c><d>" holds another text',
    ],
    ["a format without marks", { tools, format: { ...TOOL_CALL_FORMATS.hermes, begin: [""] } }, "not empty"],
  ])("is refused at once: %s", (_title, options, message) => {
    expect(build(options)).toThrow(InvalidInputError);
    expect(build(options)).toThrow(message);
  });

  test("is refused when compiling, with the name of the tool", () => {
    const compile = (parameters: unknown): unknown =>
      toolCalls({ tools: [ping, { name: "odd", parameters }] }).compile(vocabulary);
    expect(() => compile({ type: "nothing" })).toThrow(/In the schema of the tool "odd": .*#\/type/);
    expect(() => compile({ type: "object", required: ["a"], maxProperties: 0 })).toThrow(UnsatisfiableError);
    expect(() => compile(false)).toThrow('The tool "odd" can never be called');
  });

  test("is refused in a text that is not of the format", async () => {
    const output: Output<ToolCallPart[]> = toolCalls({ tools, format: "hermes" });
    await expect(output.finish("<tool_call>x")).rejects.toThrow('there is no "\\n" at offset 11');
  });
});

test("a format of one's own", async () => {
  const format = {
    name: "arrows",
    families: [],
    placement: "anywhere",
    begin: ["=>"],
    call: " {{name}}({{arguments}})",
    between: " and",
    end: ";",
  } as const;
  const output = toolCalls({ tools, format });
  const text = 'Well => ping({}) and get_weather({"city":"Oslo"}); done';
  expect(isAccepted(output, text)).toBe(true);
  expect(await output.finish(text)).toEqual([
    { type: "text", text: "Well " },
    { type: "call", name: "ping", arguments: {} },
    oslo,
    { type: "text", text: " done" },
  ]);
});
