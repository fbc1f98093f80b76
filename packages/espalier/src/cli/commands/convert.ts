import { writeFile } from "node:fs/promises";
import { InvalidInputError, type Notation, parseGrammar, printEbnf, printGbnf, printLark } from "@espalier/grammar";
import { Command } from "commander";
import { type GrammarFlags, notationNamed, readGrammarFile, withReadingFlags } from "../support/grammar-file.ts";
import { userPath } from "../support/user-files.ts";

interface ConvertFlags extends GrammarFlags {
  readonly grammar: string;
  readonly to: string;
  readonly scannerless?: true;
  readonly out?: string;
}

const PRINTERS: Readonly<Record<Notation, typeof printGbnf>> = { gbnf: printGbnf, lark: printLark, ebnf: printEbnf };

/** `espalier convert`. @internal */
export function convertCommand(): Command {
  const command = new Command("convert")
    .description("Write a grammar in another notation: for llama.cpp, vLLM, SGLang and others.")
    .requiredOption("--grammar <file>", "the grammar; - reads the standard input");
  return withReadingFlags(command)
    .requiredOption("--to <name>", "the notation to write: gbnf, lark or ebnf")
    .option("--scannerless", "write a lexed grammar (Lark) where there is no lexing: a few more texts may follow it")
    .option("--out <file>", "where to write it (default: stdout)")
    .addHelpText(
      "after",
      `
What a notation cannot say is refused, by the name of the rule.

Example:
  $ espalier convert --grammar query.lark --to gbnf --scannerless --out query.gbnf`,
    )
    .action(run);
}

async function run(flags: ConvertFlags): Promise<void> {
  const to = notationNamed(flags.to);
  if (to === undefined) {
    throw new InvalidInputError({
      message: `The notation ${JSON.stringify(flags.to)} is not known.`,
      place: "--to",
      hint: "Give --to gbnf, --to lark or --to ebnf.",
    });
  }
  const { text, ...options } = await readGrammarFile(flags.grammar, flags);
  const printed = PRINTERS[to](parseGrammar(text, options), { lexing: flags.scannerless ? "scannerless" : "refuse" });
  if (flags.out === undefined) process.stdout.write(printed);
  else await writeFile(userPath(flags.out), printed);
}
