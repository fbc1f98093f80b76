import { parseArgs } from "node:util";
import {
  AsapSampler,
  MaskedSampler,
  RejectionSampler,
  SmcSampler,
  type AlignedSampler,
  type AlignedSamplerOptions,
} from "../../packages/decoder/src/index.ts";
import { loadModel, type LoadedModel } from "../../packages/espalier/src/index.ts";
import { chiSquare } from "./alignment/chi-square.ts";
import { ExactTarget } from "./alignment/exact-target.ts";
import { measureSampler, type Checkpoint } from "./alignment/measure-sampler.ts";
import { alignmentTasks, type AlignmentTask } from "./alignment/tasks.ts";
import { formatTable } from "./support/format-table.ts";
import { writeJson } from "./support/write-json.ts";

const { values } = parseArgs({
  options: {
    draws: { type: "string", default: "200" },
    seeds: { type: "string", default: "5" },
    "chi-square-draws": { type: "string", default: "5000" },
    populations: { type: "string", default: "20" },
    json: { type: "string" },
  },
});
const lastDraw = Number(values.draws);
const seeds = Array.from({ length: Number(values.seeds) }, (_, index) => index + 1);
const checkpoints = [...new Set([1, 10, 25, 50, 100, lastDraw])]
  .filter((draws) => draws <= lastDraw)
  .toSorted((a, b) => a - b);

/** What the targets ask. */
const MOST_OF_MASKING = 0.1;
const LEAST_PROBABILITY = 0.001;
const MOST_STANDARD_ERRORS = 4;

interface Kind {
  readonly name: string;
  readonly isWeighted: boolean;
  readonly isLearning: boolean;
  readonly make: (options: AlignedSamplerOptions) => AlignedSampler;
}

const KINDS: readonly Kind[] = [
  { name: "masking", isWeighted: false, isLearning: false, make: (options) => new MaskedSampler(options) },
  { name: "ASAp", isWeighted: false, isLearning: true, make: (options) => new AsapSampler(options) },
  { name: "rejection", isWeighted: false, isLearning: true, make: (options) => new RejectionSampler(options) },
  { name: "SMC", isWeighted: true, isLearning: true, make: (options) => new SmcSampler({ ...options, particles: 16 }) },
];

const model = await loadModel();
const reports = [];
for (const task of alignmentTasks(model)) reports.push(await measureTask(model, task));
await model.dispose();
writeJson(values.json, { draws: lastDraw, seeds: seeds.length, tasks: reports });
const missed = reports.flatMap(({ task, verdicts }) =>
  verdicts.filter(({ isMet }) => !isMet).map(({ what }) => `${task}: ${what}`),
);
for (const line of missed) console.error(`missed: ${line}`);
if (missed.length > 0) process.exitCode = 1;

async function measureTask({ languageModel, vocabulary }: LoadedModel, task: AlignmentTask) {
  const { name, about, constraint, prompt, maxTokens } = task;
  const eosTokens = [...new Set([...languageModel.eosTokens, ...vocabulary.eosTokens])];
  const target = await ExactTarget.enumerate(task, languageModel, eosTokens);
  const options = { model: languageModel, vocabulary, constraint, prompt, maxTokens };
  console.log(
    `${name}: ${about}\n${target.outcomes.size} outputs of at most ${maxTokens} tokens, ${target.prefixes} prefixes; ` +
      `the model gives them e^${target.logMass.toFixed(2)}\n`,
  );

  const samplers = [];
  for (const kind of KINDS) {
    const bySeed: Checkpoint[][] = [];
    for (const seed of seeds) {
      const sampler = kind.make({ ...options, sampling: { seed } });
      bySeed.push(await measureSampler({ ...kind, sampler, model: languageModel, target, checkpoints }));
      sampler.dispose();
    }
    samplers.push({
      sampler: kind.name,
      checkpoints: checkpoints.map((_, index) => mean(bySeed.map((run) => run[index]))),
      bySeed,
    });
  }
  const masking = samplers[0].checkpoints[0];
  console.log(
    formatTable(
      ["", "draws", "model calls", "KL(proposal‖target)", "KL(target‖proposal)", "% of masking", "KL of draws"],
      samplers.flatMap(({ sampler, checkpoints: rows }) =>
        rows.map((row) => [
          sampler,
          String(row.draws),
          row.modelCalls.toFixed(0),
          row.klFromProposal.toPrecision(3),
          row.klFromTarget.toPrecision(3),
          ((100 * row.klFromProposal) / masking.klFromProposal).toFixed(1),
          row.klOfDraws.toPrecision(3),
        ]),
      ),
    ),
  );

  const exact = new RejectionSampler({ ...options, sampling: { seed: 1 } });
  const keys: string[] = [];
  for (let draw = 0; draw < Number(values["chi-square-draws"]); draw++) keys.push((await exact.draw()).tokens.join());
  const test = chiSquare(keys, target.outcomes);
  const normalisers = await freshNormalisers(options, target.logMass);

  const asap = samplers[1].checkpoints.at(-1)!;
  const verdicts = [
    {
      what: `ASAp's KL(proposal‖target) after ${lastDraw} draws is ${percent(asap.klFromProposal / masking.klFromProposal)} of masking's`,
      isMet: asap.klFromProposal <= MOST_OF_MASKING * masking.klFromProposal,
    },
    {
      what: `ASAp's KL(target‖proposal) after ${lastDraw} draws is ${percent(asap.klFromTarget / masking.klFromTarget)} of masking's`,
      isMet: asap.klFromTarget <= MOST_OF_MASKING * masking.klFromTarget,
    },
    {
      what: `${keys.length} exact draws: chi-square ${test.statistic.toFixed(2)} with ${test.degreesOfFreedom} degrees of freedom, p = ${test.probability.toFixed(4)}`,
      isMet: test.probability >= LEAST_PROBABILITY,
    },
    {
      what: `SMC's normaliser, ${normalisers.populations} fresh populations: ${normalisers.ratio.toFixed(3)} ± ${normalisers.standardError.toFixed(3)} of the exact mass`,
      isMet: Math.abs(normalisers.ratio - 1) <= MOST_STANDARD_ERRORS * normalisers.standardError + 1e-6,
    },
  ];
  console.log(`\n${verdicts.map(({ what, isMet }) => `${isMet ? "✓" : "✗"} ${what}`).join("\n")}\n`);
  return {
    task: name,
    outputs: target.outcomes.size,
    logMass: target.logMass,
    samplers,
    chiSquare: test,
    normalisers,
    verdicts,
  };
}

/** Populations that know of no other, each from a sampler of its own: independent, unbiased estimates. */
async function freshNormalisers(options: AlignedSamplerOptions, logMass: number) {
  const ratios: number[] = [];
  for (let seed = 1; seed <= Number(values.populations); seed++) {
    const sampler = new SmcSampler({ ...options, particles: 64, sampling: { seed } });
    const { logNormaliser } = await sampler.run();
    ratios.push(Math.exp(logNormaliser - logMass));
    sampler.dispose();
  }
  const ratio = ratios.reduce((sum, each) => sum + each, 0) / ratios.length;
  const squares = ratios.reduce((sum, each) => sum + (each - ratio) ** 2, 0);
  const standardError = Math.sqrt(squares / (ratios.length * (ratios.length - 1)));
  return { populations: ratios.length, ratio, standardError };
}

function mean(rows: readonly Checkpoint[]): Checkpoint {
  const over = (pick: (row: Checkpoint) => number): number =>
    rows.reduce((sum, row) => sum + pick(row), 0) / rows.length;
  return {
    draws: rows[0].draws,
    modelCalls: over((row) => row.modelCalls),
    klFromProposal: over((row) => row.klFromProposal),
    klFromTarget: over((row) => row.klFromTarget),
    klOfDraws: over((row) => row.klOfDraws),
  };
}

function percent(part: number): string {
  return `${(100 * part).toFixed(2)}%`;
}
