import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ChatTemplate, generate, json, loadModel } from "espalier";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const bundled = "models/extract-ar";
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-model-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A copy of the bundled model, to be damaged. */
async function copy(name: string): Promise<string> {
  const target = join(folder, name);
  await cp(bundled, target, { recursive: true });
  return target;
}

describe("loadModel", () => {
  it("loads the bundled model without being told a folder", async () => {
    const model = await loadModel();
    expect(model.folder).toMatch(/models[\\/]extract-ar$/);
    expect(model.vocabulary.size).toBe(model.languageModel.vocabularySize);
    expect(model.chatTemplate!.render([{ role: "user", content: "Hi" }])).toBe("<|user|>Hi<|assistant|>");
    await model.dispose();
    await model.dispose();
    await expect(generate({ model, prompt: "x", output: json(true) })).rejects.toMatchObject({ code: "model" });
  });

  it("names the folder that is not there", async () => {
    await expect(loadModel(join(folder, "nowhere"))).rejects.toMatchObject({
      code: "model",
      place: join(folder, "nowhere"),
    });
  });

  it.each(["config.json", "tokenizer.json", "onnx/model.onnx"])("names %s when it is missing", async (name) => {
    const place = await copy(`without-${name.replace("/", "-")}`);
    await rm(join(place, name));
    await expect(loadModel(place)).rejects.toMatchObject({ code: "model", place: join(place, name) });
  });

  it("names a model file that is cut off, and says what to do", async () => {
    const place = await copy("cut-off");
    const file = join(place, "onnx/model.onnx");
    await truncate(file, 100_000);
    await expect(loadModel(place)).rejects.toMatchObject({
      code: "model",
      place: file,
      hint: expect.stringMatching(/again/),
    });
  });

  it("names a tokenizer and a template that are damaged", async () => {
    const place = await copy("damaged");
    await writeFile(join(place, "chat_template.jinja"), "{% for %}");
    await expect(loadModel(place)).rejects.toMatchObject({ code: "model", place: join(place, "chat_template.jinja") });
    await expect(loadModel(place, { chatTemplate: false })).resolves.toMatchObject({ chatTemplate: undefined });
    await truncate(join(place, "tokenizer.json"), 1_000);
    await expect(loadModel(place, { chatTemplate: false })).rejects.toMatchObject({
      code: "model",
      place: join(place, "tokenizer.json"),
    });
  });

  it("does nothing when the signal has fired", async () => {
    await expect(loadModel(undefined, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
  });

  it("reads the template from tokenizer_config.json, with its special tokens", async () => {
    const place = join(folder, "inline");
    await mkdir(place);
    await cp(bundled, place, { recursive: true, filter: (path) => !path.endsWith(".jinja") });
    const file = join(place, "tokenizer_config.json");
    const config = JSON.parse(await readFile(file, "utf8")) as object;
    const templates = [
      { name: "tool_use", template: "tools" },
      { name: "default", template: "{{ bos_token }}{{ messages[0].content }}" },
    ];
    await writeFile(file, JSON.stringify({ ...config, bos_token: { content: "<s>" }, chat_template: templates }));
    const model = await loadModel(place);
    expect(model.chatTemplate!.render([{ role: "user", content: "Hi" }])).toBe("<s>Hi");
    await model.dispose();
  });
});

describe("ChatTemplate", () => {
  it("says which template refused the messages", () => {
    const template = new ChatTemplate("{{ raise_exception('roles must alternate') }}", { place: "x.jinja" });
    expect(() => template.render([{ role: "user", content: "Hi" }])).toThrow(
      expect.objectContaining({
        code: "model",
        place: "x.jinja",
        message: expect.stringMatching(/roles must alternate/),
      }),
    );
  });
});
