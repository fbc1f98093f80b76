// What masks do to a model's distribution, and how sampling with learned masses undoes it.
//   tsx examples/src/alignment.ts [--draws 100] [--seed 1] [--svg file.svg]
import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { AsapSampler } from "@espalier/decoder";
import { loadModel, regex } from "espalier";
import { barChartSvg, barText } from "./support/alignment/bar-chart.ts";
import { outputDistributions, type OutputRow } from "./support/alignment/output-distributions.ts";
import { bold, cyan, dim, section } from "./support/terminal.ts";

const { values: flags } = parseArgs({
  options: {
    draws: { type: "string", default: "100" },
    seed: { type: "string", default: "1" },
    svg: { type: "string" },
  },
});
const drawCount = Number(flags.draws);

const text = "Write a random binary string of five digits.";
const pattern = /00000|1[01]{4}/;
const SHOWN = 6;

const model = await loadModel();
const { languageModel, vocabulary } = model;
const prompt = model.tokenizer.encode(model.chatTemplate!.render([{ role: "user", content: text }]));
const constraint = regex(pattern).compile(vocabulary)!;

const callsBefore = languageModel.stats.calls;
const sampler = new AsapSampler({
  model: languageModel,
  vocabulary,
  constraint,
  prompt,
  maxTokens: 5,
  sampling: { seed: Number(flags.seed) },
});
for (let draw = 0; draw < drawCount; draw++) await sampler.draw();
const { mass } = sampler;
const modelCalls = languageModel.stats.calls - callsBefore;

const masking = "plain masking";
const aligned = `ASAp, ${drawCount} draws`;
const rows = await outputDistributions({
  model: languageModel,
  prompt,
  matcher: constraint.matcher({ maxTokens: 5 }),
  eosTokens: vocabulary.eosTokens,
  bounds: { [masking]: () => 0, [aligned]: (tokens) => sampler.logUpperBound(tokens) },
});
sampler.dispose();
await model.dispose();

const ranked = rows.toSorted((a, b) => largest(b) - largest(a));
section("The prompt", text);
section("The constraint", String(pattern));
for (const name of [masking, aligned, "exact"]) {
  const lines = ranked.slice(0, SHOWN).map((row) => {
    const value = probability(row, name);
    return `${vocabulary.decode(row.tokens)}  ${(100 * value).toFixed(1).padStart(5)}%  ${cyan(barText(value, 40))}`;
  });
  section(name === "exact" ? "The model, given that the constraint holds" : name, lines.join("\n"));
}
section(
  "How far from it (KL divergence, nats)",
  [masking, aligned].map((name) => `${name.padEnd(16)} ${bold(divergence(rows, name).toFixed(4))}`).join("\n"),
);
section(
  "What was learned",
  [
    `The model writes a valid string with a probability of e^${mass.logMass.toFixed(1)}; the rest, the constraint removes.`,
    dim(`${drawCount} draws took ${modelCalls} model calls: what is known of a prefix is not asked again.`),
  ].join("\n"),
);
if (flags.svg !== undefined) {
  const series = [masking, aligned, "exact"];
  const shown = ranked.slice(0, SHOWN).map((row) => ({
    label: vocabulary.decode(row.tokens),
    values: series.map((name) => probability(row, name)),
  }));
  writeFileSync(flags.svg, barChartSvg({ title: `${text} ${String(pattern)}`, series, rows: shown }));
  console.log(`The same as a picture: ${flags.svg}`);
}

function probability(row: OutputRow, name: string): number {
  return name === "exact" ? row.exact : row.proposals[name];
}

function largest(row: OutputRow): number {
  return Math.max(row.exact, ...Object.values(row.proposals));
}

/** KL(proposal ‖ exact). */
function divergence(all: readonly OutputRow[], name: string): number {
  return all.reduce((sum, row) => {
    const value = probability(row, name);
    return value === 0 ? sum : sum + value * Math.log(value / row.exact);
  }, 0);
}
