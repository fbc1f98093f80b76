import { writeFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import {
  confidenceThreshold,
  earlyCommit,
  fixedSchedule,
  loadDiffusionModel,
  type DiffusionSettings,
  type UnmaskingPolicy,
} from "../../packages/espalier/src/index.ts";
import { loadVocabulary } from "../../packages/grammar/src/index.ts";
import { llama3Vocabulary } from "../../test/support/vocabularies.ts";
import { measureCost, type Cost } from "./diffusion/measure-cost.ts";
import { fill, judge, type Filled, type TaskResult } from "./diffusion/run-task.ts";
import { readTasks, TASK_KINDS } from "./diffusion/tasks.ts";
import { formatNumber, formatPercent, formatTable } from "./support/format-table.ts";
import { svgPlot } from "./support/svg-plot.ts";
import { writeJson } from "./support/write-json.ts";

const { values } = parseArgs({
  options: {
    limit: { type: "string", default: "40" },
    canvas: { type: "string", default: "96" },
    "block-length": { type: "string" },
    proposals: { type: "string", default: "trellis" },
    confidence: { type: "string", default: "model" },
    threads: { type: "string" },
    part: { type: "string", default: "all" },
    examples: { type: "string" },
    thresholds: { type: "string" },
    "svg-dir": { type: "string" },
    json: { type: "string" },
  },
});
const { proposals, confidence } = values;
if (proposals !== "trellis" && proposals !== "viability") throw new Error("--proposals is trellis or viability.");
if (confidence !== "model" && confidence !== "posterior") throw new Error("--confidence is model or posterior.");
if (!["all", "tasks", "cost"].includes(values.part)) throw new Error("--part is all, tasks or cost.");
/** Thresholds to compare under schemas, in place of the policies and kinds of constraint. */
const thresholds = values.thresholds?.split(",").map(Number);
const settings: DiffusionSettings = {
  proposals,
  confidence,
  blockLength: values["block-length"] === undefined ? undefined : Number(values["block-length"]),
};

interface Row {
  readonly policy: string;
  readonly kind: string;
  readonly constrained: readonly TaskResult[];
  readonly free: readonly TaskResult[];
}

const small = await loadVocabulary(fileURLToPath(new URL("../../models/extract-diffusion", import.meta.url)));
const BUNDLED = "bundled, all tokens";
const HEAD = [
  "policy",
  "constraint",
  "tasks",
  "valid",
  "valid, free",
  "fields",
  "fields, free",
  "objects",
  "objects, free",
  "calls",
  "calls, free",
  "tokens a call",
  "model ms a call",
  "constraint ms a call",
  "constraint / model",
];

const rows = values.part === "cost" ? [] : await runTasks();
const costs = values.part === "tasks" ? [] : measureCosts();
const load = loadavg()[0];
if (load > availableParallelism()) {
  console.log(
    `\nThe machine is busy (load ${load.toFixed(1)} on ${availableParallelism()} cores): times are too long.`,
  );
}
if (values["svg-dir"] !== undefined && costs.length > 0) plotCosts(values["svg-dir"], costs);
writeJson(values.json, { settings: values, load, rows, costs });

async function runTasks(): Promise<Row[]> {
  const model = await loadDiffusionModel(undefined, {
    threads: values.threads === undefined ? undefined : Number(values.threads),
  });
  const tasks = readTasks(Number(values.limit), values.examples);
  const canvas = Number(values.canvas);
  const policies: readonly UnmaskingPolicy[] =
    thresholds === undefined
      ? [fixedSchedule(), confidenceThreshold(), earlyCommit()]
      : thresholds.map((threshold) => confidenceThreshold({ threshold }));
  const kinds = thresholds === undefined ? TASK_KINDS : (["JSON Schema"] as const);
  const found: Row[] = [];
  for (const policy of policies) {
    // The same prompt and canvas without a constraint, whatever the kind.
    const filledFreely = new Map<string, Filled>();
    for (const kind of kinds) {
      const constrained: TaskResult[] = [];
      const free: TaskResult[] = [];
      const ofKind = tasks.filter((task) => task.kind === kind);
      for (const task of ofKind) {
        const constraint = { ...settings, policy };
        constrained.push(judge(task, await fill(model, task, constraint, { isFree: false, canvas })));
        const freely = filledFreely.get(task.id) ?? (await fill(model, task, constraint, { isFree: true, canvas }));
        filledFreely.set(task.id, freely);
        free.push(judge(task, freely));
      }
      found.push({ policy: policy.name, kind, constrained, free });
      console.error(`${policy.name}, ${kind}: ${ofKind.length} tasks`);
    }
  }
  await model.dispose();
  const source = values.examples ?? "held-out tasks of the bundled models";
  console.log(`Examples: ${source}; canvases of ${canvas} tokens; temperature 0\n`);
  console.log(formatTable(HEAD, found.map(cells)));
  console.log(
    "\nvalid: accepted by ajv with formats against the example's schema (for regex by RegExp as well, for CFG with brackets closed); calls, tokens a call: means under the constraint",
  );
  return found;
}

function cells({ policy, kind, constrained, free }: Row): string[] {
  const calls = sum(constrained, ({ modelCalls }) => modelCalls);
  return [
    policy,
    kind,
    String(constrained.length),
    share(constrained, ({ isValid }) => isValid),
    share(free, ({ isValid }) => isValid),
    formatPercent(
      sum(constrained, ({ fieldsRight }) => fieldsRight),
      sum(constrained, ({ fieldCount }) => fieldCount),
    ),
    formatPercent(
      sum(free, ({ fieldsRight }) => fieldsRight),
      sum(free, ({ fieldCount }) => fieldCount),
    ),
    share(constrained, ({ isExact }) => isExact),
    share(free, ({ isExact }) => isExact),
    formatNumber(calls / constrained.length),
    formatNumber(sum(free, ({ modelCalls }) => modelCalls) / free.length),
    formatNumber(sum(constrained, ({ tokens }) => tokens) / calls),
    formatNumber(sum(constrained, ({ modelMs }) => modelMs) / calls),
    formatNumber(sum(constrained, ({ constraintMs }) => constraintMs) / calls),
    formatNumber(sum(constrained, ({ constraintMs }) => constraintMs) / sum(constrained, ({ modelMs }) => modelMs)),
  ];
}

function measureCosts(): Cost[] {
  const large = llama3Vocabulary();
  const cases = [
    ...[16, 32, 64, 128, 256].map((positions) => ({ positions, states: 200 })),
    ...[25, 50, 100, 400].map((states) => ({ positions: 64, states })),
  ];
  const found = [
    ...cases.map((each) => ({ ...each, title: BUNDLED, vocabulary: small, candidates: "all" as const })),
    { title: "Llama 3, top 64", vocabulary: large, positions: 64, states: 200, candidates: 64 },
    { title: "Llama 3, all tokens", vocabulary: large, positions: 64, states: 200, candidates: "all" as const },
  ].map((each) => measureCost(each));
  console.log("\nWhat the constraint takes of one step on an open canvas (milliseconds of processor time, medians)\n");
  console.log(
    formatTable(
      ["case", "vocabulary", "positions", "states", "edges", "first ms", "step ms", "with posterior ms"],
      found.map(costCells),
    ),
  );
  return found;
}

/** Growth by positions, and by states, with the bundled vocabulary. */
function plotCosts(folder: string, all: readonly Cost[]): void {
  const own = all.filter(({ title }) => title === BUNDLED);
  const plot = (by: "positions" | "states", points: readonly Cost[], held: string): void => {
    const series = (["stepMs", "posteriorStepMs"] as const).map((measure) => ({
      name: measure === "stepMs" ? "step" : "with posterior",
      points: points.map((cost): [number, number] => [cost[by], cost[measure]]).sort((a, b) => a[0] - b[0]),
    }));
    const title = `A step of diffusion decoding, ${held}`;
    const svg = svgPlot({ title, xLabel: by, yLabel: "milliseconds of processor time", series });
    writeFileSync(join(folder, `diffusion-${by}.svg`), svg);
  };
  plot(
    "positions",
    own.filter(({ states }) => states === 200),
    "200 states",
  );
  plot(
    "states",
    own.filter(({ positions }) => positions === 64),
    "64 positions",
  );
}

function costCells(cost: Cost): string[] {
  return [
    cost.title,
    ...[cost.vocabularySize, cost.positions, cost.states, cost.edges].map((value) => value.toLocaleString("en-US")),
    ...[cost.firstMs, cost.stepMs, cost.posteriorStepMs].map(formatNumber),
  ];
}

function sum(results: readonly TaskResult[], value: (result: TaskResult) => number): number {
  return results.reduce((total, result) => total + value(result), 0);
}

function share(results: readonly TaskResult[], value: (result: TaskResult) => boolean): string {
  return formatPercent(results.filter(value).length, results.length);
}
