// How good a model is on its held-out examples, free and on the trellis: right objects, right fields, invalid outputs.
//   pnpm evaluate:model [--model folder] [--examples folder] [--threads n] [--limit n] [--json file] [--update-card]
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { EspalierError, loadModel } from "espalier";
import { evaluateExample, type ExampleReport } from "./support/evaluation/evaluate-example.ts";
import { readHeldOut } from "./support/evaluation/held-out.ts";
import { showProgress } from "./support/evaluation/progress.ts";
import { reportText } from "./support/evaluation/report-text.ts";
import { summarise, summariseDomains } from "./support/evaluation/summary.ts";
import { updateCard } from "./support/evaluation/update-card.ts";
import { weightsDigest } from "./support/evaluation/weights-digest.ts";

interface Flags {
  readonly model: string | undefined;
  /** The folder whose held-out examples are taken; the model's own unless given. */
  readonly examples: string | undefined;
  /** Threads of an operator; 1 is the fastest on a machine that others use as well. */
  readonly threads: number | undefined;
  readonly limit: number | undefined;
  readonly json: string | undefined;
  readonly updateCard: boolean;
}

// `pnpm evaluate:model` runs in the root of the workspace, wherever the user stands.
const from = process.env["npm_lifecycle_event"] === "evaluate:model" ? process.env["INIT_CWD"]! : process.cwd();

try {
  const flags = readFlags();
  if (flags !== undefined) await evaluate(flags);
} catch (error) {
  if (!EspalierError.isInstance(error)) throw error;
  console.error(error.message, error.hint ?? "");
  process.exitCode = 1;
}

async function evaluate(flags: Flags): Promise<void> {
  const model = await loadModel(flags.model === undefined ? undefined : resolve(from, flags.model), {
    threads: flags.threads,
  });
  const examples = readHeldOut(
    flags.examples === undefined ? model.folder : resolve(from, flags.examples),
    flags.limit ?? Infinity,
  );
  // Which weights the figures are of: read before the long part, should somebody export new ones meanwhile.
  const weights = weightsDigest(model.folder);

  const reports: ExampleReport[] = [];
  for (const example of examples) {
    reports.push(await evaluateExample(model, example));
    showProgress(reports.length, examples.length);
  }
  await model.dispose();

  const total = summarise(reports);
  const domains = summariseDomains(reports);
  const text = reportText(total, domains);
  console.log(text);
  if (flags.json !== undefined) {
    const file = resolve(from, flags.json);
    const report = { model: model.folder, weights, total, domains: Object.fromEntries(domains), examples: reports };
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, `${JSON.stringify(report, undefined, 2)}\n`);
  }
  if (flags.updateCard) {
    const card = join(model.folder, "README.md");
    updateCard(card, `${originText(examples.length, weights)}\n\n${text}`);
    console.error(`The evaluation in ${card} has been rewritten.`);
  }
}

/** What the figures in a model card are of. */
function originText(exampleCount: number, weights: string | undefined): string {
  const sentences = [
    `Written by \`pnpm evaluate:model --update-card\`: ${exampleCount} held-out examples (\`heldout.jsonl\`), each answered greedily (temperature 0) from the same prompt, once freely and once constrained by its schema.`,
    ...(weights === undefined ? [] : [`Weights: \`onnx/model.onnx\` with SHA-256 \`${weights}\`.`]),
  ];
  return sentences.join(" ");
}

/** The command line; when it is wrong, says so, sets exit status 2 and gives `undefined`. */
function readFlags(): Flags | undefined {
  try {
    const { values } = parseArgs({
      options: {
        model: { type: "string" },
        examples: { type: "string" },
        threads: { type: "string" },
        limit: { type: "string" },
        json: { type: "string" },
        "update-card": { type: "boolean", default: false },
      },
    });
    const limit = values.limit === undefined ? undefined : Number(values.limit);
    if (limit !== undefined && !(Number.isInteger(limit) && limit > 0)) {
      throw new Error(`--limit (${values.limit}) must be an integer, at least 1.`);
    }
    if (limit !== undefined && values["update-card"]) {
      throw new Error("--update-card reports all held-out examples: leave --limit away.");
    }
    const threads = values.threads === undefined ? undefined : Number(values.threads);
    return {
      model: values.model,
      examples: values.examples,
      threads,
      limit,
      json: values.json,
      updateCard: values["update-card"],
    };
  } catch (error) {
    console.error((error as Error).message);
    process.exitCode = 2;
    return undefined;
  }
}
