import { compileRegex, TermArena, WorkBudget } from "@espalier/grammar";
import type { Output } from "./output.ts";
import { termConstraint } from "./term-constraint.ts";

export interface RegexOptions {
  /** Flags of a pattern that is given as a string. @defaultValue "u", or none where the pattern needs JavaScript's looser syntax */
  readonly flags?: string | undefined;
  /** Steps that compiling may take. @defaultValue 20,000,000 (some seconds) */
  readonly maxWork?: number | undefined;
}

/**
 * Text that matches a regular expression of JavaScript from start to end, whether or not it is anchored.
 *
 * Compiling throws InvalidInputError for what is no regular expression, UnsupportedError for back-references,
 * UnsatisfiableError when nothing matches, LimitExceededError at `maxWork`.
 *
 * @example
 * output: regex(/[A-Z]{2}-\d{4}/)
 */
export function regex(pattern: RegExp | string, options: RegexOptions = {}): Output<string, never> {
  const isText = typeof pattern === "string";
  const source = isText ? pattern : pattern.source;
  const flags = isText ? (options.flags ?? "u") : pattern.flags;
  const fallback = isText && options.flags === undefined;
  const maxWork = options.maxWork ?? 20_000_000;
  return {
    kind: "regex",
    cacheKey: JSON.stringify(["regex", source, flags, fallback, maxWork]),
    instruction: () =>
      source.length > 500
        ? undefined
        : `Answer with text that matches the regular expression /${source}/ and nothing else.`,
    compile: (vocabulary, signal) => {
      const arena = new TermArena();
      const budget = new WorkBudget({ name: "maxWork", limit: maxWork, signal });
      const term = compileRegex(arena, source, { flags, fallback, match: "whole", budget });
      return termConstraint({ arena, term, vocabulary, subject: "the regular expression" });
    },
    finish: (written) => Promise.resolve(written),
  };
}
