import { cp, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadOnnxModel } from "@espalier/decoder";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fixtureFolder } from "../support/fixture-models.ts";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-model-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function copyOf(name: "llama-random" | "llama-random-fp16"): Promise<string> {
  await cp(fixtureFolder(name), folder, { recursive: true });
  return folder;
}

async function editConfig(change: Record<string, unknown>): Promise<void> {
  const file = join(folder, "config.json");
  const config = JSON.parse(await readFile(file, "utf8"));
  await writeFile(file, JSON.stringify({ ...config, ...change }));
}

/** Expects a model error whose place is `file` and whose message matches. */
async function expectRefused(file: string, message: RegExp): Promise<void> {
  await expect(loadOnnxModel(folder)).rejects.toMatchObject({
    code: "model",
    place: join(folder, file),
    message: expect.stringMatching(message),
  });
}

describe("a damaged folder is refused with the file that is at fault", () => {
  test("no folder", async () => {
    await expect(loadOnnxModel(join(folder, "none"))).rejects.toMatchObject({
      code: "model",
      place: join(folder, "none"),
    });
  });

  test("no config.json", async () => {
    await copyOf("llama-random");
    await rm(join(folder, "config.json"));
    await expectRefused("config.json", /no config\.json/);
  });

  test("config.json cut short", async () => {
    await copyOf("llama-random");
    await truncate(join(folder, "config.json"), 40);
    await expectRefused("config.json", /is not JSON/);
  });

  test("no model file: those that are there are named", async () => {
    await copyOf("llama-random");
    await expect(loadOnnxModel(folder, { dtype: "q4" })).rejects.toMatchObject({
      code: "model",
      place: join(folder, "onnx/model_q4.onnx"),
      message: expect.stringContaining("it has onnx/model.onnx"),
    });
    await rm(join(folder, "onnx"), { recursive: true });
    await expectRefused("onnx/model.onnx", /no \.onnx file at all/);
  });

  test("an unknown dtype", async () => {
    await copyOf("llama-random");
    await expect(loadOnnxModel(folder, { dtype: "fp8" as "fp16" })).rejects.toMatchObject({
      code: "invalid-input",
      place: "dtype",
    });
  });

  test("options out of range", async () => {
    for (const place of ["threads", "maxTokensPerCall", "contextLength"]) {
      await expect(loadOnnxModel(folder, { [place]: 0 })).rejects.toMatchObject({
        code: "invalid-input",
        place,
      });
    }
  });

  test.each([0, 1, 100, 20_000, 49_000])("a model file of %i bytes", async (size) => {
    await copyOf("llama-random");
    await truncate(join(folder, "onnx/model.onnx"), size);
    await expectRefused("onnx/model.onnx", size === 0 ? /is empty/ : /cannot load/);
  });

  test("a model file of noise", async () => {
    await copyOf("llama-random");
    const noise = Uint8Array.from({ length: 4096 }, (_, index) => (index * 197 + 31) % 251);
    await writeFile(join(folder, "onnx/model.onnx"), noise);
    await expectRefused("onnx/model.onnx", /cannot load/);
  });

  test("a Git LFS pointer", async () => {
    await copyOf("llama-random");
    await writeFile(
      join(folder, "onnx/model.onnx"),
      "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 49194\n",
    );
    await expectRefused("onnx/model.onnx", /Git LFS pointer/);
  });

  test("external data missing", async () => {
    await copyOf("llama-random-fp16");
    await rm(join(folder, "onnx/model.onnx_data"));
    await expectRefused("onnx/model.onnx", /cannot load/);
  });

  test("external data cut short", async () => {
    await copyOf("llama-random-fp16");
    await truncate(join(folder, "onnx/model.onnx_data"), 1000);
    await expectRefused("onnx/model.onnx", /cannot load/);
  });

  test("a vocabulary of another size", async () => {
    await copyOf("llama-random");
    await editConfig({ vocab_size: 32_000 });
    // Where the file's metadata leave the width open, the first call finds out.
    await expect(loadOnnxModel(folder).then((model) => model.createSession().feed([1]))).rejects.toMatchObject({
      code: "model",
      message: expect.stringMatching(/258/),
    });
  });

  test("no context length, unless given", async () => {
    await copyOf("llama-random");
    await editConfig({ max_position_embeddings: undefined });
    await expectRefused("config.json", /max_position_embeddings/);
    const model = await loadOnnxModel(folder, { contextLength: 64 });
    expect(model.contextLength).toBe(64);
    await model.dispose();
  });

  test("weights that are not numbers", async () => {
    await copyOf("llama-random-fp16");
    const file = join(folder, "onnx/model.onnx_data");
    const { length } = await readFile(file);
    // 0xFFFF is a NaN in half precision.
    await writeFile(file, new Uint8Array(length).fill(0xff));
    const model = await loadOnnxModel(folder);
    const session = model.createSession();
    await expect(session.feed([1])).rejects.toMatchObject({
      code: "model",
      message: expect.stringMatching(/NaN/),
      place: join(folder, "onnx/model.onnx"),
    });
    expect(session.length).toBe(0);
    await model.dispose();
  });
});

describe("a folder need not be complete", () => {
  test("without generation_config.json, config.json names the end", async () => {
    await copyOf("llama-random");
    await rm(join(folder, "generation_config.json"));
    await editConfig({ eos_token_id: [257, 3] });
    const model = await loadOnnxModel(folder);
    expect(model.eosTokens).toEqual([257, 3]);
    await model.dispose();
  });

  test("the model beside config.json, by name, or the only one there is", async () => {
    await copyOf("llama-random");
    await cp(join(folder, "onnx/model.onnx"), join(folder, "model.onnx"));
    await rm(join(folder, "onnx"), { recursive: true });
    await (await loadOnnxModel(folder)).dispose();
    await cp(join(folder, "model.onnx"), join(folder, "model_fp16.onnx"));
    await (await loadOnnxModel(folder, { file: "model_fp16.onnx" })).dispose();
    await rm(join(folder, "model.onnx"));
    await (await loadOnnxModel(folder, { dtype: "fp16" })).dispose();
    await (await loadOnnxModel(folder)).dispose();
  });

  test("a configuration inside text_config", async () => {
    await copyOf("llama-random");
    const file = join(folder, "config.json");
    const text = JSON.parse(await readFile(file, "utf8"));
    await writeFile(file, JSON.stringify({ model_type: "outer", text_config: text }));
    const model = await loadOnnxModel(folder);
    expect([model.vocabularySize, model.contextLength]).toEqual([258, 128]);
    await model.dispose();
  });
});
