import { setImmediate } from "node:timers/promises";
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
const before = measure();
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
  if (count % 250 === 0) rows.push({ schemas: count, ...since() });
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

function measure(): { heap: number; buffers: number; resident: number } {
  collectGarbage();
  const { heapUsed, arrayBuffers, rss } = process.memoryUsage();
  return { heap: heapUsed / 2 ** 20, buffers: arrayBuffers / 2 ** 20, resident: rss / 2 ** 20 };
}

function since(): { heap: number; buffers: number; resident: number } {
  const now = measure();
  return {
    heap: now.heap - before.heap,
    buffers: now.buffers - before.buffers,
    resident: now.resident - before.resident,
  };
}
