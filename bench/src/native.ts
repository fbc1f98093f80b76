import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, existsSync, mkdtempSync, rmSync } from "node:fs";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { llama3Vocabulary } from "../../test/support/vocabularies.ts";
import { EngineReportBuilder } from "./masks/engine-report.ts";
import type { MaskReply } from "./masks/mask-worker.ts";
import { printReports } from "./masks/print-reports.ts";
import { DEV_DATA } from "./support/dev-data.ts";
import { schemaLines, type SchemaCase } from "./support/schema-cases.ts";
import { stopWithoutData } from "./support/stop-without-data.ts";
import { writeJson } from "./support/write-json.ts";

// Native llguidance, in Python, on the schemas of bench:masks: same procedure, same sample, same JSON. The first run makes a virtual
// environment in bench/native/.venv, which needs Python 3.9 and PyPI.

const { values } = parseArgs({
  options: {
    data: { type: "string", default: DEV_DATA },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    python: { type: "string", default: "python3" },
    json: { type: "string" },
  },
});
const data = resolve(values.data);
stopWithoutData(data, "--data FILE", "a MaskBench file (.jsonl or .jsonl.gz)");
const native = fileURLToPath(new URL("../native/", import.meta.url));
const python = join(native, ".venv/bin/python");
if (!existsSync(python)) {
  console.error("The first native bench: making bench/native/.venv and installing requirements.txt …");
  execFileSync(values.python, ["-m", "venv", join(native, ".venv")], { stdio: "inherit" });
  const install = ["-m", "pip", "install", "--quiet", "--requirement", join(native, "requirements.txt")];
  execFileSync(python, install, { stdio: "inherit" });
}

const folder = mkdtempSync(join(tmpdir(), "espalier-native-"));
try {
  const work = join(folder, "work.jsonl");
  await writeWork(work);
  const report = new EngineReportBuilder("llguidance-native", Infinity);
  const child = spawn(python, [join(native, "llguidance_masks.py"), work], { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  for await (const line of createInterface({ input: child.stdout })) {
    const { id, compileMs, ...reply } = JSON.parse(line) as MaskReply & { id: string; compileMs: number | null };
    report.add(id, { kind: "reply", reply: { ...reply, compileMs: compileMs ?? undefined } });
  }
  const [code] = (await ended) as [number | null];
  if (code !== 0) throw new Error(`The Python process ended with exit code ${code}.`);
  const reports = [report.report()];
  printReports(reports);
  writeJson(values.json, { engines: reports });
} finally {
  rmSync(folder, { recursive: true });
}

/** The vocabulary, and the schemas with their texts as tokens: Python has neither the tokenizer nor the sample. */
async function writeWork(path: string): Promise<void> {
  const vocabulary = llama3Vocabulary();
  const out = createWriteStream(path);
  const ids = Array.from({ length: vocabulary.size }, (_, token) => token);
  const specialTokens = ids.filter((token) => vocabulary.isSpecial(token));
  const tokens = ids.map((token) =>
    Buffer.from(vocabulary.isSpecial(token) ? `<|special_${token}|>` : vocabulary.bytes(token)).toString("base64"),
  );
  out.write(`${JSON.stringify({ tokens, specialTokens, eosToken: vocabulary.eosTokens[0] })}\n`);
  const sample = values.sample === undefined ? undefined : Number(values.sample);
  for await (const line of schemaLines(data, { sample, seed: Number(values.seed) })) {
    const { id, schema, tests } = JSON.parse(line) as SchemaCase;
    const texts = tests.map(({ valid, text }) => ({ valid, tokens: vocabulary.tokenizer!.encode(text) }));
    if (!out.write(`${JSON.stringify({ id, schema, texts })}\n`)) await once(out, "drain");
  }
  out.end();
  await once(out, "finish");
}
