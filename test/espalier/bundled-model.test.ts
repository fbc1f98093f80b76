import { choice, generate, json, type LoadedModel, loadModel, stream } from "espalier";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const meeting = {
  type: "object",
  properties: {
    title: { type: "string", minLength: 1 },
    date: { type: "string", format: "date" },
    priority: { enum: ["low", "high"] },
    guests: { type: "array", items: { type: "string" }, maxItems: 3 },
  },
  required: ["title", "date", "priority", "guests"],
  additionalProperties: false,
} as const;

let model: LoadedModel;
beforeAll(async () => {
  model = await loadModel();
});
afterAll(() => model.dispose());

describe("the bundled model", () => {
  it("turns a sentence into the object that is asked for", async () => {
    const { value, usage } = await generate({
      model,
      prompt: "Ada Lovelace, 36, lives in London",
      output: json({
        type: "object",
        properties: { name: { type: "string" }, age: { type: "integer" }, city: { type: "string" } },
        required: ["name", "age", "city"],
        additionalProperties: false,
      }),
    });
    expect(value).toEqual({ name: "Ada Lovelace", age: 36, city: "London" });
    expect(usage.modelCalls).toBeLessThanOrEqual(usage.outputTokens + 1);
  });

  it("writes what ajv accepts, whatever it is asked and however it samples; streamed as in one piece", async () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const isMeeting = ajv.compile(meeting);
    for (const [seed, prompt] of ["Lunch with Bo and Di on 3 May, urgent!", "", "}{][\u0000 2024-13-45"].entries()) {
      const options = { model, prompt, output: json(meeting), maxTokens: 80, temperature: 2 * seed, seed };
      const { text, usage } = await generate(options);
      expect([text, isMeeting(JSON.parse(text)), isMeeting.errors]).toEqual([text, true, null]);
      expect(usage.outputTokens).toBeLessThanOrEqual(80);
      let streamed = "";
      for await (const event of stream(options)) if (event.type === "text") streamed += event.text;
      expect(streamed).toBe(text);
    }
  });

  it("chooses", async () => {
    const { value } = await generate({ model, prompt: "The jacket is blue.", output: choice(["red", "blue"]) });
    expect(["red", "blue"]).toContain(value);
  });
});
