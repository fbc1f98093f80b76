import type { Expression, Grammar } from "../../cfg/grammar.ts";
import { finishGrammar } from "../finish-grammar.ts";
import { givenExpressions } from "../given-expressions.ts";
import { checkWord } from "../check-word.ts";
import { notationBudget } from "../notation-budget.ts";
import type { NotationOptions } from "../notation-options.ts";
import { withoutLexing } from "../without-lexing.ts";
import { withinStack } from "../within-stack.ts";
import { LarkLowering } from "./lark-lowering.ts";
import { type LarkImports, LarkModules } from "./lark-modules.ts";

export interface LarkOptions extends NotationOptions {
  /**
   * Other files, by path from the folder of the grammar: `%import .lib.words.X` asks for `lib/words.lark`. The modules `common`,
   * `unicode` and (its terminals only) `python` are built in.
   * @defaultValue none
   */
  readonly imports?: LarkImports | undefined;
  /**
   * What terminals that are only declared (`%declare _INDENT`) match.
   * @defaultValue nothing, with a note in the grammar
   */
  readonly declared?: Readonly<Record<string, Expression>> | undefined;
  /**
   * How texts are cut into terminals, by the names that Lark has for it. "contextual": the longest match of the terminals that may come next
   * wins. "dynamic_complete": every terminal may end wherever it matches, and whatever may be ignored may stand between any two; the
   * grammar is then one without lexing, and priorities of terminals have no effect.
   *
   * Lark's own default, "dynamic", lets each terminal take its own longest match, but no terminal win over another: all that it takes, "dynamic_complete"
   * takes too. So that is the one for grammars which were written for Lark's Earley parser and count on it.
   * @defaultValue "contextual"
   */
  readonly lexer?: LarkLexer | undefined;
}

export type LarkLexer = "contextual" | "dynamic_complete";

/**
 * Reads a grammar in Lark's notation, as lark-parser 1.2 has it, with what llguidance adds: `%json {…}`, `%regex {…}`, tokens `<…>`,
 * counts `{m,n}`, `&` and `~` in terminals, and the attributes `lazy`, `suffix` and `capture`.
 *
 * The grammar is lexed, {@link Grammar.lexing}, unless the option `lexer` says otherwise. What only shapes trees (`?rule`, `!rule`, aliases, priorities of rules) is read and
 * has no effect. Patterns are Python's, translated to ECMA-262. Assertions see the text of their terminal alone; where that makes
 * a difference, a note says so.
 *
 * O(text + what templates and merged terminals come to) time.
 *
 * @throws InvalidInputError with line, column and an excerpt; undefined names are told together; an expression in `declared` that is
 * none has a place such as `declared._INDENT.items[2]`, a lexer that is not known the place `lexer`
 * @throws UnsupportedError for other attributes and options, grammars in grammars, parametric rules, and patterns with references
 * @throws LimitExceededError for groups nested more than 200 deep, more than 100 files, endless templates, and at the limit of work
 */
export function parseLark(text: string, options: LarkOptions = {}): Grammar {
  const budget = notationBudget(options);
  const lexer = options.lexer ?? "contextual";
  checkWord("lexer", lexer, ["contextual", "dynamic_complete"]);
  return withinStack(() => {
    const modules = new LarkModules(options.imports ?? {}, budget);
    const main = modules.load(text, options.name);
    const declared = givenExpressions("declared", options.declared ?? {}, budget);
    const lowering = new LarkLowering(main, modules, declared, lexer === "contextual", budget);
    const ignored = lowering.lower();
    const read = { source: main.source, rules: lowering.rules, start: options.start ?? "start" };
    const grammar = finishGrammar({ ...read, lexing: { ignored }, notes: lowering.notes }, budget);
    return lexer === "contextual" ? grammar : { ...withoutLexing(grammar), notes: grammar.notes };
  });
}
