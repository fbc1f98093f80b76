import { writeFile } from "node:fs/promises";
import { type Grammar, GrammarLanguage, railroadDiagram, UnsatisfiableError } from "@espalier/grammar";
import { sampleTexts } from "@espalier/schema";
import { readGrammar } from "../../output/grammar-source.ts";
import { visible } from "./excerpt.ts";
import { type GrammarFlags, readGrammarFile } from "./grammar-file.ts";
import { section } from "./section.ts";
import { table } from "./table.ts";
import { userPath } from "./user-files.ts";

/** Names listed one by one; further ones are counted. */
const MAX_LISTED = 100;

export interface InspectGrammarFlags extends GrammarFlags {
  readonly grammar: string;
  readonly svg?: string;
  readonly samples: number;
  readonly seed: number;
}

/** Prints what becomes of a grammar. @throws UnsatisfiableError at the end, when no text is in its language. @internal */
export async function inspectGrammar(flags: InspectGrammarFlags): Promise<void> {
  const { text, ...options } = await readGrammarFile(flags.grammar, flags);
  const startedAt = performance.now();
  const grammar = readGrammar(text, options);
  const language = new GrammarLanguage(grammar);
  const compileMs = performance.now() - startedAt;
  if (flags.svg !== undefined) await writeFile(userPath(flags.svg), railroadDiagram(grammar));

  const { report, isSatisfiable, automaton } = language;
  const { unreachable, unproductive, empty } = report;
  if (grammar.notes?.length) section("Notes", notesOf(grammar));
  section("Rules", listed([...grammar.rules.keys()]));
  if (unreachable.length > 0) section("Rules that the start does not reach", listed(unreachable));
  if (unproductive.length > 0) section("Rules that derive no text", listed(unproductive));
  if (empty.length > 0) section("Rules that derive nothing but the empty text", listed(empty));
  section("Satisfiable", `  ${isSatisfiable ? "yes" : "no"}`);
  if (!isSatisfiable) {
    throw new UnsatisfiableError({
      message: `No text is in the language of ${flags.grammar}.`,
      hint: `Each of these rules needs itself, or a text that there is not: ${unproductive.slice(0, 10).join(", ")}.`,
    });
  }
  const { shortest = "" } = language;
  section("Shortest text", `  ${shortest === "" ? "(the empty text)" : visible(shortest)}`);
  const samples = sampleTexts(language, { count: flags.samples, seed: flags.seed }).map((each) => `  ${visible(each)}`);
  if (samples.length > 0) section("Sample texts", samples.join("\n"));
  section(
    "Sizes",
    table([
      ["  rules", String(grammar.rules.size)],
      ["  productions", String(report.productions)],
      ["  terminals", String(report.terminals)],
      ["  compiled in", `${compileMs.toFixed(1)} ms`],
      ["  automaton states so far", String(automaton.stateCount)],
    ]),
  );
}

function listed(names: readonly string[]): string {
  const more = names.length > MAX_LISTED ? [`… and ${names.length - MAX_LISTED} more`] : [];
  return `  ${[...names.slice(0, MAX_LISTED), ...more].join("  ")}`;
}

function notesOf(grammar: Grammar): string {
  return grammar
    .notes!.map(({ message, place }) => `  ${place === undefined ? "" : `line ${place.line}: `}${message}`)
    .join("\n");
}
