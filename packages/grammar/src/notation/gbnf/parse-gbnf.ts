import type { Grammar, GrammarNote } from "../../cfg/grammar.ts";
import { finishGrammar } from "../finish-grammar.ts";
import { notationBudget } from "../notation-budget.ts";
import { checkUndefinedRules } from "../check-word.ts";
import type { RuleNotationOptions } from "../notation-options.ts";
import { once } from "../once.ts";
import { Left, Right } from "../postfix-tokens.ts";
import { checkNesting, lexerOf, parseTokens, readTokens } from "../read-syntax.ts";
import { SourceText } from "../source-text.ts";
import { withinStack } from "../within-stack.ts";
import { GbnfParser } from "./gbnf-parser.ts";
import { GBNF_TOKENS, withoutIdleNewlines } from "./gbnf-tokens.ts";

const lexer = once(() => lexerOf(GBNF_TOKENS));
const parser = once(() => new GbnfParser());

/**
 * Reads a grammar in GBNF, the notation of llama.cpp, as its guide has it (`grammars/README.md`): `root` derives whole texts, `.` is
 * any character, a rule goes on after a line end inside parentheses, after `::=` and after `|`.
 *
 * Looser than llama.cpp in three things: rules may be left-recursive, a line may begin with `|`, and counts may lack the least one (`{,3}`).
 * Stricter in two: a name that is defined twice and a class without characters are errors. A range whose ends are the wrong way round holds no
 * character, as in llama.cpp; a note says so.
 *
 * O(text) time.
 *
 * @throws InvalidInputError with line, column and an excerpt
 * @throws LimitExceededError for groups nested more than 200 deep, and at the limit of work
 */
export function parseGbnf(text: string, options: RuleNotationOptions = {}): Grammar {
  const budget = notationBudget(options);
  const source = new SourceText(text, options.name);
  const undefinedRules = checkUndefinedRules(options);
  const tokens = withoutIdleNewlines(readTokens(lexer(), source, budget));
  checkNesting(tokens, new Set([Left]), new Set([Right]), source);
  return withinStack(() => {
    const notes: GrammarNote[] = [];
    parser().source = source;
    parser().notes = notes;
    const rules = parseTokens(parser(), tokens, source, (each) => each.file());
    return finishGrammar({ source, rules, start: options.start ?? "root", notes, undefinedRules }, budget);
  });
}
