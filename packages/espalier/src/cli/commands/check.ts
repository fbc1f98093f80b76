import { Command } from "commander";
import { checkText } from "../support/check-text.ts";
import { automatonOf, type ConstraintFlags, withConstraintFlags } from "../support/constraint-options.ts";
import { describeNext } from "../support/describe-next.ts";
import { EXIT_DONE, EXIT_REFUSED } from "../support/exit-status.ts";
import { excerptAfter, excerptBefore } from "../support/excerpt.ts";
import { textPlace } from "../support/text-place.ts";
import { readUserFile } from "../support/user-files.ts";

interface CheckFlags extends ConstraintFlags {
  readonly textFile: string;
  readonly exact?: true;
}

/** `espalier check`. @internal */
export function checkCommand(): Command {
  return withConstraintFlags(new Command("check"))
    .description("Tell whether a text is one that a constraint lets a model write, and if not, where it goes wrong.")
    .requiredOption("--text-file <file>", "the text; - reads the standard input")
    .option("--exact", "take a line end at the very end of the file for part of the text")
    .addHelpText(
      "after",
      `
Exit status 0: accepted. 1: refused; the place, what stood before it and what could have come next are printed.
Texts are judged as a model would write them: properties in the schema's order, little white space between them.

Example:
  $ espalier check --schema person.json --text-file answer.json`,
    )
    .action(run);
}

async function run(flags: CheckFlags): Promise<void> {
  const automaton = await automatonOf(flags);
  const file = await readUserFile(flags.textFile);
  const bytes = flags.exact ? file : withoutLastLineEnd(file);
  const verdict = checkText(automaton, bytes);
  process.exitCode = verdict.isAccepted ? EXIT_DONE : EXIT_REFUSED;
  if (verdict.isAccepted) {
    process.stdout.write(`accepted: ${bytes.length} bytes\n`);
    return;
  }
  const { offset, state } = verdict;
  const before = bytes.toString("utf8", 0, offset);
  const { line, column } = textPlace(before);
  const next = describeNext(automaton, state);
  const isEnd = offset === bytes.length;
  const lines = [
    isEnd
      ? `refused: the text ends too early, at byte offset ${offset} (line ${line}, column ${column})`
      : `refused at byte offset ${offset} (line ${line}, column ${column})`,
    `  before:          ${excerptBefore(before)}`,
    `  found:           ${isEnd ? "the end of the text" : excerptAfter(bytes.toString("utf8", offset))}`,
    `  could come next: ${next.options.join("   ")}`,
  ];
  if (next.example !== undefined) lines.push(`  for example:     ${next.example}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

function withoutLastLineEnd(bytes: Buffer): Buffer {
  let end = bytes.length;
  if (bytes[end - 1] === 0x0a) end--;
  if (end < bytes.length && bytes[end - 1] === 0x0d) end--;
  return bytes.subarray(0, end);
}
