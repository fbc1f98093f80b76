import { createTokenInstance, type IToken } from "chevrotain";
import { Define } from "../postfix-tokens.ts";
import type { ReadRule } from "../finish-grammar.ts";
import { Name, Pass, Terminals } from "./w3c-tokens.ts";

/** The rule that `@pass` makes. No rule can be called so. */
export const PASS = "@pass";

export interface W3cDirectives {
  /** Without `@terminals`; `@pass` is the name of a rule. */
  readonly tokens: IToken[];
  /** Rules behind this offset are terminals. */
  readonly terminalsFrom: number;
}

/**
 * What grammars of the W3C say beside their rules: `@terminals` before the rules that are terminals, and `@pass`, with or without `::=`, for what
 * may stand between them.
 */
export function takeDirectives(tokens: readonly IToken[]): W3cDirectives {
  const kept: IToken[] = [];
  let terminalsFrom = Infinity;
  for (const [index, token] of tokens.entries()) {
    if (token.tokenType === Terminals) terminalsFrom = Math.min(terminalsFrom, token.startOffset);
    else if (token.tokenType !== Pass) kept.push(token);
    else {
      kept.push(tokenAt(Name, PASS, token));
      if (tokens[index + 1]?.tokenType !== Define) kept.push(tokenAt(Define, "::=", token));
    }
  }
  return { tokens: kept, terminalsFrom };
}

/** With `@pass`, texts are cut into terminals; without it, `@terminals` says nothing about them. */
export function withTerminals(rules: readonly ReadRule[], terminalsFrom: number): readonly ReadRule[] {
  if (!rules.some(({ rule }) => rule.name === PASS)) return rules;
  return rules.map((each) =>
    each.offset > terminalsFrom || each.rule.name === PASS
      ? { ...each, rule: { ...each.rule, isTerminal: true } }
      : each,
  );
}

function tokenAt(type: typeof Name, image: string, { startOffset, endOffset = startOffset }: IToken): IToken {
  const nowhere = Number.NaN;
  return createTokenInstance(type, image, startOffset, endOffset, nowhere, nowhere, nowhere, nowhere);
}
