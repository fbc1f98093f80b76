import { EmbeddedActionsParser, type IToken } from "chevrotain";
import type { Expression, ReferenceExpression } from "../../cfg/grammar.ts";
import { readCharacterClass, readNumbered } from "../character-class.ts";
import { EBNF_ESCAPES, type EscapeTable, readText } from "../escapes.ts";
import { ANY_CHARACTER, charactersOf, choiceOf, exceptOf, literalOf, repeatOf, sequenceOf } from "../expressions.ts";
import type { ReadRule } from "../finish-grammar.ts";
import { MAX_POSTFIX_OPERATORS, SYNTAX_MESSAGES, tooDeep } from "../read-syntax.ts";
import { readCounts } from "../repetition.ts";
import type { SourceText } from "../source-text.ts";
import {
  AnyCharacter,
  type Backslash,
  CharacterClass,
  Counts,
  Define,
  Left,
  Lookahead,
  Minus,
  Name,
  NumberedCharacter,
  Operator,
  Or,
  Right,
  Text,
  W3C_VOCABULARY,
} from "./w3c-tokens.ts";

/** The grammar of the EBNF of the W3C. Set {@link source} and {@link backslash} before. */
export class W3cParser extends EmbeddedActionsParser {
  source!: SourceText;
  backslash: Backslash = "escape";
  #references: Map<ReferenceExpression, number> = new Map();

  constructor() {
    super(W3C_VOCABULARY, { errorMessageProvider: SYNTAX_MESSAGES, maxLookahead: 1 });
    this.performSelfAnalysis();
  }

  get #escapes(): EscapeTable | undefined {
    return this.backslash === "escape" ? EBNF_ESCAPES : undefined;
  }

  readonly file: () => ReadRule[] = this.RULE("file", () => {
    const rules: ReadRule[] = [];
    this.MANY(() => {
      rules.push(this.SUBRULE(this.#rule));
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
      rule: { name: nameOf(name), expression, place: this.source.placeAt(name.startOffset) },
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
    let expression = this.SUBRULE(this.#item);
    let operators = 0;
    this.MANY(() => {
      const token = this.CONSUME(Minus);
      const without = this.SUBRULE2(this.#item);
      expression = this.ACTION(() => {
        if (++operators > MAX_POSTFIX_OPERATORS) throw tooDeep(token, this.source);
        return exceptOf(expression, without);
      });
    });
    return expression;
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
            const to = token.startOffset + token.image.length;
            return literalOf(readText(this.source, token.startOffset + 1, to - 1, this.#escapes));
          });
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(CharacterClass);
          return this.ACTION(() => {
            const to = token.startOffset + token.image.length;
            return readCharacterClass(this.source, token.startOffset, to, this.#escapes, true);
          });
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(NumberedCharacter);
          return this.ACTION(() => {
            const codePoint = readNumbered(this.source, token.startOffset)?.codePoint;
            if (codePoint === undefined || (codePoint >= 0xd800 && codePoint <= 0xdfff)) {
              throw this.source.invalid(token.startOffset, `${token.image} is no character of Unicode`);
            }
            return charactersOf([[codePoint, codePoint]]);
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
          const token = this.CONSUME(Name);
          return this.ACTION(() => this.#reference(token));
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(Lookahead);
          this.ACTION(() => {
            throw this.source.unsupported(token.startOffset, "Lookahead (=…) is not supported");
          });
          const inner = this.SUBRULE(this.#alternatives);
          this.CONSUME(Right);
          return inner;
        },
      },
      {
        ALT: () => {
          this.CONSUME(Left);
          const inner = this.SUBRULE2(this.#alternatives);
          this.CONSUME2(Right);
          return inner;
        },
      },
    ]),
  );

  #reference(token: IToken): Expression {
    const rule = nameOf(token);
    // XGrammar's built-in macros look like a rule before a group.
    if (/^(?:TagDispatch|Token|ExcludeToken|TokenTagDispatch)$/.test(rule) && this.LA(1).tokenType === Left) {
      throw this.source.unsupported(token.startOffset, `The macro ${rule}(…) is not supported`);
    }
    const reference: ReferenceExpression = {
      kind: "reference",
      rule,
      place: this.source.placeAt(token.startOffset),
    };
    this.#references.set(reference, token.startOffset);
    return reference;
  }
}

function nameOf(token: IToken): string {
  return token.image.startsWith("<") ? token.image.slice(1, -1).trim() : token.image;
}
