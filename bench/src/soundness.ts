import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { JudgeReply, JudgeRequest } from "./soundness/judge-worker.ts";
import { SoundnessReportBuilder } from "./soundness/soundness-report.ts";
import type { WalkReply, WalkRequest } from "./soundness/walk-worker.ts";
import { DEV_DATA } from "./support/dev-data.ts";
import { formatTable } from "./support/format-table.ts";
import { installPeers } from "./support/install-peers.ts";
import { schemaLines, shardOf, type SchemaCase } from "./support/schema-cases.ts";
import { stopWithoutData } from "./support/stop-without-data.ts";
import { WatchedProcess } from "./support/watched-process.ts";
import { writeJson } from "./support/write-json.ts";

const { values } = parseArgs({
  options: {
    data: { type: "string", default: DEV_DATA },
    sample: { type: "string" },
    shard: { type: "string" },
    walks: { type: "string", default: "4" },
    seed: { type: "string", default: "1" },
    "time-limit-s": { type: "string", default: "20" },
    json: { type: "string" },
    verbose: { type: "boolean", default: false },
  },
});

const data = resolve(values.data);
stopWithoutData(data, "--data FILE", "a MaskBench file (.jsonl or .jsonl.gz)");
// For ajv-draft-04: ajv itself no longer reads draft 4.
try {
  installPeers();
} catch (error) {
  console.error(
    `bench/'s dependencies cannot be installed; schemas of draft 4 are walked but not judged. (${String(error)})`,
  );
}

const sample = values.sample === undefined ? undefined : Number(values.sample);
const shard = shardOf(values.shard);
const walks = Number(values.walks);
const seed = Number(values.seed);
const timeLimitMs = 1_000 * Number(values["time-limit-s"]);
const walker = new WatchedProcess<WalkRequest, WalkReply>({
  script: new URL("soundness/walk-worker.ts", import.meta.url),
  timeLimitMs,
});
// A process of its own, so that a regular expression on which ajv hangs is not held against the masks.
const judge = new WatchedProcess<JudgeRequest, JudgeReply>({
  script: new URL("soundness/judge-worker.ts", import.meta.url),
  timeLimitMs,
});
const builder = new SoundnessReportBuilder(({ id, kind, why }) => {
  if (values.verbose) console.error(`${kind} ${id}: ${why}`);
});
let index = 0;
try {
  for await (const line of schemaLines(data, { sample, seed, shard })) {
    const { id } = JSON.parse(line) as SchemaCase;
    const texts = builder.addWalks(id, await walker.ask({ line, walks, seed: seed * 1_000_003 + index++ }));
    if (texts.length > 0) builder.addVerdicts(id, texts, await judge.ask({ line, texts }));
    if (index % 500 === 0) console.error(`${index} schemas …`);
  }
} finally {
  walker.close();
  judge.close();
}

const report = builder.report();
const { failures, ...counts } = report;
console.log(
  `Random walks of at most 400 tokens, ${walks} for each schema; ${sample === undefined ? "all" : `a sample (seed ${seed}) of ${sample}`} schemas of ${data}${shard === undefined ? "" : `, shard ${shard.shard} of ${shard.of}`}\n`,
);
console.log(
  formatTable(
    ["", "count"],
    Object.entries(counts).map(([name, count]) => [name, String(count)]),
  ),
);
for (const { id, kind, why } of failures.slice(0, 20)) console.log(`${kind} ${id}: ${why}`);
if (failures.length > 20) console.log(`… and ${failures.length - 20} more (--json OUT lists them)`);
writeJson(values.json, report);
