import { availableParallelism, loadavg } from "node:os";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { EngineReportBuilder, type EngineReport } from "./masks/engine-report.ts";
import { ENGINE_NAMES, type EngineName } from "./masks/mask-engine.ts";
import type { MaskReply, MaskRequest } from "./masks/mask-worker.ts";
import { printReports } from "./masks/print-reports.ts";
import { DEV_DATA } from "./support/dev-data.ts";
import { installPeers } from "./support/install-peers.ts";
import { schemaLines, type SchemaCase } from "./support/schema-cases.ts";
import { stopWithoutData } from "./support/stop-without-data.ts";
import { WatchedProcess } from "./support/watched-process.ts";
import { writeJson } from "./support/write-json.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: DEV_DATA },
    sample: { type: "string" },
    seed: { type: "string", default: "1" },
    engines: { type: "string", default: "espalier" },
    "time-limit-s": { type: "string", default: "20" },
    "property-order": { type: "string", default: "any" },
    "warm-up": { type: "string", default: "200" },
    json: { type: "string" },
  },
});

const data = resolve(values.data);
stopWithoutData(data, "--data FILE", "a MaskBench file (.jsonl or .jsonl.gz)");
const engines = values.engines.split(",") as EngineName[];
for (const engine of engines) {
  if (!ENGINE_NAMES.includes(engine))
    throw new Error(`There is no engine "${engine}"; there are ${ENGINE_NAMES.join(", ")}.`);
}
if (!["any", "schema"].includes(values["property-order"])) throw new Error("--property-order is any or schema.");
if (engines.some((engine) => engine !== "espalier")) installPeers();

const sample = values.sample === undefined ? undefined : Number(values.sample);
const seed = Number(values.seed);
/** Schemas outside the sample that each engine does first, not measured; none when all schemas are measured. */
const warmUp = sample === undefined ? 0 : Number(values["warm-up"]);
const timeLimitS = Number(values["time-limit-s"]);
const reports: EngineReport[] = [];
for (const engine of engines) reports.push(await measure(engine));

console.log(
  `Llama-3 vocabulary; ${sample === undefined ? "all" : `a sample (seed ${seed}) of ${sample}`} schemas of ${data}, after ${warmUp} others to warm up\n`,
);
printReports(reports);
const load = loadavg()[0];
if (load > availableParallelism()) {
  console.log(
    `\nThe machine is busy (load ${load.toFixed(1)} on ${availableParallelism()} cores): the upper quantiles are the scheduler's.`,
  );
}
writeJson(values.json, { engines: reports });

/** Runs one engine over all schemas, in a process of its own. */
async function measure(engine: EngineName): Promise<EngineReport> {
  const worker = new WatchedProcess<MaskRequest, MaskReply>({
    script: new URL("masks/mask-worker.ts", import.meta.url),
    args: [engine, values["property-order"]],
    timeLimitMs: 1_000 * timeLimitS,
  });
  const report = new EngineReportBuilder(engine, timeLimitS);
  let count = 0;
  try {
    if (warmUp > 0) {
      for await (const line of schemaLines(data, { sample, seed, others: warmUp })) await worker.ask({ line });
    }
    for await (const line of schemaLines(data, { sample, seed })) {
      const { id } = JSON.parse(line) as SchemaCase;
      report.add(id, await worker.ask({ line }));
      if (++count % 500 === 0) console.error(`${engine}: ${count} schemas …`);
    }
  } finally {
    worker.close();
  }
  return report.report();
}
