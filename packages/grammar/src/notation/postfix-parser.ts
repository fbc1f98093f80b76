import type { IToken, TokenType } from "chevrotain";
import type { Expression } from "../cfg/grammar.ts";
import { readCharacterClass } from "./character-class.ts";
import { ANY_CHARACTER, repeatOf } from "./expressions.ts";
import { MAX_POSTFIX_OPERATORS, tooDeep } from "./read-syntax.ts";
import { readCounts } from "./repetition.ts";
import { AnyCharacter, Define, Left, Operator, Or, Right } from "./postfix-tokens.ts";
import { RuleParser } from "./rule-parser.ts";

/** The tokens that GBNF and the W3C's EBNF do not have in common. */
export interface PostfixTokens {
  readonly vocabulary: TokenType[];
  readonly name: TokenType;
  readonly text: TokenType;
  /** `{2,5}` */
  readonly counts: TokenType;
  readonly characterClass: TokenType;
}

/** What GBNF and the W3C's EBNF share beyond {@link RuleParser}: repeats after an item, classes, and the dot. */
export abstract class PostfixParser extends RuleParser {
  readonly #counts: TokenType;
  readonly #characterClass: TokenType;

  protected constructor({ counts, characterClass, ...tokens }: PostfixTokens) {
    super({ ...tokens, define: Define, or: Or, left: Left, right: Right });
    this.#counts = counts;
    this.#characterClass = characterClass;
  }

  /** An item without its repeats. */
  protected abstract readonly atom: () => Expression;

  /** Whether `#x41` is a character in a class. */
  protected abstract readonly hasNumberedCharacters: boolean;

  /** What becomes of a range such as `z-a`. */
  protected backwardRange(offset: number, range: string): void {
    throw this.source.invalid(offset, `The range ${range} runs backwards`);
  }

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
            const token = this.CONSUME(Operator);
            this.ACTION(() => repeat(token, token.image === "+" ? 1 : 0, token.image === "?" ? 1 : undefined));
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(this.#counts);
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
          const token = this.CONSUME(this.#characterClass);
          return this.ACTION(() => {
            const end = token.startOffset + token.image.length;
            return readCharacterClass(this.source, token.startOffset, end, {
              escapes: this.escapes,
              numbered: this.hasNumberedCharacters,
              onBackward: (offset, range) => this.backwardRange(offset, range),
            });
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(AnyCharacter);
          return ANY_CHARACTER;
        },
      },
    ]),
  );
}
