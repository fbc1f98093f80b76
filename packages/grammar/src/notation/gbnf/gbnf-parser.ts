import { EOF, type IToken } from "chevrotain";
import type { Expression, GrammarNote } from "../../cfg/grammar.ts";
import { type EscapeTable, GBNF_ESCAPES } from "../escapes.ts";
import { sequenceOf } from "../expressions.ts";
import { PostfixParser } from "../postfix-parser.ts";
import type { SourceText } from "../source-text.ts";
import { CharacterClass, Counts, GBNF_TOKENS, Name, Newline, Text, TokenName } from "./gbnf-tokens.ts";

/** The grammar of GBNF. Set {@link source} and {@link notes} before. */
export class GbnfParser extends PostfixParser {
  notes: GrammarNote[] = [];
  protected readonly hasNumberedCharacters = false;

  constructor() {
    super({ vocabulary: GBNF_TOKENS, name: Name, text: Text, counts: Counts, characterClass: CharacterClass });
    this.performSelfAnalysis();
  }

  protected get escapes(): EscapeTable {
    return GBNF_ESCAPES;
  }

  /** In llama.cpp it holds no character, and nothing is said. */
  protected override backwardRange(offset: number, range: string): void {
    this.notes.push({
      message: `The range ${range} runs backwards: it holds no character.`,
      place: this.source.placeAt(offset),
    });
  }

  protected override endRule(): void {
    this.OR([{ ALT: () => this.CONSUME(Newline) }, { ALT: () => this.CONSUME(EOF) }]);
  }

  protected readonly sequence: () => Expression = this.RULE("sequence", () => {
    const items: Expression[] = [];
    this.MANY(() => {
      items.push(this.SUBRULE(this.item));
    });
    return this.ACTION(() => sequenceOf(items));
  });

  protected readonly atom: () => Expression = this.RULE("atom", () =>
    this.OR<Expression>([
      { ALT: () => this.SUBRULE(this.text) },
      { ALT: () => this.SUBRULE(this.characters) },
      {
        ALT: () => {
          const token = this.CONSUME(TokenName);
          return this.ACTION(() => tokenExpression(token, this.source));
        },
      },
      { ALT: () => this.SUBRULE(this.reference) },
      { ALT: () => this.SUBRULE(this.group) },
    ]),
  );
}

/** `<think>` by its text, angle brackets included; `<[1000]>` by its number; `!` before either for every token but this one. */
function tokenExpression(token: IToken, source: SourceText): Expression {
  const negated = token.image.startsWith("!");
  const image = negated ? token.image.slice(1) : token.image;
  if (!image.startsWith("<[")) return { kind: "token", token: image, ...(negated ? { negated } : {}) };
  const number = /^<\[(\d{1,9})\]>$/.exec(image)?.[1];
  if (number === undefined) throw source.invalid(token.startOffset, `The token ${image} has no number in its brackets`);
  return { kind: "token", token: Number(number), ...(negated ? { negated } : {}) };
}
