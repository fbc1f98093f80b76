import { functionModel } from "@espalier/decoder";
import { vocabularyFromBytes, type Tokenizer } from "@espalier/grammar";
import {
  align,
  choice,
  generate,
  grammar,
  json,
  loadDiffusionModel,
  loadModel,
  regex,
  text,
  type AlignMethod,
  type LoadedModel,
  type Model,
  type Output,
} from "espalier";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ajvValidator } from "../support/ajv-oracle.ts";

const METHODS: readonly AlignMethod[] = ["asap", "rejection", "smc", "masked"];

describe("a model whose distribution is known", () => {
  // Two letters and an end; after "a" it hardly ever ends as "ab" does, so that masking takes "a" too often.
  const tokenizer: Tokenizer = {
    encode: (written) => [...written].map((letter) => "ab".indexOf(letter)),
    decode: (ids) => ids.map((id) => "ab"[id] ?? "").join(""),
  };
  const PROMPT_LENGTH = 1;
  const afterText: Record<string, [number, number, number]> = {
    "": [0.5, 0.5, 0],
    a: [0.9, 0.1, 0],
    b: [0.1, 0.9, 0],
  };
  const toy: Model = {
    tokenizer,
    vocabulary: vocabularyFromBytes(["a", "b", undefined], { eosTokens: [2], tokenizer }),
    languageModel: functionModel({
      vocabularySize: 3,
      eosTokens: [2],
      contextLength: 16,
      logits: (tokens) => {
        const written = tokenizer.decode(tokens.slice(PROMPT_LENGTH));
        return (afterText[written] ?? [0.1, 0.1, 0.8]).map(Math.log);
      },
    }),
  };
  // The model writes "ab" with 0.5 · 0.1 · 0.8 and "bb" with 0.5 · 0.9 · 0.8: one in ten is "ab". Masks make it one in two.
  const output = choice(["ab", "bb"]);

  it("rejection draws from the model's distribution over the choices, masking does not", async () => {
    const share = async (method: AlignMethod): Promise<number> => {
      const outputs = align({ model: toy, prompt: "a", output, method, promptHelper: false, maxTokens: 2, seed: 4 });
      let count = 0;
      for (let draw = 0; draw < 2000; draw++) if ((await outputs.draw()).value === "ab") count++;
      outputs.dispose();
      return count;
    };
    const exact = await share("rejection");
    // 200 on average, within four standard deviations.
    expect(Math.abs(exact - 200)).toBeLessThan(4 * Math.sqrt(2000 * 0.1 * 0.9));
    expect(await share("masked")).toBeGreaterThan(800);
  });

  it("tells probabilities and the mass that the constraint leaves", async () => {
    const outputs = align({ model: toy, prompt: "a", output, promptHelper: false, maxTokens: 2, seed: 4 });
    let last = await outputs.draw();
    for (let draw = 0; draw < 20; draw++) last = await outputs.draw();
    expect(last.logProbability).toBeCloseTo(Math.log(last.value === "ab" ? 0.04 : 0.36), 5);
    expect(Math.exp(last.mass.logMass)).toBeCloseTo(0.4, 1);
    expect(outputs.sampler.seed).toBe(4);
    outputs.dispose();
  });

  it.each([
    [{ output: text() }, "output", "Free text has no constraint"],
    [{ method: "beam" as AlignMethod }, "method", 'There is no method "beam"'],
    [{ temperature: 0 }, "temperature", "A temperature of 0"],
  ])("refuses %j", (wrong, place, message) => {
    const options = { model: toy, prompt: "a", output: output as Output<string>, ...wrong };
    expect(() => align(options)).toThrow(expect.objectContaining({ code: "invalid-input", place }));
    expect(() => align(options)).toThrow(message);
  });

  it("refuses a masked-diffusion model, and says what to do", async () => {
    const model = await loadDiffusionModel();
    expect(() => align({ model: model as never, prompt: "a", output })).toThrow(
      expect.objectContaining({ code: "invalid-input", place: "model", hint: expect.stringContaining("generate") }),
    );
    await model.dispose();
  });
});

describe("the bundled model", () => {
  const person = {
    type: "object",
    properties: { name: { enum: ["Ada", "Alan"] }, age: { type: "integer", minimum: 30, maximum: 39 } },
    required: ["name", "age"],
    additionalProperties: false,
  } as const;
  const outputs: readonly [string, Output<unknown>, (written: string) => boolean][] = [
    ["json", json(person), (written) => ajvValidator(person)(JSON.parse(written)) === true],
    ["regex", regex(/[A-Z]-\d/), (written) => /^[A-Z]-\d$/.test(written)],
    ["choice", choice(["red", "green", "blue"]), (written) => ["red", "green", "blue"].includes(written)],
    [
      "a grammar",
      grammar('root ::= [0-9] | "(" root "+" root ")"', { notation: "gbnf" }),
      (written) => /^[0-9(]/.test(written),
    ],
  ];
  let model: LoadedModel;

  beforeAll(async () => {
    model = await loadModel();
  });

  afterAll(async () => {
    await model.dispose();
  });

  it.each(outputs)(
    "%s, by every method: valid, with its value, the same with the same seed",
    async (_, output, isValid) => {
      for (const method of METHODS) {
        const draw = async (): Promise<string[]> => {
          const drawn = align({
            model,
            prompt: "Ada Lovelace, 36, lives in London",
            output,
            method,
            seed: 7,
            maxTokens: 24,
            particles: 8,
            budget: "masked",
          });
          const written: string[] = [];
          for (let count = 0; count < 3; count++) {
            const { value, text: each, logProbability } = await drawn.draw();
            expect(isValid(each)).toBe(true);
            expect(value).toEqual(output.kind === "json" ? JSON.parse(each) : each);
            expect(logProbability).toBeLessThan(0);
            written.push(each);
          }
          drawn.dispose();
          return written;
        };
        expect(await draw()).toEqual(await draw());
      }
    },
  );

  it("leaves the model usable", async () => {
    const { text: written } = await generate({ model, prompt: "Ada", output: choice(["yes", "no"]) });
    expect(["yes", "no"]).toContain(written);
  });
});
