import { type AST, RegExpParser, RegExpSyntaxError } from "@eslint-community/regexpp";
import { part, type Steps } from "../budget/steps.ts";
import type { WorkBudget } from "../budget/work-budget.ts";
import { InvalidInputError } from "../errors/invalid-input-error.ts";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import { type Alphabet, codePointAlphabet, codeUnitAlphabet, pairedAlphabet } from "./alphabet.ts";
import { AssertionMachine } from "./assertion-machine.ts";
import type { RegexFlags } from "./character-class.ts";
import { PatternLowering } from "./pattern-lowering.ts";
import { PatternTraits } from "./pattern-traits.ts";
import type { TermArena } from "./term-arena.ts";
import { EPSILON, type Term } from "./term.ts";
import { Utf16Machine } from "./utf16-machine.ts";

export interface CompileRegexOptions {
  /** `u`, `v`, `i`, `s`, `m`; `d`, `g` and `y` say nothing about the language and are ignored. @defaultValue "" */
  readonly flags?: string | undefined;
  /** "whole": the texts that match from start to end. "search": the texts with a match somewhere, as `RegExp.prototype.test` has it. */
  readonly match: "whole" | "search";
  /**
   * Whether a pattern that the flag u or v refuses is read without it, by the looser syntax of Annex B.
   * @defaultValue false
   */
  readonly fallback?: boolean | undefined;
  readonly budget?: WorkBudget | undefined;
  /** Where the pattern stands, for errors: a JSON Pointer, say. */
  readonly place?: string | undefined;
}

/** Nested groups and classes, beyond which the parser would recurse too deep. */
const MAX_NESTING = 400;

/**
 * Compiles a pattern of ECMA-262 (2025) to the language of its texts in UTF-8.
 *
 * Exact but for what it refuses, lone surrogates aside, which text does not contain. Without u and v, matching is by UTF-16 code units.
 * Captures, laziness and greed have no bearing on the language.
 *
 * Time and terms: O(pattern), each character class once. Exponentially many derivatives remain possible,
 * where a deterministic automaton has exponentially many states (`.*a.{20}`); they are made only as texts ask for them.
 *
 * @throws InvalidInputError for a pattern or flags that are not valid; `place` ends in the offset
 * @throws UnsupportedError for back-references, properties of strings, and lookaheads, `$` and some `\b` inside lookbehinds
 * @throws LimitExceededError for groups nested more than 400 deep, and at the limits of the arena and the budget
 */
export function compileRegex(arena: TermArena, source: string, options: CompileRegexOptions): Term {
  const work = `${options.match} ${options.flags} ${options.fallback} ${source}`;
  return arena.within(options.budget, () => arena.run(work, () => compiled(arena, source, options)));
}

function* compiled(arena: TermArena, source: string, options: CompileRegexOptions): Steps<Term> {
  const { pattern, flags } = parse(source, options);
  yield;
  const lower = lowering(arena, pattern, flags, options.match);
  return yield* part(() => {
    arena.spend(source.length);
    try {
      return lower();
    } catch (error) {
      if (!(error instanceof UnsupportedError) || options.place === undefined) throw error;
      throw new UnsupportedError({
        message: `${error.message} The pattern stands at ${options.place}.`,
        place: `${options.place} ${error.place}`,
        hint: error.hint,
        cause: error,
      });
    }
  });
}

function lowering(arena: TermArena, pattern: AST.Pattern, flags: RegexFlags, match: "whole" | "search"): () => Term {
  const traits = new PatternTraits(pattern, flags);
  const alphabet = alphabetOf(arena, traits, flags);
  const patternLowering = new PatternLowering(arena, alphabet, traits, flags);
  return () => {
    const marked =
      match === "whole"
        ? patternLowering.lower(pattern, EPSILON)
        : arena.concat(alphabet.any, patternLowering.lower(pattern, alphabet.any));
    const term = AssertionMachine.run(arena, marked);
    return traits.needsCodeUnits ? arena.machine(new Utf16Machine(arena, term, alphabet.any), 0) : term;
  };
}

function alphabetOf(arena: TermArena, traits: PatternTraits, flags: RegexFlags): Alphabet {
  if (flags.unicode || flags.unicodeSets) return codePointAlphabet(arena);
  return traits.needsCodeUnits ? codeUnitAlphabet(arena) : pairedAlphabet(arena);
}

interface Parsed {
  readonly pattern: AST.Pattern;
  readonly flags: RegexFlags;
}

function parse(source: string, options: CompileRegexOptions): Parsed {
  const flags = parseFlags(options);
  checkNesting(source, flags.unicodeSets, options.place);
  try {
    return parseAs(source, flags);
  } catch (error) {
    if (!(error instanceof RegExpSyntaxError)) throw error;
    if (options.fallback === true && (flags.unicode || flags.unicodeSets)) {
      try {
        return parseAs(source, { ...flags, unicode: false, unicodeSets: false });
      } catch (second) {
        if (!(second instanceof RegExpSyntaxError)) throw second;
      }
    }
    throw new InvalidInputError({
      message: `The pattern ${quote(source)} is not a regular expression${at(options.place)}: ${reason(error)} at offset ${error.index}.`,
      place: `${options.place === undefined ? "" : `${options.place} `}offset ${error.index}`,
      cause: error,
    });
  }
}

function parseAs(source: string, flags: RegexFlags): Parsed {
  const parser = new RegExpParser({ ecmaVersion: 2025 });
  const { unicode, unicodeSets } = flags;
  return { pattern: parser.parsePattern(source, 0, source.length, { unicode, unicodeSets }), flags };
}

function parseFlags({ flags = "", place }: CompileRegexOptions): RegexFlags {
  const distinct = new Set(flags);
  if (!/^[dgimsuvy]*$/.test(flags) || distinct.size < flags.length || (distinct.has("u") && distinct.has("v"))) {
    throw new InvalidInputError({
      message: `The flags "${flags}" are not valid for a regular expression${at(place)}.`,
      place,
    });
  }
  return {
    ignoreCase: distinct.has("i"),
    multiline: distinct.has("m"),
    dotAll: distinct.has("s"),
    unicode: distinct.has("u"),
    unicodeSets: distinct.has("v"),
  };
}

/** The parser recurses into groups, and into classes with v; their depth is checked beforehand. */
function checkNesting(source: string, nestedClasses: boolean, place: string | undefined): void {
  let groups = 0;
  let classes = 0;
  for (let i = 0; i < source.length; i++) {
    const character = source[i];
    if (character === "\\") i++;
    else if (character === "[") classes = nestedClasses ? classes + 1 : 1;
    else if (character === "]") classes = Math.max(classes - 1, 0);
    else if (classes === 0 && character === "(") groups++;
    else if (classes === 0 && character === ")") groups = Math.max(groups - 1, 0);
    if (groups + classes > MAX_NESTING) {
      throw new LimitExceededError({
        message: `The groups of the pattern nest more than ${MAX_NESTING} deep at offset ${i}${at(place)}.`,
        limit: "maxNesting",
        allowed: MAX_NESTING,
        place: `${place === undefined ? "" : `${place} `}offset ${i}`,
      });
    }
  }
}

function reason(error: RegExpSyntaxError): string {
  // The parser's message: "Invalid regular expression: /…/: Nothing to repeat".
  return error.message.slice(error.message.lastIndexOf(": ") + 2).toLowerCase();
}

function at(place: string | undefined): string {
  return place === undefined ? "" : ` at ${place}`;
}

function quote(source: string): string {
  return `/${source.length > 100 ? `${source.slice(0, 100)}…` : source}/`;
}
