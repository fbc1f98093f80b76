import type { IToken } from "chevrotain";
import { freeTextWithout } from "../../cfg/combinators/combinators.ts";
import type { Expression } from "../../cfg/grammar.ts";
import { choiceOf, exceptOf, intersectOf, literalOf, repeatOf, sequenceOf } from "../expressions.ts";
import type { SourceText } from "../source-text.ts";

/** What stands between the parentheses of one of XGrammar's macros. */
export type MacroValue =
  | { readonly kind: "text"; readonly text: string; readonly offset: number }
  | { readonly kind: "word"; readonly token: IToken; readonly offset: number }
  | { readonly kind: "number"; readonly offset: number }
  | { readonly kind: "tuple"; readonly items: readonly MacroValue[]; readonly offset: number };

export interface MacroArgument {
  /** Of arguments such as `flags="s"`. */
  readonly name?: string | undefined;
  readonly value: MacroValue;
}

export interface MacroCall {
  readonly name: string;
  readonly arguments: readonly MacroArgument[];
  readonly offset: number;
}

export const MACROS: ReadonlySet<string> = new Set(["Regex", "TagDispatch"]);

/** The macros that speak of tokens, or that nothing here stands for. */
export const REFUSED_MACROS: ReadonlySet<string> = new Set(["Token", "ExcludeToken", "TokenTagDispatch", "Substring"]);

/** What a macro stands for. @param refer makes a reference to the rule that a token names */
export function expandMacro(call: MacroCall, source: SourceText, refer: (token: IToken) => Expression): Expression {
  const values = new MacroArguments(call, source);
  return call.name === "Regex" ? regexOf(values, source) : tagDispatchOf(values, refer);
}

function regexOf(values: MacroArguments, source: SourceText): Expression {
  const { positional, named } = values.take(["flags", "json_string"]);
  if (positional.length !== 1) throw values.wrong(`needs one pattern, but has ${positional.length}`);
  const pattern = values.textOf(positional[0]);
  const givenFlags = named.get("flags");
  const flags = givenFlags === undefined ? "s" : values.textOf(givenFlags);
  for (const flag of flags) {
    const offset = givenFlags?.offset ?? 0;
    // It folds letters of ASCII only; the flag of ECMA-262 folds all of Unicode.
    if (flag === "i") throw source.unsupported(offset, 'The flag "i" of Regex(…) is not supported');
    if (flag !== "s" && flag !== "u") throw source.invalid(offset, `Regex(…) knows no flag ${JSON.stringify(flag)}`);
  }
  const expression: Expression = { kind: "regex", source: pattern, flags: flags.includes("s") ? "su" : "u" };
  // Here the place is known; the pattern is compiled when the grammar is.
  if (!isPattern(pattern, expression.flags)) {
    throw source.invalid(positional[0].offset, "Regex(…) has a pattern that is no regular expression");
  }
  if (!values.flagOf(named.get("json_string"), false)) return expression;
  return intersectOf(expression, { kind: "regex", source: '[^"\\\\\\u0000-\\u001f]*', flags: "u" });
}

function isPattern(source: string, flags: string): boolean {
  try {
    return new RegExp(source, flags).source !== "";
  } catch {
    return false;
  }
}

/** Free text in which the first of some tags leads to a rule; then free text again, unless it is not to loop. */
function tagDispatchOf(values: MacroArguments, refer: (token: IToken) => Expression): Expression {
  const { positional, named } = values.take(["loop_after_dispatch", "excludes"]);
  const branches = positional.map((value) => values.branchOf(value));
  const excluded = named.get("excludes");
  const excludes = excluded === undefined ? [] : values.textsOf(excluded);
  const tags = branches.map(({ tag }) => tag);
  const ending = freeTextWithout([...tags, ...excludes]);
  const tagged = choiceOf(tags.map((tag) => literalOf(tag)));
  const some = repeatOf(ANYTHING_ONCE, 1);
  const beforeTag = sequenceOf([ANYTHING, tagged, some]);
  const free = freeTextWithout(excludes);
  const dispatch = choiceOf(
    branches.map(({ tag, rule }) => {
      const first = exceptOf(sequenceOf([ANYTHING, literalOf(tag)]), beforeTag);
      return sequenceOf([excludes.length === 0 ? first : intersectOf(first, free), refer(rule)]);
    }),
  );
  if (branches.length === 0) return ending;
  if (values.flagOf(named.get("loop_after_dispatch"), true)) return sequenceOf([repeatOf(dispatch, 0), ending]);
  return choiceOf([dispatch, ending]);
}

const ANYTHING_ONCE: Expression = { kind: "characters", ranges: [], negated: true };
const ANYTHING: Expression = repeatOf(ANYTHING_ONCE, 0);

/** The arguments of one call, with errors that have a place. */
class MacroArguments {
  readonly #call: MacroCall;
  readonly #source: SourceText;

  constructor(call: MacroCall, source: SourceText) {
    this.#call = call;
    this.#source = source;
  }

  take(names: readonly string[]): { positional: MacroValue[]; named: Map<string, MacroValue> } {
    const positional: MacroValue[] = [];
    const named = new Map<string, MacroValue>();
    for (const { name, value } of this.#call.arguments) {
      if (name === undefined) positional.push(value);
      else if (!names.includes(name)) throw this.wrong(`knows no argument ${name}`, value);
      else if (named.has(name)) throw this.wrong(`has the argument ${name} twice`, value);
      else named.set(name, value);
    }
    return { positional, named };
  }

  textOf(value: MacroValue): string {
    if (value.kind !== "text") throw this.wrong("needs a text in quotes here", value);
    return value.text;
  }

  textsOf(value: MacroValue): string[] {
    if (value.kind !== "tuple") throw this.wrong("needs texts in parentheses here", value);
    return value.items.map((item) => this.#someTextOf(item));
  }

  flagOf(value: MacroValue | undefined, otherwise: boolean): boolean {
    if (value === undefined) return otherwise;
    const image = value.kind === "word" ? value.token.image : undefined;
    if (image !== "true" && image !== "false") throw this.wrong("needs true or false here", value);
    return image === "true";
  }

  branchOf(value: MacroValue): { readonly tag: string; readonly rule: IToken } {
    const [tag, rule] = value.kind === "tuple" ? value.items : [];
    if (value.kind !== "tuple" || value.items.length !== 2 || rule.kind !== "word") {
      throw this.wrong('needs pairs such as ("tag", rule)', value);
    }
    return { tag: this.#someTextOf(tag), rule: rule.token };
  }

  wrong(sentence: string, value?: MacroValue | undefined): Error {
    return this.#source.invalid(value?.offset ?? this.#call.offset, `${this.#call.name}(…) ${sentence}`);
  }

  #someTextOf(value: MacroValue): string {
    const text = this.textOf(value);
    if (text === "") throw this.wrong("needs a text that is not empty", value);
    return text;
  }
}
