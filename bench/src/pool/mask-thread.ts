import { workerData } from "node:worker_threads";
import { decodeShared, Matchers, type PoolJob } from "./pool-job.ts";

// One thread of the experiment: it has constraints and matchers of its own, is told the tokens, and writes masks where all can read them.
const { control, tokens, words, index, count, matcherCount, rowWords } = decodeShared(workerData as PoolJob);
const matchers = new Matchers();
const DONE = 1;
Atomics.add(control, DONE + 1, 1);
Atomics.notify(control, DONE + 1);
for (let round = 0; ; round++) {
  Atomics.wait(control, 0, round);
  if (Atomics.load(control, 0) < 0) break;
  for (let m = index; m < matcherCount; m += count) {
    const matcher = matchers.of(m);
    if (tokens[m] >= 0) matcher.consume(tokens[m]);
    else matchers.reset(m);
    matchers.of(m).fillMask(words.subarray(m * rowWords, (m + 1) * rowWords));
  }
  Atomics.add(control, DONE, 1);
  Atomics.notify(control, DONE);
}
