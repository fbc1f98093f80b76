import { setImmediate, setTimeout } from "node:timers/promises";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Constraint } from "../../packages/grammar/src/index.ts";
import { JsonSchema } from "../../packages/schema/src/index.ts";
import { llama3Vocabulary } from "../../test/support/vocabularies.ts";
import { DEV_DATA } from "./support/dev-data.ts";
import { formatTable } from "./support/format-table.ts";
import { schemaLines, type SchemaCase } from "./support/schema-cases.ts";
import { stopWithoutData } from "./support/stop-without-data.ts";
import { writeJson } from "./support/write-json.ts";

// What a process holds when the caches of many schemas are warm: every schema is compiled, its valid texts are walked with masks, and its
// constraint is kept. After a garbage collection; megabytes above those of the process with the vocabulary alone.

/** Garbage collections before a measurement, and how long what they free has to be given back. */
const COLLECTIONS = 4;
const PAUSE_MS = 50;

const { values } = parseArgs({
  options: {
    data: { type: "string", default: DEV_DATA },
    sample: { type: "string", default: "1000" },
    seed: { type: "string", default: "1" },
    json: { type: "string" },
  },
});
const data = resolve(values.data);
stopWithoutData(data, "--data FILE", "a MaskBench file (.jsonl or .jsonl.gz)");
setFlagsFromString("--expose-gc");
const collectGarbage = runInNewContext("gc") as () => void;

const vocabulary = llama3Vocabulary();
void vocabulary.trie;
const words = new Uint32Array(vocabulary.maskWords);
const kept: Constraint[] = [];
let refused = 0;
const before = await measure();
const rows: { schemas: number; heap: number; buffers: number; resident: number }[] = [];
for await (const line of schemaLines(data, { sample: Number(values.sample), seed: Number(values.seed) })) {
  const { schema, tests } = JSON.parse(line) as SchemaCase;
  try {
    const constraint = new JsonSchema(schema).constraint(vocabulary);
    for (const { text } of tests.filter(({ valid }) => valid)) walk(constraint, text);
    kept.push(constraint);
  } catch {
    refused++;
  }
  const count = kept.length + refused;
  // What was dereferenced in a turn of the event loop is kept for as long as that.
  await setImmediate();
  if (count % 250 === 0) rows.push({ schemas: count, ...(await since()) });
}
console.log(`Megabytes beyond the vocabulary's own (${refused} schemas were refused)\n`);
console.log(
  formatTable(
    ["schemas", "heap", "buffers", "resident"],
    rows.map((row) => Object.values(row).map((value) => value.toFixed(0))),
  ),
);
writeJson(values.json, { refused, rows });

function walk(constraint: Constraint, text: string): void {
  const matcher = constraint.matcher();
  for (const token of vocabulary.tokenizer!.encode(text)) {
    matcher.fillMask(words);
    if (!matcher.consume(token)) return;
  }
}

/** What one collection frees may have held other things, weakly or in buffers that are freed beside it: a few are needed. */
async function measure(): Promise<{ heap: number; buffers: number; resident: number }> {
  for (let collection = 0; collection < COLLECTIONS; collection++) {
    collectGarbage();
    await setTimeout(PAUSE_MS);
  }
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, buffers: arrayBuffers / 2 ** 20, resident: rss / 2 ** 20 };
}

async function since(): Promise<{ heap: number; buffers: number; resident: number }> {
  const now = await measure();
  return {
    heap: now.heap - before.heap,
    buffers: now.buffers - before.buffers,
    resident: now.resident - before.resident,
  };
}
