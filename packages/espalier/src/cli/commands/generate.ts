import { Command } from "commander";
import type { GenerateResult } from "../../generate/generate-result.ts";
import { stream } from "../../generate/stream.ts";
import { loadModel } from "../../model/load-model.ts";
import { type ConstraintFlags, outputOf, withConstraintFlags } from "../support/constraint-options.ts";
import { numberFlag } from "../support/number-flag.ts";
import { Progress } from "../support/progress.ts";
import { readUserFile, userPath } from "../support/user-files.ts";

interface GenerateFlags extends ConstraintFlags {
  readonly prompt: string;
  readonly model?: string;
  readonly maxTokens?: number;
  readonly seed?: number;
  readonly temperature?: number;
  readonly promptHelper: boolean;
  readonly json?: true;
}

/** `espalier generate`. @internal */
export function generateCommand(): Command {
  return withConstraintFlags(new Command("generate"))
    .description("Let a model write a text that satisfies a schema, a grammar, a regular expression or a choice.")
    .requiredOption("--prompt <text>", "what to write about; - reads the standard input")
    .option("--model <folder>", "model in the layout of Hugging Face ONNX exports (default: the small bundled one)")
    .option("--max-tokens <number>", "most tokens of output (default: 512)", numberFlag)
    .option("--temperature <number>", "0 takes the likeliest token, 1 samples from the model (default: 0)", numberFlag)
    .option("--seed <number>", "for sampling: same seed, same output", numberFlag)
    .option("--no-prompt-helper", "do not tell the model what to write")
    .option("--json", "print value, text, usage and timings as JSON")
    .addHelpText(
      "after",
      `
Without --schema, --grammar, --regex and --choice, the text is free. The text goes to stdout, progress to stderr.

Examples:
  $ espalier generate --schema person.json --prompt "Ada Lovelace, 36, lives in London"
  $ espalier generate --regex "[A-Z]{2}-[0-9]{4}" --prompt "A code, please" --temperature 1 --seed 7
  $ espalier generate --grammar query.gbnf --prompt "All singers from France"
  $ espalier generate --schema person.json --prompt - --json < mail.txt`,
    )
    .action(run);
}

async function run(flags: GenerateFlags): Promise<void> {
  const progress = new Progress();
  try {
    const output = await outputOf(flags);
    const prompt = flags.prompt === "-" ? (await readUserFile("-")).toString("utf8") : flags.prompt;
    progress.say("Loading the model …");
    const model = await loadModel(flags.model === undefined ? undefined : userPath(flags.model));
    try {
      const { maxTokens, seed, temperature, promptHelper } = flags;
      const events = stream({ model, output, prompt, maxTokens, seed, temperature, promptHelper });
      let written = 0;
      for await (const event of events) {
        if (event.type === "text") progress.say(`Writing: ${(written += event.text.length)} characters …`, true);
        if (event.type === "finish") {
          progress.clear();
          print(event.result, flags);
        }
      }
    } finally {
      await model.dispose();
    }
  } finally {
    progress.clear();
  }
}

function print(result: GenerateResult<unknown>, flags: GenerateFlags): void {
  process.stdout.write(flags.json ? `${JSON.stringify(result, undefined, 2)}\n` : `${result.text}\n`);
  if (result.finishReason === "length") process.stderr.write("The text was cut off at --max-tokens.\n");
}
