// From a sentence to a typed object: what a small model says when it is free, and what it says on the trellis.
//   pnpm demo [--prompt "…"] [--schema file.json] [--model folder]
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import {
  EspalierError,
  generate,
  json,
  loadModel,
  type LoadedDiffusionModel,
  type LoadedModel,
  signature,
  text,
} from "espalier";
import { ajvErrors } from "./support/ajv-errors.ts";
import { bold, cyan, dim, green, red, section } from "./support/terminal.ts";

const PROMPT = "Ada Lovelace, 36, lives in London. Reach her at ada@analytical.org or 020-7946-0018.";

const SCHEMA = {
  type: "object",
  properties: {
    name: { type: "string", minLength: 1 },
    age: { type: "integer", minimum: 0, maximum: 150 },
    city: { type: "string" },
    email: { type: "string", format: "email" },
    phone: { type: "string", pattern: "^[0-9]{3}-[0-9]{4}-[0-9]{4}$" },
  },
  required: ["name", "age", "city", "email", "phone"],
  additionalProperties: false,
} as const;

const SEEDS = [1, 2, 3, 4];

const { values: flags } = parseArgs({
  options: { prompt: { type: "string" }, schema: { type: "string" }, model: { type: "string" } },
});
// `pnpm demo` runs in the root of the workspace, wherever the user stands.
const from = process.env["npm_lifecycle_event"] === "demo" ? process.env["INIT_CWD"]! : process.cwd();

try {
  const model = await loadModel(flags.model === undefined ? undefined : resolve(from, flags.model));
  await demo(model, flags.prompt ?? PROMPT, flags.schema === undefined ? SCHEMA : readSchema(flags.schema));
  await model.dispose();
} catch (error) {
  if (!EspalierError.isInstance(error)) throw error;
  console.error(red(error.message), error.hint === undefined ? "" : dim(error.hint));
  process.exitCode = 1;
}

async function demo(model: LoadedModel | LoadedDiffusionModel, prompt: string, schema: object): Promise<void> {
  section("The prompt", prompt);
  section("The schema", readable(schema));

  // Both are told the same; only one is held to it.
  const messages = [
    { role: "system", content: `Answer as JSON: ${signature(schema)}` },
    { role: "user", content: prompt },
  ];
  const free = { model, messages, output: text(), maxTokens: 150 };
  const trained = { model, prompt, output: json(schema), maxTokens: 150 };

  const said = await generate(free);
  section("The model, unconstrained", `${said.text}\n${verdict(ajvErrors(schema, said.text), "this time")}`);

  const { value, usage, timings } = await generate(trained);
  const complaint = ajvErrors(schema, JSON.stringify(value));
  section(
    "The model, on the trellis",
    `${cyan(JSON.stringify(value, undefined, 2))}\n${verdict(complaint, "as it must")}`,
  );
  section("Its type", signature(schema));
  section(
    "What it took",
    `${bold(String(usage.outputTokens))} tokens after a prompt of ${usage.promptTokens}, in ${usage.modelCalls} model calls\n` +
      `${bold(timings.totalMs.toFixed(0))} ms: ${timings.modelMs.toFixed(0)} in the model, ` +
      `${timings.compileMs.toFixed(0)} compiling the schema, ${timings.maskMs.toFixed(0)} for token masks`,
  );

  const freely: (string | undefined)[] = [];
  const held: (string | undefined)[] = [];
  for (const seed of SEEDS) {
    freely.push(ajvErrors(schema, (await generate({ ...free, temperature: 1, seed })).text));
    held.push(ajvErrors(schema, (await generate({ ...trained, temperature: 1, seed })).text));
  }
  section(
    `The same, sampled at temperature 1 (seeds ${SEEDS.join(", ")})`,
    `unconstrained   ${tally(freely)}\non the trellis  ${tally(held)}`,
  );
}

function verdict(complaint: string | undefined, howSure: string): string {
  return complaint === undefined ? green(`✓ ajv accepts it, ${howSure}`) : red(`✗ ajv refuses it: ${complaint}`);
}

function tally(complaints: readonly (string | undefined)[]): string {
  const refused = complaints.filter((complaint) => complaint !== undefined);
  const marks = complaints.map((complaint) => (complaint === undefined ? green("✓") : red("✗"))).join(" ");
  return `${marks}  ${refused.length} of ${complaints.length} refused${refused.length === 0 ? "" : dim(`; ${refused[0]}`)}`;
}

function readSchema(file: string): object {
  try {
    return JSON.parse(readFileSync(resolve(from, file), "utf8")) as object;
  } catch (error) {
    console.error(red(`${file} cannot be read as JSON: ${(error as Error).message}`));
    process.exit(1);
  }
}

/** One line for each property. */
function readable(schema: object): string {
  const { properties = {}, ...rest } = schema as { properties?: Record<string, unknown> };
  const lines = Object.entries(properties).map(([name, value]) => `${name.padEnd(8)} ${dim(JSON.stringify(value))}`);
  return [...lines, dim(JSON.stringify(rest))].join("\n");
}
