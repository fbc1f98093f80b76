import { EmbeddedActionsParser, EOF, type IToken } from "chevrotain";
import type { Expression, ReferenceExpression } from "../../cfg/grammar.ts";
import { readCharacterClass } from "../character-class.ts";
import { GBNF_ESCAPES, readText } from "../escapes.ts";
import { ANY_CHARACTER, choiceOf, literalOf, repeatOf, sequenceOf } from "../expressions.ts";
import type { ReadRule } from "../finish-grammar.ts";
import { MAX_POSTFIX_OPERATORS, SYNTAX_MESSAGES, tooDeep } from "../read-syntax.ts";
import { readCounts } from "../repetition.ts";
import type { SourceText } from "../source-text.ts";
import {
  AnyCharacter,
  CharacterClass,
  Counts,
  Define,
  GBNF_TOKENS,
  Left,
  Name,
  Newline,
  Operator,
  Or,
  Right,
  Text,
  TokenName,
} from "./gbnf-tokens.ts";

/** The grammar of GBNF. Actions make expressions at once; {@link source} must be set before. */
export class GbnfParser extends EmbeddedActionsParser {
  source!: SourceText;
  #references: Map<ReferenceExpression, number> = new Map();

  constructor() {
    super(GBNF_TOKENS, { errorMessageProvider: SYNTAX_MESSAGES, maxLookahead: 1, skipValidations: false });
    this.performSelfAnalysis();
  }

  readonly file: () => ReadRule[] = this.RULE("file", () => {
    const rules: ReadRule[] = [];
    this.MANY(() => {
      rules.push(this.SUBRULE(this.#rule));
      this.OR([{ ALT: () => this.CONSUME(Newline) }, { ALT: () => this.CONSUME(EOF) }]);
    });
    return rules;
  });

  readonly #rule: () => ReadRule = this.RULE("rule", () => {
    this.ACTION(() => {
      this.#references = new Map();
    });
    const name = this.CONSUME(Name);
    this.CONSUME(Define);
    const expression = this.SUBRULE(this.#alternatives);
    return this.ACTION(() => ({
      rule: { name: name.image, expression, place: this.source.placeAt(name.startOffset) },
      source: this.source,
      offset: name.startOffset,
      references: this.#references,
    }));
  });

  readonly #alternatives: () => Expression = this.RULE("alternatives", () => {
    const alternatives = [this.SUBRULE(this.#sequence)];
    this.MANY(() => {
      this.CONSUME(Or);
      alternatives.push(this.SUBRULE2(this.#sequence));
    });
    return this.ACTION(() => choiceOf(alternatives));
  });

  readonly #sequence: () => Expression = this.RULE("sequence", () => {
    const items: Expression[] = [];
    this.MANY(() => {
      items.push(this.SUBRULE(this.#item));
    });
    return this.ACTION(() => sequenceOf(items));
  });

  readonly #item: () => Expression = this.RULE("item", () => {
    let expression = this.SUBRULE(this.#atom);
    let operators = 0;
    this.MANY(() => {
      this.OR([
        {
          ALT: () => {
            const token = this.CONSUME(Operator);
            expression = this.ACTION(() => {
              if (++operators > MAX_POSTFIX_OPERATORS) throw tooDeep(token, this.source);
              return repeatOf(expression, token.image === "+" ? 1 : 0, token.image === "?" ? 1 : undefined);
            });
          },
        },
        {
          ALT: () => {
            const token = this.CONSUME(Counts);
            expression = this.ACTION(() => {
              if (++operators > MAX_POSTFIX_OPERATORS) throw tooDeep(token, this.source);
              const { min, max } = readCounts(token.image, this.source, token.startOffset);
              return repeatOf(expression, min, max);
            });
          },
        },
      ]);
    });
    return expression;
  });

  readonly #atom: () => Expression = this.RULE("atom", () =>
    this.OR<Expression>([
      {
        ALT: () => {
          const token = this.CONSUME(Text);
          return this.ACTION(() => {
            const { from, to } = span(token);
            return literalOf(readText(this.source, from + 1, to - 1, GBNF_ESCAPES));
          });
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(CharacterClass);
          return this.ACTION(() => {
            const { from, to } = span(token);
            return readCharacterClass(this.source, from, to, GBNF_ESCAPES);
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(AnyCharacter);
          return ANY_CHARACTER;
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(TokenName);
          return this.ACTION(() => tokenExpression(token, this.source));
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(Name);
          return this.ACTION(() => {
            const place = this.source.placeAt(token.startOffset);
            const reference: ReferenceExpression = { kind: "reference", rule: token.image, place };
            this.#references.set(reference, token.startOffset);
            return reference;
          });
        },
      },
      {
        ALT: () => {
          this.CONSUME(Left);
          const inner = this.SUBRULE(this.#alternatives);
          this.CONSUME(Right);
          return inner;
        },
      },
    ]),
  );
}

function span(token: IToken): { readonly from: number; readonly to: number } {
  return { from: token.startOffset, to: token.startOffset + token.image.length };
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
