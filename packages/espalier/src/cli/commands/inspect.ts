import { JsonSchema, sampleTexts, type ReportEntry } from "@espalier/schema";
import { InvalidInputError, UnsatisfiableError } from "@espalier/grammar";
import { Command } from "commander";
import { signature } from "../../prompt/signature.ts";
import { visible } from "../support/excerpt.ts";
import { type GrammarFlags, withGrammarFlags } from "../support/grammar-file.ts";
import { inspectGrammar } from "../support/inspect-grammar.ts";
import { numberFlag } from "../support/number-flag.ts";
import { section } from "../support/section.ts";
import { table } from "../support/table.ts";
import { readJsonFile } from "../support/user-files.ts";

interface InspectFlags extends GrammarFlags {
  readonly schema?: string;
  readonly svg?: string;
  readonly samples: number;
  readonly seed: number;
}

const STATUS: Readonly<Record<ReportEntry["status"], string>> = {
  enforced: "enforced",
  subset: "enforced (more is refused)",
  annotation: "annotation",
};

/** `espalier inspect`. @internal */
export function inspectCommand(): Command {
  const command = new Command("inspect")
    .description(
      "Show what of a schema is enforced, or what becomes of the rules of a grammar; the shortest text, and a few more.",
    )
    .option("--schema <file>", "the JSON Schema; - reads the standard input");
  return withGrammarFlags(command)
    .option("--svg <file>", "draw the rules of the grammar as railroad diagrams")
    .option("--samples <number>", "how many sample texts", numberFlag, 3)
    .option("--seed <number>", "for the samples: same seed, same samples", numberFlag, 1)
    .addHelpText(
      "after",
      "\nExamples:\n  $ espalier inspect --schema person.json\n  $ espalier inspect --grammar query.gbnf --svg query.svg",
    )
    .action(run);
}

async function run(flags: InspectFlags): Promise<void> {
  const { schema, grammar } = flags;
  if ((schema === undefined) === (grammar === undefined)) {
    throw new InvalidInputError({
      message: schema === undefined ? "There is nothing to inspect." : "Give only one of --schema and --grammar.",
      hint: "Give --schema or --grammar.",
    });
  }
  if (grammar !== undefined) await inspectGrammar({ ...flags, grammar });
  if (schema !== undefined) await inspectSchema({ ...flags, schema });
}

async function inspectSchema(flags: InspectFlags & { readonly schema: string }): Promise<void> {
  const schema = await readJsonFile(flags.schema);
  const startedAt = performance.now();
  const compiled = new JsonSchema(schema);
  const compileMs = performance.now() - startedAt;
  const { report, isSatisfiable, shortest, automaton } = compiled;

  section("Keywords", report.length === 0 ? "  none: any JSON value will do" : reportTable(report));
  section("Satisfiable", `  ${isSatisfiable ? "yes" : "no"}`);
  if (!isSatisfiable) {
    throw new UnsatisfiableError({
      message: `No JSON value satisfies ${flags.schema}.`,
      hint: "Look for contradictions: bounds that cross, an empty enum, required properties that cannot be met, recursion without a base case.",
    });
  }
  section("Shortest text", `  ${shortest ?? "unknown"}`);
  const samples = sampleTexts(compiled, { count: flags.samples, seed: flags.seed }).map((text) => `  ${visible(text)}`);
  if (samples.length > 0) section("Sample texts", samples.join("\n"));
  section("What the model is told", `  ${signature(schema)}`);
  const sizes = [
    ["  keywords enforced", String(report.filter(({ status }) => status !== "annotation").length)],
    ["  compiled in", `${compileMs.toFixed(1)} ms, ${compiled.work} steps of work`],
    ["  shortest text, bytes", String(Buffer.byteLength(shortest ?? ""))],
    ["  automaton states so far", String(automaton.stateCount)],
    ["  memory of the states", `${Math.ceil(automaton.bytesHeld / 1024)} KiB`],
  ];
  section("Sizes", table(sizes));
}

function reportTable(report: readonly ReportEntry[]): string {
  return table(report.map(({ pointer, status, note }) => [`  ${pointer}`, STATUS[status], note ?? ""]));
}
