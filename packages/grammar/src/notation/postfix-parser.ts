import type { IToken, TokenType } from "chevrotain";
import type { Expression } from "../cfg/grammar.ts";
import { readCharacterClass } from "./character-class.ts";
import { ANY_CHARACTER, repeatOf } from "./expressions.ts";
import { MAX_POSTFIX_OPERATORS, tooDeep } from "./read-syntax.ts";
import { readCounts } from "./repetition.ts";
import { RuleParser, type RuleTokens } from "./rule-parser.ts";

export interface PostfixTokens extends RuleTokens {
  /** `*`, `+` or `?`. */
  readonly operator: TokenType;
  /** `{2,5}` */
  readonly counts: TokenType;
  readonly characterClass: TokenType;
  readonly anyCharacter: TokenType;
}

/** What GBNF and the W3C's EBNF share beyond {@link RuleParser}: repeats after an item, classes, and the dot. */
export abstract class PostfixParser extends RuleParser {
  declare protected readonly tokens: PostfixTokens;

  protected constructor(tokens: PostfixTokens) {
    super(tokens);
  }

  /** An item without its repeats. */
  protected abstract readonly atom: () => Expression;

  /** Whether `#x41` is a character in a class. */
  protected abstract readonly hasNumberedCharacters: boolean;

  protected readonly item: () => Expression = this.RULE("item", () => {
    let expression = this.SUBRULE(this.atom);
    let operators = 0;
    const repeat = (token: IToken, min: number, max: number | undefined): void => {
      if (++operators > MAX_POSTFIX_OPERATORS) throw tooDeep(token, this.source);
      expression = repeatOf(expression, min, max);
    };
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            const token = this.CONSUME(this.tokens.operator);
            this.ACTION(() => repeat(token, token.image === "+" ? 1 : 0, token.image === "?" ? 1 : undefined));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(this.tokens.counts);
            this.ACTION(() => {
              const { min, max } = readCounts(token.image, this.source, token.startOffset);
              repeat(token, min, max);
            });
          },
        },
      ]);
    });
    return expression;
  });

  protected readonly characters: () => Expression = this.RULE("characters", () =>
    this.OR<Expression>([
      {
        ALT: () => {
          const token = this.CONSUME(this.tokens.characterClass);
          return this.ACTION(() => {
            const end = token.startOffset + token.image.length;
            return readCharacterClass(this.source, token.startOffset, end, this.escapes, this.hasNumberedCharacters);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(this.tokens.anyCharacter);
          return ANY_CHARACTER;
        },
      },
    ]),
  );
}
