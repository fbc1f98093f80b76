import {
  type PushdownAutomaton,
  compileRegex,
  InvalidInputError,
  TermArena,
  UnsatisfiableError,
  WorkBudget,
} from "@espalier/grammar";
import { JsonSchema } from "@espalier/schema";
import type { Command } from "commander";
import { choice } from "../../output/choice.ts";
import { json } from "../../output/json.ts";
import { regex } from "../../output/regex.ts";
import { text } from "../../output/text.ts";
import type { Output } from "../../output/output.ts";
import { termAutomaton } from "../../output/term-constraint.ts";
import { grammarLanguage } from "../../output/grammar-source.ts";
import { grammar } from "../../output/grammar.ts";
import { type GrammarFlags, readGrammarFile, withGrammarFlags } from "./grammar-file.ts";
import { readJsonFile } from "./user-files.ts";

/** What a text must be, as the command line says it. */
export interface ConstraintFlags extends GrammarFlags {
  readonly schema?: string;
  readonly regex?: string;
  readonly choice?: readonly string[];
}

/** Adds `--schema`, `--grammar` with what says how to read it, `--regex` and `--choice`. @internal */
export function withConstraintFlags(command: Command): Command {
  return withGrammarFlags(command.option("--schema <file>", "JSON Schema that the text must satisfy"))
    .option("--regex <pattern>", "regular expression (JavaScript's) that the whole text must match")
    .option("--choice <text>", "one of the texts to choose from; repeat it", collect);
}

/** @internal */
export async function outputOf(flags: ConstraintFlags): Promise<Output<unknown>> {
  refuseSeveral(flags);
  if (flags.schema !== undefined) return json(await readJsonFile(flags.schema));
  if (flags.grammar !== undefined) {
    const { text: source, ...options } = await readGrammarFile(flags.grammar, flags);
    return grammar(source, options);
  }
  if (flags.regex !== undefined) return regex(flags.regex);
  return flags.choice === undefined ? text() : choice(flags.choice);
}

/**
 * The language itself, without a vocabulary.
 * @throws UnsatisfiableError when it is empty
 * @internal
 */
export async function automatonOf(flags: ConstraintFlags): Promise<PushdownAutomaton> {
  refuseSeveral(flags);
  const automaton = await compile(flags);
  if (automaton.start === 0) {
    throw new UnsatisfiableError({
      message: "The constraint allows no text at all.",
      hint: "`espalier inspect` tells what of a schema is enforced, and which rules of a grammar derive no text.",
    });
  }
  return automaton;
}

async function compile(flags: ConstraintFlags): Promise<PushdownAutomaton> {
  if (flags.schema !== undefined) return new JsonSchema(await readJsonFile(flags.schema)).automaton;
  if (flags.grammar !== undefined) {
    const { text: source, ...options } = await readGrammarFile(flags.grammar, flags);
    return grammarLanguage(source, options).automaton;
  }
  const arena = new TermArena();
  if (flags.regex !== undefined) {
    const budget = new WorkBudget({ name: "maxWork", limit: 20_000_000 });
    const options = { flags: "u", fallback: true, match: "whole", budget } as const;
    return termAutomaton(arena, compileRegex(arena, flags.regex, options));
  }
  if (flags.choice !== undefined) return termAutomaton(arena, arena.words(flags.choice));
  throw new InvalidInputError({
    message: "There is nothing to check against.",
    hint: "Give --schema, --grammar, --regex or --choice.",
  });
}

function collect(option: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), option];
}

function refuseSeveral(flags: ConstraintFlags): void {
  const given = (["schema", "grammar", "regex", "choice"] as const).filter((name) => flags[name] !== undefined);
  if (given.length < 2) return;
  throw new InvalidInputError({ message: `Give only one of --${given.join(" and --")}.` });
}
