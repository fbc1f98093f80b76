import { createRequire } from "node:module";
import { Command } from "commander";
import { checkCommand } from "./commands/check.ts";
import { convertCommand } from "./commands/convert.ts";
import { generateCommand } from "./commands/generate.ts";
import { inspectCommand } from "./commands/inspect.ts";

const { version } = createRequire(import.meta.url)("../../package.json") as { readonly version: string };

/** The command line of espalier. Errors are thrown, not exited with. @internal */
export function createProgram(): Command {
  return new Command("espalier")
    .version(version)
    .description(
      "Lets a language model write what a JSON Schema, a grammar, a regular expression or a list of choices allows, and nothing else.",
    )
    .addHelpText(
      "after",
      `
Examples:
  $ espalier generate --schema person.json --prompt "Ada Lovelace, 36, lives in London"
  $ espalier generate --choice yes --choice no --prompt "Is the sky blue?"
  $ espalier check --schema person.json --text-file answer.json
  $ espalier inspect --schema person.json
  $ espalier convert --grammar query.lark --to gbnf

Exit status:
  0  done, or the text is accepted
  1  the text is refused, or the output does not fit --max-tokens
  2  wrong usage, a file that cannot be read, or a constraint that does not compile

"espalier help generate" tells all about one command.`,
    )
    .exitOverride()
    .addCommand(generateCommand().exitOverride())
    .addCommand(checkCommand().exitOverride())
    .addCommand(inspectCommand().exitOverride())
    .addCommand(convertCommand().exitOverride());
}
