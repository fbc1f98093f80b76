import { choice, generate, json, type Output, regex, stream, text } from "espalier";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { noisyModel, scriptedModel, toyModel } from "./support/toy-model.ts";

const person = {
  type: "object",
  properties: { name: { type: "string", maxLength: 8 }, age: { type: "integer" } },
  required: ["name", "age"],
  additionalProperties: false,
} as const;

const ada = '{"name": "Ada", "age": 36}';

/** The outputs that the laws below are tested on. */
const outputs: [string, Output<unknown>][] = [
  ["json", json(person)],
  ["json of any kind", json({ type: ["object", "array", "string", "null"], maxProperties: 2, maxItems: 3 })],
  ["regex", regex(/[a-f]{2,5}(-\d+)?/)],
  ["choice", choice(["red", "green", "greenish", ""])],
  ["text", text()],
];

describe("generate", () => {
  it("returns the typed value with its text, usage and timings", async () => {
    const model = scriptedModel(ada);
    const result = await generate({ model, prompt: "Who?", output: json(person), seed: 5 });
    expect(result).toEqual({
      value: { name: "Ada", age: 36 },
      text: ada,
      finishReason: "end",
      seed: 5,
      usage: {
        promptTokens: expect.any(Number),
        outputTokens: ada.length,
        forcedTokens: expect.any(Number),
        modelCalls: model.calls(),
      },
      timings: {
        compileMs: expect.any(Number),
        firstTokenMs: expect.any(Number),
        modelMs: expect.any(Number),
        maskMs: expect.any(Number),
        totalMs: expect.any(Number),
      },
    });
    expect(result.usage.forcedTokens).toBeGreaterThan(0);
  });

  it("keeps a model that wants something else to the schema", async () => {
    const model = scriptedModel("I think that the answer is 42.");
    const { value } = await generate({ model, prompt: "Who?", output: json(person) });
    expect(value).toEqual({ name: expect.any(String), age: expect.any(Number) });
  });

  it.each(outputs)("gives the same as a stream does: %s", async (_title, output) => {
    const model = noisyModel();
    for (let seed = 0; seed < 4; seed++) {
      const options = { model, prompt: "Go", output, seed, temperature: seed / 2, maxTokens: 60 };
      const whole = await generate(options);
      let pieces = "";
      let last;
      for await (const event of stream(options)) {
        if (event.type === "text") pieces += event.text;
        if (event.type === "finish") last = event.result;
      }
      expect(pieces).toBe(whole.text);
      expect({ ...last, timings: undefined }).toEqual({ ...whole, timings: undefined });
    }
  });

  it.each(outputs)("gives the same output for the same seed, and others for others: %s", async (_title, output) => {
    const write = async (seed: number): Promise<string> =>
      (await generate({ model: noisyModel(), prompt: "Go", output, seed, temperature: 1.5, maxTokens: 60 })).text;
    const texts = await Promise.all(Array.from({ length: 8 }, (_, seed) => write(seed)));
    expect(await Promise.all(Array.from({ length: 8 }, (_, seed) => write(seed)))).toEqual(texts);
    expect(new Set(texts).size).toBeGreaterThan(1);
  });

  it("completes within any budget, or refuses before the model is asked, saying what would do", async () => {
    const output = json(person);
    const least = '{"name":"","age":0}'.length;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 60 }), fc.nat(), async (maxTokens, seed) => {
        const model = noisyModel();
        const run = generate({ model, prompt: "Go", output, maxTokens, seed, temperature: 2 });
        if (maxTokens >= least) expect((await run).usage.outputTokens).toBeLessThanOrEqual(maxTokens);
        else {
          await expect(run).rejects.toMatchObject({ code: "limit-exceeded", limit: "maxTokens", needed: least });
          expect(model.calls()).toBe(0);
        }
      }),
      { numRuns: 40, seed: 3 },
    );
  });

  it("counts the context in: the output fits what the prompt leaves of it", async () => {
    const options = { prompt: "Go", output: json(person), promptHelper: false };
    const promptTokens = "<user>Go".length + 2;
    const { usage } = await generate({ ...options, model: scriptedModel(ada, { contextLength: promptTokens + 25 }) });
    expect(usage).toMatchObject({ promptTokens, outputTokens: ada.length });
    const tight = scriptedModel(ada, { contextLength: promptTokens + 10 });
    await expect(generate({ ...options, model: tight })).rejects.toMatchObject({
      code: "limit-exceeded",
      limit: "contextLength",
      allowed: 11,
      needed: 19,
    });
    const tooTight = scriptedModel(ada, { contextLength: 5 });
    await expect(generate({ ...options, model: tooTight })).rejects.toMatchObject({ limit: "contextLength" });
    expect(tight.calls() + tooTight.calls()).toBe(0);
  });

  it("cuts free text at maxTokens, and ends it at a stop sequence", async () => {
    const model = scriptedModel("one, two; three");
    const cut = await generate({ model, prompt: "Go", output: text(), maxTokens: 5 });
    expect(cut).toMatchObject({ text: "one, ", finishReason: "length" });
    const stopped = await generate({ model, prompt: "Go", output: text(), stop: [";"] });
    expect(stopped).toMatchObject({ value: "one, two", finishReason: "stop-sequence" });
  });

  it("matches the whole of a regular expression, anchored or not", async () => {
    for (const pattern of [/b+|c/, /^(?:b+|c)$/, "b+|c"]) {
      const { value } = await generate({ model: scriptedModel("abbbx"), prompt: "Go", output: regex(pattern) });
      expect(value).toMatch(/^(?:b+|c)$/);
    }
  });

  it("compiles a constraint once for all calls with a model and an equal schema", async () => {
    const model = scriptedModel(ada);
    let compiled = 0;
    const counted = (): Output<unknown> => {
      const output = json(structuredClone(person));
      return { ...output, compile: (...args) => (compiled++, output.compile(...args)) };
    };
    for (let i = 0; i < 3; i++) await generate({ model, prompt: "Who?", output: counted() });
    expect(compiled).toBe(1);
    await generate({ model: scriptedModel(ada), prompt: "Who?", output: counted() });
    expect(compiled).toBe(2);
  });
});

describe("the prompt", () => {
  const run = async (options: Partial<Parameters<typeof generate>[0]>, template?: string | false): Promise<string> => {
    const model = scriptedModel(ada, template === undefined ? {} : { chatTemplate: template });
    await generate({ model, prompt: "Who?", output: json(person), ...options } as Parameters<typeof generate>[0]);
    return model.prompts[0];
  };
  const instruction = "Answer as JSON: {name: string, age: integer}";

  it("tells the model the schema in a system message", async () => {
    expect(await run({})).toBe(`<system>${instruction}<user>Who?`);
    expect(await run({ output: choice(["a", "b"]) })).toBe('<system>Answer with one of: "a"|"b"<user>Who?');
  });

  it("does not, when told not to", async () => {
    expect(await run({ promptHelper: false })).toBe("<user>Who?");
    expect(await run({ output: text() })).toBe("<user>Who?");
  });

  it("adds to a system message that is there", async () => {
    const messages = [
      { role: "system", content: "Be brief." },
      { role: "user", content: "Who?" },
    ];
    expect(await run({ prompt: undefined, messages })).toBe(`<system>Be brief.\n\n${instruction}<user>Who?`);
  });

  it("goes into the user message where a template has no system messages", async () => {
    const template =
      "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('no') }}{% endif %}<{{ m.role }}>{{ m.content }}{% endfor %}»";
    expect(await run({}, template)).toBe(`<user>${instruction}\n\nWho?`);
  });

  it("is plain text for a model without a template", async () => {
    expect(await run({}, false)).toMatch(`${instruction}\n\nWho?\n`);
    const model = toyModel({ chatTemplate: false, score: (_, token) => (token === 256 ? 9 : 0) });
    await generate({ model, prompt: "Once upon", output: text() });
    expect(model.prompts).toEqual(["Once upon"]);
  });
});

describe("stream", () => {
  it("shows the value while it grows, and which parts are complete", async () => {
    const seen: string[] = [];
    for await (const event of stream({ model: scriptedModel(ada), prompt: "Who?", output: json(person) })) {
      if (event.type !== "partial" || event.completed.length === 0) continue;
      seen.push(`${event.completed.join(" ")}: ${JSON.stringify(event.value)}`);
      for (const pointer of event.completed) expect(event.complete.has(pointer)).toBe(true);
    }
    expect(seen).toEqual(['/name: {"name":"Ada"}', '/age : {"name":"Ada","age":36}']);
  });

  it("can be broken off, and leaves nothing running", async () => {
    const model = scriptedModel(ada);
    for await (const event of stream({ model, prompt: "Who?", output: json(person) })) {
      if (event.type === "text") break;
    }
    const calls = model.calls();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(model.calls()).toBe(calls);
    expect((await generate({ model, prompt: "Who?", output: json(person) })).text).toBe(ada);
  });
});

describe("a signal", () => {
  it("ends a generation with an AbortedError: before it begins, while it runs, one-shot and streaming", async () => {
    const model = scriptedModel(ada);
    const options = { model, prompt: "Who?", output: json(person) };
    const gone = AbortSignal.abort(new Error("no longer needed"));
    await expect(generate({ ...options, signal: gone })).rejects.toMatchObject({
      code: "aborted",
      cause: { message: "no longer needed" },
    });
    expect(model.calls()).toBe(0);

    const controller = new AbortController();
    const slow = toyModel({
      score: (output, token) => {
        if (output.length === 5) controller.abort();
        return token === "aaaaaaaaaa".charCodeAt(0) ? 9 : 0;
      },
    });
    const running = generate({ model: slow, prompt: "Go", output: text(), maxTokens: 50, signal: controller.signal });
    await expect(running).rejects.toMatchObject({ name: "AbortedError" });
    expect(slow.calls()).toBeLessThanOrEqual(7);

    const events = stream({ ...options, signal: gone });
    await expect(events.next()).rejects.toMatchObject({ code: "aborted" });
  });
});

describe("errors", () => {
  const model = scriptedModel(ada);
  const cases: [string, () => Promise<unknown>, object][] = [
    ["no model", () => generate({ prompt: "", output: text() } as never), { code: "invalid-input", place: "model" }],
    ["no output", () => generate({ model, prompt: "" } as never), { code: "invalid-input", place: "output" }],
    ["no prompt", () => generate({ model, output: text() } as never), { code: "invalid-input", place: "prompt" }],
    [
      "two prompts",
      () => generate({ model, output: text(), prompt: "", messages: [] } as never),
      { code: "invalid-input" },
    ],
    [
      "no messages",
      () => generate({ model, output: text(), messages: [] }),
      { code: "invalid-input", place: "messages" },
    ],
    [
      "half a token",
      () => generate({ model, prompt: "", output: text(), maxTokens: 1.5 }),
      { code: "invalid-input", place: "maxTokens" },
    ],
    [
      "a bad temperature",
      () => generate({ model, prompt: "", output: text(), temperature: -1 }),
      { code: "invalid-input", place: "temperature" },
    ],
    [
      "stop texts under a constraint",
      () => generate({ model, prompt: "", output: json(person), stop: ["x"] }),
      { code: "invalid-input" },
    ],
    [
      "a schema that is none",
      () => generate({ model, prompt: "", output: json({ type: "strnig" }) }),
      { code: "invalid-input", place: "#/type" },
    ],
    [
      "a schema that nothing satisfies",
      () => generate({ model, prompt: "", output: json({ type: "array", minItems: 2, maxItems: 1 }) }),
      { code: "unsatisfiable" },
    ],
    [
      "a broken pattern",
      () => generate({ model, prompt: "", output: regex("(") }),
      { code: "invalid-input", place: "offset 1" },
    ],
    ["a back-reference", () => generate({ model, prompt: "", output: regex(/(a)\1/) }), { code: "unsupported" }],
    [
      "a pattern that nothing matches",
      () => generate({ model, prompt: "", output: regex(/a(?!.*)/s) }),
      { code: "unsatisfiable" },
    ],
    [
      "a schema nested 10,000 deep",
      () => generate({ model, prompt: "", output: json(nested(10_000)) }),
      { code: "limit-exceeded" },
    ],
  ];

  it.each(cases)("%s", async (_title, run, expected) => {
    const calls = model.calls();
    await expect(run()).rejects.toMatchObject(expected);
    expect(model.calls()).toBe(calls);
  });

  it("a schema that is a circle of objects", () => {
    const circle: { items?: unknown } = {};
    circle.items = circle;
    expect(() => json(circle)).toThrow(expect.objectContaining({ code: "invalid-input", place: "schema" }));
  });

  it("nothing to choose from", () => {
    expect(() => choice([])).toThrow(expect.objectContaining({ code: "invalid-input", place: "options" }));
  });

  it("passes on a model's failure", async () => {
    const broken = toyModel({ score: () => Number.NaN });
    await expect(generate({ model: broken, prompt: "Go", output: text() })).rejects.toMatchObject({ code: "model" });
  });
});

function nested(depth: number): unknown {
  let schema: unknown = true;
  for (let i = 0; i < depth; i++) schema = { items: schema };
  return schema;
}
