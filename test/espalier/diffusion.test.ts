import { readFileSync } from "node:fs";
import { functionDiffusionModel } from "@espalier/decoder";
import { vocabularyFromBytes, type Tokenizer } from "@espalier/grammar";
import {
  choice,
  fixedSchedule,
  generate,
  json,
  loadDiffusionModel,
  loadModel,
  regex,
  stream,
  text,
  type DiffusionTextModel,
  type LoadedDiffusionModel,
  type Output,
} from "espalier";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ajvValidator } from "../support/ajv-oracle.ts";

const person = {
  type: "object",
  properties: { name: { type: "string" }, age: { type: "integer" }, city: { type: "string" } },
  required: ["name", "age", "city"],
  additionalProperties: false,
} as const;

let model: LoadedDiffusionModel;

beforeAll(async () => {
  model = await loadDiffusionModel();
});

afterAll(async () => {
  await model.dispose();
});

describe("the bundled masked-diffusion model", () => {
  it("is told from a language model by its configuration", async () => {
    const loaded = await loadModel("models/extract-diffusion");
    expect(loaded.diffusionModel).toMatchObject({ kind: "diffusion", maskToken: 2, padToken: 0, eosTokens: [1] });
    expect(loaded.languageModel).toBeUndefined();
    expect(loaded.vocabulary.size).toBe(loaded.diffusionModel!.vocabularySize);
    await loaded.dispose();
  });

  it("has the tokenizer of its autoregressive twin", () => {
    for (const file of ["tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "chat_template.jinja"]) {
      const [own, twin] = ["extract-diffusion", "extract-ar"].map((name) =>
        readFileSync(`models/${name}/${file}`, "utf8"),
      );
      expect(own, file).toBe(twin);
    }
  });

  it("fills in the object", async () => {
    const { value, usage, finishReason } = await generate({
      model,
      prompt: "Ada Lovelace, 36, lives in London",
      output: json(person),
    });
    expect(Object.keys(value)).toEqual(["name", "age", "city"]);
    expect(finishReason).toBe("end");
    expect(usage.modelCalls).toBeGreaterThan(0);
  });

  const outputs: [string, Output<unknown>, (written: string) => boolean][] = [
    ["json", json(person), (written) => ajvValidator(person)(JSON.parse(written)) === true],
    ["regex", regex(/[A-Z]{2}-\d{4}/), (written) => /^[A-Z]{2}-\d{4}$/.test(written)],
    ["choice", choice(["red", "green", "blue"]), (written) => ["red", "green", "blue"].includes(written)],
    ["text", text(), () => true],
  ];
  it.each(outputs)("writes %s, greedily and sampled", async (_, output, isValid) => {
    for (const temperature of [0, 1]) {
      const options = {
        model,
        prompt: "Ada Lovelace, 36, lives in London",
        output,
        temperature,
        seed: 3,
        maxTokens: 48,
      };
      const result = await generate(options);
      expect(isValid(result.text)).toBe(true);
      expect((await generate(options)).text).toBe(result.text);
    }
  });

  it("keeps within the automaton's states where a schema leaves a value free", async () => {
    const schema = {
      type: "object",
      properties: { kind: { enum: ["rent", "travel", "health"] }, amount: { type: "number" }, source: {} },
      required: ["kind", "amount", "source"],
      additionalProperties: false,
    } as const;
    const prompt = "method: cheque\nkind: health\nprice: CHF 4.95\nsource: Thomas M. Theall\nbooked: 22 December 1983";
    for (const proposals of ["trellis", "viability"] as const) {
      const { text: written } = await generate({
        model,
        prompt,
        output: json(schema),
        maxTokens: 56,
        diffusion: { proposals },
      });
      expect(ajvValidator(schema)(JSON.parse(written))).toBe(true);
    }
  });

  it("streams canvases, in which what is committed stays", async () => {
    const pieces: (string | undefined)[] = [];
    let written = "";
    let finished: string | undefined;
    for await (const event of stream({
      model,
      prompt: "Ada Lovelace, 36, London",
      output: json(person),
      maxTokens: 48,
    })) {
      if (event.type === "canvas") {
        expect(event.pieces).toHaveLength(48);
        expect(ajvValidator(person)(JSON.parse(event.outlook))).toBe(true);
        event.pieces.forEach((piece, position) => {
          if (pieces[position] !== undefined) expect(piece).toBe(pieces[position]);
          pieces[position] = piece;
        });
        written = event.outlook;
      } else if (event.type === "finish") finished = event.result.text;
    }
    expect(finished).toBe(written);
    expect(pieces.filter((piece) => piece !== undefined).join("")).toBe(finished);
  });

  it("refuses a canvas that no valid text fits, before the first call", async () => {
    const before = model.diffusionModel.stats.calls;
    await expect(generate({ model, prompt: "Ada", output: json(person), maxTokens: 5 })).rejects.toMatchObject({
      code: "limit-exceeded",
      limit: "maxTokens",
      allowed: 5,
      needed: expect.any(Number),
    });
    expect(model.diffusionModel.stats.calls).toBe(before);
  });
});

describe("options", () => {
  const tokenizer: Tokenizer = {
    encode: (written) => [...new TextEncoder().encode(written)],
    decode: (ids) => new TextDecoder().decode(Uint8Array.from(ids.filter((id) => id < 256))),
  };
  const bytes = Array.from({ length: 258 }, (_, byte) => (byte < 256 ? Uint8Array.of(byte) : undefined));
  const toy: DiffusionTextModel = {
    diffusionModel: functionDiffusionModel({
      vocabularySize: 258,
      maskToken: 257,
      eosTokens: [256],
      contextLength: 64,
      logits: (_, position) => Array.from({ length: 258 }, (__, token) => ((token * 31 + position * 17) % 97) / 10),
    }),
    tokenizer,
    vocabulary: vocabularyFromBytes(bytes, { eosTokens: [256], tokenizer }),
  };

  it.each(["topK", "topP", "minP", "repetitionPenalty", "stop"])("refuses %s", async (name) => {
    const refused = generate({ model: toy, prompt: "?", output: text(), [name]: name === "stop" ? ["x"] : 1 });
    await expect(refused).rejects.toMatchObject({ code: "invalid-input", place: name });
  });

  it("refuses diffusion settings for a language model", async () => {
    const languageModel = await loadModel();
    const refused = generate({ model: languageModel, prompt: "?", output: text(), diffusion: {} });
    await expect(refused).rejects.toMatchObject({ code: "invalid-input", place: "diffusion" });
    await languageModel.dispose();
  });

  it("names the context where that is the narrower of the two", async () => {
    const refused = generate({ model: toy, prompt: "x".repeat(60), output: regex(/a{9}/), promptHelper: false });
    await expect(refused).rejects.toMatchObject({
      code: "limit-exceeded",
      limit: "contextLength",
      allowed: 4,
      needed: 9,
    });
  });

  it("passes settings on", async () => {
    const settings = { model: toy, prompt: "?", output: regex(/[ab]{20}/), maxTokens: 20, promptHelper: false };
    const calls = async (tokensPerStep: number): Promise<number> =>
      (await generate({ ...settings, diffusion: { policy: fixedSchedule({ tokensPerStep }) } })).usage.modelCalls;
    expect(await calls(1)).toBe(20);
    expect(await calls(10)).toBe(2);
  });
});
