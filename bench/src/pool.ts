import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { Worker } from "node:worker_threads";
import { fillMasks, type Matcher } from "../../packages/grammar/src/index.ts";
import { llama3Vocabulary } from "../../test/support/vocabularies.ts";
import { SCENARIOS } from "./decode/scenarios.ts";
import { decodeShared, Matchers, type PoolJob } from "./pool/pool-job.ts";
import { formatNumber, formatTable } from "./support/format-table.ts";
import { writeJson } from "./support/write-json.ts";

// Would threads fill the masks of a batch faster? Each thread of this experiment has its own constraints and mirrors the tokens that its
// matchers consume; masks come back in shared memory. Compared with calling fillMask in a loop, both warm, in microseconds a batch.

const { values } = parseArgs({
  options: {
    threads: { type: "string", default: String(availableParallelism()) },
    rounds: { type: "string", default: "3" },
    json: { type: "string" },
  },
});
const threads = Number(values.threads);
// A thread does not inherit the loader of TypeScript.
const START = `import("tsx/esm/api").then(async ({ register }) => {
  register();
  await import(${JSON.stringify(new URL("../run-built.mjs", import.meta.url).href)});
  return import(${JSON.stringify(new URL("pool/mask-thread.ts", import.meta.url).href)});
});`;
const vocabulary = llama3Vocabulary();
const scripts = SCENARIOS.map(({ text }) => vocabulary.tokenizer!.encode(text));
const steps = Math.max(...scripts.map(({ length }) => length));
const rounds = Number(values.rounds);

const results = [];
for (const matcherCount of [1, 8, 64, 256]) {
  const loopUs = median(runLoop(matcherCount));
  const threadsUs = median(await runThreads(matcherCount));
  results.push({ matcherCount, loopUs, threadsUs, gain: loopUs / threadsUs });
}
console.log(`Filling the masks of a batch, ${threads} threads; microseconds a batch, median\n`);
console.log(
  formatTable(
    ["matchers", "loop", "threads", "gain"],
    results.map(({ matcherCount, ...numbers }) => [String(matcherCount), ...Object.values(numbers).map(formatNumber)]),
  ),
);
writeJson(values.json, { threads, results });

/** The token of matcher `m` at `step`; matchers are apart by a few steps. -1 begins anew. */
function tokenAt(m: number, step: number): number {
  const script = scripts[m % scripts.length];
  return script[(step + 7 * m) % (script.length + 1)] ?? -1;
}

function runLoop(matcherCount: number): number[] {
  const own = new Matchers();
  const words = new Uint32Array(matcherCount * vocabulary.maskWords);
  const started = new Set<number>();
  const timesUs: number[] = [];
  for (let step = 0; step < rounds * steps; step++) {
    const begin = performance.now();
    const matchers: Matcher[] = [];
    for (let m = 0; m < matcherCount; m++) {
      const token = started.has(m) ? tokenAt(m, step) : -1;
      if (token < 0) {
        own.reset(m);
        if ((step + 7 * m) % (scripts[m % scripts.length].length + 1) === scripts[m % scripts.length].length)
          started.add(m);
      } else own.of(m).consume(token);
      matchers.push(own.of(m));
    }
    fillMasks(matchers, words);
    if (step >= steps) timesUs.push(1_000 * (performance.now() - begin));
  }
  return timesUs;
}

async function runThreads(matcherCount: number): Promise<number[]> {
  const { maskWords: rowWords } = vocabulary;
  const job: Omit<PoolJob, "index"> = {
    control: new SharedArrayBuffer(12),
    tokens: new SharedArrayBuffer(4 * matcherCount),
    words: new SharedArrayBuffer(4 * matcherCount * rowWords),
    count: threads,
    matcherCount,
    rowWords,
  };
  const { control, tokens } = decodeShared({ ...job, index: 0 });
  const workers = Array.from(
    { length: threads },
    (_, index) => new Worker(START, { eval: true, workerData: { ...job, index } }),
  );
  const [ROUND, DONE, READY] = [0, 1, 2];
  await Promise.all(workers.map((worker) => new Promise((resolve) => worker.once("online", resolve))));
  while (Atomics.load(control, READY) < threads) await new Promise((resolve) => setTimeout(resolve, 20));
  const started = new Set<number>();
  const timesUs: number[] = [];
  for (let step = 0; step < rounds * steps; step++) {
    const begin = performance.now();
    for (let m = 0; m < matcherCount; m++) {
      tokens[m] = started.has(m) ? tokenAt(m, step) : -1;
      if (
        tokens[m] < 0 &&
        (step + 7 * m) % (scripts[m % scripts.length].length + 1) === scripts[m % scripts.length].length
      )
        started.add(m);
    }
    Atomics.store(control, DONE, 0);
    Atomics.store(control, ROUND, step + 1);
    Atomics.notify(control, ROUND);
    for (let done = 0; done < threads; done = Atomics.load(control, DONE)) Atomics.wait(control, DONE, done, 1_000);
    if (step >= steps) timesUs.push(1_000 * (performance.now() - begin));
  }
  await Promise.all(workers.map((worker) => worker.terminate()));
  return timesUs;
}

function median(list: readonly number[]): number {
  return list.toSorted((a, b) => a - b)[list.length >> 1];
}
