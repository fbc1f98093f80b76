import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  InvalidInputError,
  type LarkImports,
  type LarkLexer,
  type Notation,
  type UndefinedRules,
} from "@espalier/grammar";
import type { Command } from "commander";
import { readUserFile, userPath } from "./user-files.ts";

/** A grammar, as the command line says it. */
export interface GrammarFlags {
  readonly grammar?: string;
  readonly notation?: string;
  readonly start?: string;
  readonly lexer?: string;
  readonly undefinedRules?: string;
}

/** A grammar's text and what reading it takes. */
export interface GrammarFile {
  readonly text: string;
  readonly notation: Notation;
  readonly name: string;
  readonly imports: LarkImports;
  readonly start: string | undefined;
  readonly lexer: LarkLexer | undefined;
  readonly undefinedRules: UndefinedRules | undefined;
}

/** @internal */
export const NOTATIONS: readonly Notation[] = ["gbnf", "lark", "ebnf"];

/** Adds `--grammar` and what says how to read it. @internal */
export function withGrammarFlags(command: Command): Command {
  return withReadingFlags(command.option("--grammar <file>", "context-free grammar that the text must follow"));
}

/** Adds what says how to read a grammar. @internal */
export function withReadingFlags(command: Command): Command {
  return command
    .option("--notation <name>", "how the grammar is written: gbnf, lark or ebnf (default: by the ending of its file)")
    .option("--start <rule>", "the rule that whole texts follow (default: what the notation says)")
    .option("--lexer <name>", "of Lark: contextual (the longest match), or dynamic_complete (any match)")
    .option("--undefined-rules <how>", "of GBNF and EBNF: refuse (default), or nothing: they have no texts");
}

/**
 * @throws InvalidInputError when the file cannot be read, or neither its ending nor `notation` tells its notation
 * @internal
 */
export async function readGrammarFile(file: string, flags: Omit<GrammarFlags, "grammar">): Promise<GrammarFile> {
  const { notation, start } = flags;
  const known = notationNamed(notation ?? /\.([a-z]+)$/i.exec(file)?.[1]?.toLowerCase());
  if (known === undefined) {
    throw new InvalidInputError({
      message:
        notation === undefined
          ? `The ending of ${file} does not tell how the grammar is written.`
          : `The notation ${JSON.stringify(notation)} is not known.`,
      place: file,
      hint: "Give --notation gbnf, --notation lark or --notation ebnf.",
    });
  }
  const text = (await readUserFile(file)).toString("utf8").replace(/^\uFEFF/, "");
  // Words that are not known are refused by the reader.
  const lexer = flags.lexer as LarkLexer | undefined;
  const undefinedRules = flags.undefinedRules as UndefinedRules | undefined;
  return { text, notation: known, name: file, imports: importsBeside(file), start, lexer, undefinedRules };
}

/** @internal */
export function notationNamed(name: string | undefined): Notation | undefined {
  return NOTATIONS.find((notation) => notation === name);
}

/** Files that a Lark grammar imports, in its own folder and below. */
function importsBeside(file: string): LarkImports {
  const folder = file === "-" ? userPath(".") : dirname(userPath(file));
  return (path) => {
    try {
      return readFileSync(join(folder, path), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
  };
}
