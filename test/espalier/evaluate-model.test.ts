import { appendFile, cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { signature } from "espalier";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./support/run-program.ts";

const PROGRAM = "examples/src/evaluate-model.ts";
const bundled = fileURLToPath(new URL("../../models/extract-ar", import.meta.url));

/** A copy of the bundled model, with examples of our own. */
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-evaluate-"));
  await cp(bundled, folder, { recursive: true });
  const flag = { type: "object", properties: { on: { const: true } }, required: ["on"], additionalProperties: false };
  const examples = [
    // Only one object satisfies each schema, so that constrained outputs are known whatever the weights.
    { id: "a", domain: "flag", schema: flag, text: "It is on.", answer: { on: true } },
    // One field of two, and one that is not in the reference.
    { id: "b", domain: "flag", schema: flag, text: "Is it on?", answer: { on: false, off: [] } },
    { id: "c", domain: "never", schema: flag, text: "On.", answer: { on: true } },
  ];
  await writeFile(join(folder, "heldout.jsonl"), examples.map((example) => `${JSON.stringify(example)}\n`).join(""));
});
afterAll(() => rm(folder, { recursive: true }));

describe("evaluate-model", () => {
  it("scores the first examples, prints a table and writes JSON", async () => {
    const file = join(folder, "out", "report.json");
    const { status, stdout, stderr } = await runProgram(PROGRAM, ["--model", folder, "--limit", "2", "--json", file]);
    expect([status, stderr]).toEqual([0, "2/2 examples\n"]);
    const row = (title: string): string[] =>
      stdout
        .split("\n")
        .find((line) => line.startsWith(`| ${title} `))!
        .split("|")
        .map((cell) => cell.trim())
        .slice(1, -1);
    expect(row("constrained")).toEqual(["constrained", "50.0% (1 of 2)", "33.3% (1 of 3)", "0.0% (0 of 2)"]);
    expect(row("total")[1]).toBe("2");
    expect(stdout).not.toContain("never");

    const report = JSON.parse(await readFile(file, "utf8"));
    expect(report.weights).toMatch(/^[0-9a-f]{64}$/);
    expect(report.total).toMatchObject({ exampleCount: 2, fieldCount: 3 });
    expect(report.total.constrained).toMatchObject({ objectsExact: 1, fieldsRight: 1, invalid: 0 });
    expect(report.domains.flag).toEqual(report.total);
    const [first, second] = report.examples;
    expect(first.constrained).toMatchObject({ isExact: true, fieldsRight: 1, fieldCount: 1 });
    expect(second.constrained).toMatchObject({ isExact: false, fieldsRight: 0, fieldCount: 2 });
    expect(first.constrained).not.toHaveProperty("complaint");
    // The two are asked the same.
    expect(first.unconstrained.promptTokens).toBe(first.constrained.promptTokens);
  });

  it("rewrites the marked section of the model card, and nothing else", async () => {
    const card = join(folder, "README.md");
    await writeFile(card, "# Card\n\nBefore.\n");
    await runProgram(PROGRAM, ["--model", folder, "--update-card"]);
    const added = await readFile(card, "utf8");
    expect(added).toMatch(
      /^# Card\n\nBefore\.\n\n## Evaluation\n\n<!-- evaluation:start -->\n\nWritten by .*: 3 held-out examples.*\n\n<!-- evaluation:end -->\n$/s,
    );

    await writeFile(card, added.replace("3 held-out", "17 held-out"));
    await appendFile(card, "\nAfter.\n");
    const { status } = await runProgram(PROGRAM, ["--model", folder, "--update-card"]);
    expect(status).toBe(0);
    const withoutTimes = (text: string): string => text.replace(/^Medians .*?(?=<!--)/ms, "");
    expect(withoutTimes(await readFile(card, "utf8"))).toBe(withoutTimes(`${added}\nAfter.\n`));
  });

  it.each([
    [["--limit", "0"], "--limit (0) must be an integer, at least 1.\n"],
    [["--limit", "2", "--update-card"], "--update-card reports all held-out examples: leave --limit away.\n"],
  ])("refuses %j", async (args, complaint) => {
    expect(await runProgram(PROGRAM, args)).toEqual({ status: 2, stdout: "", stderr: complaint });
  });

  it("has held-out examples that their schemas accept, with the signatures that the prompt helper writes", async () => {
    const ajv = new Ajv2020({ strict: false });
    addFormats.default(ajv);
    const lines = (await readFile(join(bundled, "heldout.jsonl"), "utf8")).trim().split("\n");
    expect(lines.length).toBeGreaterThanOrEqual(100);
    for (const line of lines) {
      const example = JSON.parse(line);
      expect(ajv.validate(example.schema, example.answer), `${line}\n${ajv.errorsText()}`).toBe(true);
      expect(signature(example.schema)).toBe(example.signature);
    }
  });
});
