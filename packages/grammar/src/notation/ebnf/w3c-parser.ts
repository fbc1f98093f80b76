import type { IToken } from "chevrotain";
import type { Expression } from "../../cfg/grammar.ts";
import { readNumbered } from "../character-class.ts";
import { EBNF_ESCAPES, type EscapeTable } from "../escapes.ts";
import { charactersOf, exceptOf, sequenceOf } from "../expressions.ts";
import { PostfixParser } from "../postfix-parser.ts";
import { Define, Left } from "../postfix-tokens.ts";
import { MAX_POSTFIX_OPERATORS, tooDeep } from "../read-syntax.ts";
import {
  Assertion,
  type Backslash,
  CharacterClass,
  Counts,
  Minus,
  Name,
  NumberedCharacter,
  Text,
  W3C_VOCABULARY,
} from "./w3c-tokens.ts";

/** The grammar of the EBNF of the W3C. Set {@link source} and {@link backslash} before. */
export class W3cParser extends PostfixParser {
  backslash: Backslash = "escape";
  protected readonly hasNumberedCharacters = true;

  constructor() {
    super({ vocabulary: W3C_VOCABULARY, name: Name, text: Text, counts: Counts, characterClass: CharacterClass });
    this.performSelfAnalysis();
  }

  protected get escapes(): EscapeTable | undefined {
    return this.backslash === "escape" ? EBNF_ESCAPES : undefined;
  }

  protected readonly sequence: () => Expression = this.RULE("sequence", () => {
    const items: Expression[] = [];
    this.MANY({
      // A name before "::=" begins the next rule.
      GATE: () => this.LA(1).tokenType !== Name || this.LA(2).tokenType !== Define,
      DEF: () => {
        items.push(this.SUBRULE(this.#difference));
      },
    });
    return this.ACTION(() => sequenceOf(items));
  });

  readonly #difference: () => Expression = this.RULE("difference", () => {
    let expression = this.SUBRULE(this.item);
    let operators = 0;
    this.MANY(() => {
      const token = this.CONSUME(Minus);
      const without = this.SUBRULE2(this.item);
      expression = this.ACTION(() => {
        if (++operators > MAX_POSTFIX_OPERATORS) throw tooDeep(token, this.source);
        return exceptOf(expression, without);
      });
    });
    return expression;
  });

  protected readonly atom: () => Expression = this.RULE("atom", () =>
    this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.text) },
      { ALT: () => this.SUBRULE(this.characters) },
      {
        ALT: () => {
          const token = this.CONSUME(NumberedCharacter);
          return this.ACTION(() => this.#numbered(token));
        },
      },
      { ALT: () => this.SUBRULE(this.reference) },
      {
        ALT: () => {
          const token = this.CONSUME(Assertion);
          return this.ACTION((): Expression => {
            const kind = token.image.includes("<") ? "Lookbehind" : "Lookahead";
            throw this.source.unsupported(token.startOffset, `${kind} ${token.image}…) is not supported`);
          });
        },
      },
      { ALT: () => this.SUBRULE(this.group) },
    ]),
  );

  #numbered(token: IToken): Expression {
    const codePoint = readNumbered(this.source, token.startOffset)?.codePoint;
    if (codePoint === undefined || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
      throw this.source.invalid(token.startOffset, `${token.image} is no character of Unicode`);
    }
    return charactersOf([[codePoint, codePoint]]);
  }

  protected override nameOf(token: IToken): string {
    return token.image.startsWith("<") ? token.image.slice(1, -1).trim() : token.image;
  }

  protected override referenceTo(token: IToken): Expression {
    // XGrammar's built-in macros look like a rule before a group.
    if (/^(?:TagDispatch|Token|ExcludeToken|TokenTagDispatch)$/.test(token.image) && this.LA(1).tokenType === Left) {
      throw this.source.unsupported(token.startOffset, `The macro ${token.image}(…) is not supported`);
    }
    return super.referenceTo(token);
  }
}
