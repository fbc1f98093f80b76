import type { TokenType } from "chevrotain";
import type { WorkBudget } from "../../budget/work-budget.ts";
import type { Expression, Grammar, GrammarNote } from "../../cfg/grammar.ts";
import { InvalidInputError } from "../../errors/invalid-input-error.ts";
import { checkUndefinedRules, checkWord } from "../check-word.ts";
import { finishGrammar, type ReadRule } from "../finish-grammar.ts";
import { notationBudget } from "../notation-budget.ts";
import type { RuleNotationOptions } from "../notation-options.ts";
import { once } from "../once.ts";
import { Define, Left, Right } from "../postfix-tokens.ts";
import { checkNesting, lexerOf, parseTokens, readTokens } from "../read-syntax.ts";
import { SourceText } from "../source-text.ts";
import { withinStack } from "../within-stack.ts";
import { IsoParser } from "./iso-parser.ts";
import * as iso from "./iso-tokens.ts";
import { readSpecialSequences, type SpecialSequence } from "./special-sequences.ts";
import { PASS, takeDirectives, withTerminals } from "./w3c-directives.ts";
import { W3cParser } from "./w3c-parser.ts";
import { Assertion, type Backslash, w3cTokens, withoutRuleNumbers } from "./w3c-tokens.ts";

export interface EbnfOptions extends RuleNotationOptions {
  /** "iso" writes `a = b, c;`, "w3c" writes `a ::= b c`. @defaultValue "w3c" where the text has `::=`, else "iso" */
  readonly form?: "iso" | "w3c" | undefined;
  /**
   * In the W3C form: "escape" where `"\n"` is a line end, as XGrammar has it; "character" where it is a backslash and an n, as
   * the W3C's standards have it. The ISO form knows no escapes.
   * @defaultValue "escape", and "character" where the text cannot be read so
   */
  readonly backslash?: Backslash | undefined;
  /**
   * In the ISO form: what special sequences stand for, by what stands between their question marks: `{ "an emoji": … }` for `? an emoji ?`.
   * Those of the standard's own grammar and a few common ones are known, such as `? white space characters ?`.
   * @defaultValue none
   */
  readonly specialSequences?: Readonly<Record<string, Expression>> | undefined;
}

const ISO_OPENING: ReadonlySet<TokenType> = new Set([iso.Left, iso.LeftOption, iso.LeftRepeat]);
const ISO_CLOSING: ReadonlySet<TokenType> = new Set([iso.Right, iso.RightOption, iso.RightRepeat]);
const W3C_OPENING: ReadonlySet<TokenType> = new Set([Left, Assertion]);
const W3C_CLOSING: ReadonlySet<TokenType> = new Set([Right]);

const isoLexer = once(() => lexerOf(iso.ISO_TOKENS));
const isoParser = once(() => new IsoParser());
const w3cLexers = {
  escape: once(() => lexerOf(w3cTokens("escape"))),
  character: once(() => lexerOf(w3cTokens("character"))),
};
const w3cParser = once(() => new W3cParser());

/**
 * Reads a grammar in EBNF: that of ISO/IEC 14977, or that of the W3C (XML 1.0, section 6) with the escapes and counts of XGrammar.
 * `root` derives whole texts where there is such a rule, else the first rule does. Differences `a - b` need a `b` that is not
 * recursive. With `@pass …` texts are cut into terminals, as Lark's are: the rules behind `@terminals`. XGrammar's macros `Regex("…")` and `TagDispatch(("tag", rule), …)` are read where no rule has their name.
 *
 * O(text) time.
 *
 * @throws InvalidInputError with line, column and an excerpt
 * @throws UnsupportedError for special sequences `?…?` that are not known, assertions such as `(=…)` and `(?=…)`, and the macros of XGrammar that speak of tokens
 * @throws LimitExceededError for groups nested more than 200 deep, and at the limit of work
 */
export function parseEbnf(text: string, options: EbnfOptions = {}): Grammar {
  const budget = notationBudget(options);
  const source = new SourceText(text, options.name);
  const form = options.form ?? (looksLikeW3c(text) ? "w3c" : "iso");
  checkWord("form", form, ["iso", "w3c"]);
  const undefinedRules = checkUndefinedRules(options);
  const special = readSpecialSequences(options.specialSequences ?? {}, budget);
  checkWord("backslash", options.backslash ?? "escape", ["escape", "character"]);
  return withinStack(() => {
    const notes: GrammarNote[] = [];
    const rules = form === "iso" ? readIso(source, special, notes, budget) : readW3c(source, options.backslash, budget);
    const lexing = rules.some(({ rule }) => rule.name === PASS) ? { ignored: [PASS] } : undefined;
    const hasRoot = rules.some((each) => each.rule.name === "root");
    const first = rules.find(({ rule }) => rule.name !== PASS)?.rule.name;
    const start = options.start ?? (hasRoot || first === undefined ? "root" : first);
    return finishGrammar({ source, rules, start, notes, undefinedRules, lexing }, budget);
  });
}

/** Whether `::=` stands somewhere outside of quotes. */
function looksLikeW3c(text: string): boolean {
  return /^[^"'=]*::=/.test(text) || /^\s*(?:\[\d+[a-z]?\]\s*)?<?[\p{L}_][^"'\r\n]*::=/mu.test(text);
}

function readIso(
  source: SourceText,
  special: ReadonlyMap<string, SpecialSequence>,
  notes: GrammarNote[],
  budget: WorkBudget,
): ReadRule[] {
  const tokens = iso.withWholeNames(readTokens(isoLexer(), source, budget));
  checkNesting(tokens, ISO_OPENING, ISO_CLOSING, source);
  const parser = isoParser();
  parser.source = source;
  parser.special = special;
  parser.notes = notes;
  return parseTokens(parser, tokens, source, (each) => each.file());
}

function readW3c(source: SourceText, backslash: Backslash | undefined, budget: WorkBudget): readonly ReadRule[] {
  try {
    return readW3cAs(source, backslash ?? "escape", budget);
  } catch (error) {
    if (backslash !== undefined || !(error instanceof InvalidInputError) || !source.text.includes("\\")) throw error;
    try {
      return readW3cAs(source, "character", budget);
    } catch (second) {
      // The first reading is the likelier one, and its complaint the more useful.
      throw second instanceof InvalidInputError ? error : second;
    }
  }
}

function readW3cAs(source: SourceText, backslash: Backslash, budget: WorkBudget): readonly ReadRule[] {
  const written = withoutRuleNumbers(readTokens(w3cLexers[backslash](), source, budget));
  const { tokens, terminalsFrom } = takeDirectives(written);
  checkNesting(tokens, W3C_OPENING, W3C_CLOSING, source);
  const parser = w3cParser();
  parser.source = source;
  parser.backslash = backslash;
  parser.defined = new Set(
    tokens.filter((_, index) => tokens[index + 1]?.tokenType === Define).map(({ image }) => image),
  );
  return withTerminals(
    parseTokens(parser, tokens, source, (each) => each.file()),
    terminalsFrom,
  );
}
