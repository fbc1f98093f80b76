import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { isDiffusionFolder, loadOnnxDiffusionModel } from "@espalier/decoder";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { toyLogits, writeToyModel, type ToyVariant } from "../support/toy-onnx-model.ts";

let root: string;
let count = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "espalier-canvas-"));
});

afterAll(async () => {
  await rm(root, { recursive: true });
});

/** A toy without a cache, whose row `i` is a sum over the tokens up to there: enough to tell rows and inputs apart. */
async function toyFolder(config: object = { mask_token_id: 3 }, variant: ToyVariant = {}): Promise<string> {
  const folder = join(root, String(count++));
  await writeToyModel(folder, { cache: false, ...variant });
  const file = join(folder, "config.json");
  const written = JSON.parse(await readFile(file, "utf8")) as object;
  await writeFile(file, JSON.stringify({ ...written, ...config }));
  return folder;
}

describe("loadOnnxDiffusionModel", () => {
  it.each([
    ["plainly", {}],
    ["with 32-bit ids", { int32: true }],
    ["with logits in half precision", { halfLogits: true }],
  ])("gives logits for every position asked for, %s", async (_, variant) => {
    const model = await loadOnnxDiffusionModel(await toyFolder({ mask_token_id: 3, pad_token_id: 4 }, variant));
    expect(model).toMatchObject({
      kind: "diffusion",
      maskToken: 3,
      padToken: 4,
      vocabularySize: 11,
      contextLength: 32,
    });
    const tokens = [5, 3, 3, 7, 1];
    const rows = await model.predict(tokens, { from: 2 });
    expect(rows).toHaveLength(3);
    rows.forEach((row, index) => {
      toyLogits(tokens.slice(0, 3 + index)).forEach((logit, token) => expect(row[token]).toBeCloseTo(logit, 2));
    });
    expect(model.stats).toEqual({ calls: 1, positions: 5 });
    await model.dispose();
    await expect(model.predict(tokens)).rejects.toMatchObject({ code: "model" });
  });

  it("refuses what it cannot be asked", async () => {
    const model = await loadOnnxDiffusionModel(await toyFolder());
    await expect(model.predict([])).rejects.toMatchObject({ code: "invalid-input", place: "tokens" });
    await expect(model.predict([99])).rejects.toMatchObject({ code: "invalid-input" });
    await expect(model.predict([1], { from: 2 })).rejects.toMatchObject({ code: "invalid-input", place: "from" });
    await expect(model.predict(Array<number>(33).fill(1))).rejects.toMatchObject({
      limit: "contextLength",
      needed: 33,
    });
    await model.dispose();
  });

  it("refuses folders of other models", async () => {
    await expect(loadOnnxDiffusionModel(await toyFolder({}))).rejects.toThrow(
      "does not give the model's mask_token_id",
    );
    await expect(loadOnnxDiffusionModel(await toyFolder({ mask_token_id: 50 }))).rejects.toThrow("mask_token_id 50");
    await expect(loadOnnxDiffusionModel(await toyFolder(undefined, { cache: true }))).rejects.toMatchObject({
      code: "unsupported",
    });
    await expect(loadOnnxDiffusionModel(join(root, "nowhere"))).rejects.toMatchObject({ code: "model" });
  });
});

describe("isDiffusionFolder", () => {
  it.each([
    [{ mask_token_id: 3 }, true],
    [{ mask_token_id: 3, architectures: ["LLaDAModelLM"] }, true],
    [{}, false],
    [{ mask_token_id: 3, architectures: ["LlamaForCausalLM"] }, false],
    [{ mask_token_id: null }, false],
  ])("%j: %s", async (config, expected) => {
    expect(await isDiffusionFolder(await toyFolder(config))).toBe(expected);
  });
});
