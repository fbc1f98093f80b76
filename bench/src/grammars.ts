import { parseArgs } from "node:util";
import { grammarCases, type GrammarCase } from "./grammars/grammar-cases.ts";
import { printGrammarReports, type EngineGrammarReport } from "./grammars/print-grammar-reports.ts";
import { GrammarTimes } from "./grammars/grammar-times.ts";
import type { CaseResult } from "./masks/run-case.ts";
import { installPeers } from "./support/install-peers.ts";
import { WatchedProcess } from "./support/watched-process.ts";
import { writeJson } from "./support/write-json.ts";

const ENGINES = ["espalier", "llguidance", "xgrammar"];

const { values } = parseArgs({
  options: {
    engines: { type: "string", default: ENGINES.join(",") },
    grammars: { type: "string" },
    rounds: { type: "string", default: "2" },
    "warm-up": { type: "string", default: "5" },
    "time-limit-s": { type: "string", default: "30" },
    json: { type: "string" },
  },
});

const engines = values.engines.split(",");
for (const engine of engines) {
  if (!ENGINES.includes(engine)) throw new Error(`There is no engine "${engine}"; there are ${ENGINES.join(", ")}.`);
}
if (engines.some((engine) => engine !== "espalier")) installPeers();

const wanted = values.grammars?.split(",");
const cases = grammarCases().filter(({ name }) => wanted?.includes(name) ?? true);
if (cases.length === 0) throw new Error(`There is no grammar "${values.grammars}".`);
const rounds = Number(values.rounds);
const warmUp = Number(values["warm-up"]);
const timeLimitS = Number(values["time-limit-s"]);
const reports: EngineGrammarReport[] = [];
for (const engine of engines) reports.push(await measure(engine));
console.log(`Llama-3 vocabulary; ${rounds} rounds after ${warmUp} to warm up, each with newly compiled grammars\n`);
printGrammarReports(reports);
writeJson(values.json, { engines: reports });
if (reports.some(({ engine, all }) => engine === "espalier" && all.failures.length > 0)) process.exitCode = 1;

/** Runs one engine over all grammars, in a process of its own. */
async function measure(engine: string): Promise<EngineGrammarReport> {
  const worker = new WatchedProcess<GrammarCase, CaseResult>({
    script: new URL("grammars/grammar-worker.ts", import.meta.url),
    args: [engine],
    timeLimitMs: 1_000 * timeLimitS,
  });
  const all = new GrammarTimes();
  /** What crashed or took too long is not tried again. */
  const lost = new Set<string>();
  const times = new Map(cases.map(({ name }) => [name, new GrammarTimes()]));
  try {
    // Compilations share nothing, so that rounds before the first one that counts warm the machine and nothing else.
    for (let round = -warmUp; round < rounds; round++) {
      for (const one of cases) {
        if (lost.has(one.name)) continue;
        const outcome = await worker.ask(one);
        if (outcome.kind !== "reply") lost.add(one.name);
        for (const of of [times.get(one.name)!, all]) {
          if (outcome.kind !== "reply")
            of.fail(outcome.kind, outcome.kind === "crash" ? outcome.why : `took more than ${timeLimitS} s`);
          else if (round >= 0) of.add(outcome.reply);
        }
      }
    }
  } finally {
    worker.close();
  }
  return { engine, grammars: cases.map(({ name }) => times.get(name)!.report(name)), all: all.report("all") };
}
