import { EmbeddedActionsParser, type IToken } from "chevrotain";
import type { Expression, ReferenceExpression } from "../../cfg/grammar.ts";
import { readText } from "../escapes.ts";
import { choiceOf, EMPTY_TEXT, exceptOf, literalOf, optionalOf, repeatOf, sequenceOf } from "../expressions.ts";
import type { ReadRule } from "../finish-grammar.ts";
import { SYNTAX_MESSAGES } from "../read-syntax.ts";
import { checkCounts } from "../repetition.ts";
import type { SourceText } from "../source-text.ts";
import {
  Comma,
  Define,
  End,
  Integer,
  ISO_TOKENS,
  Left,
  LeftOption,
  LeftRepeat,
  Minus,
  Name,
  Or,
  Right,
  RightOption,
  RightRepeat,
  Special,
  Star,
  Text,
} from "./iso-tokens.ts";

/** The grammar of ISO/IEC 14977. Set {@link source} before. */
export class IsoParser extends EmbeddedActionsParser {
  source!: SourceText;
  #references: Map<ReferenceExpression, number> = new Map();

  constructor() {
    super(ISO_TOKENS, { errorMessageProvider: SYNTAX_MESSAGES, maxLookahead: 1 });
    this.performSelfAnalysis();
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
    const expression = this.SUBRULE(this.#definitions);
    this.CONSUME(End);
    return this.ACTION(() => ({
      rule: { name: name.image, expression, place: this.source.placeAt(name.startOffset) },
      source: this.source,
      offset: name.startOffset,
      references: this.#references,
    }));
  });

  readonly #definitions: () => Expression = this.RULE("definitions", () => {
    const alternatives = [this.SUBRULE(this.#definition)];
    this.MANY(() => {
      this.CONSUME(Or);
      alternatives.push(this.SUBRULE2(this.#definition));
    });
    return this.ACTION(() => choiceOf(alternatives));
  });

  readonly #definition: () => Expression = this.RULE("definition", () => {
    const items = [this.SUBRULE(this.#term)];
    this.MANY(() => {
      this.CONSUME(Comma);
      items.push(this.SUBRULE2(this.#term));
    });
    return this.ACTION(() => sequenceOf(items));
  });

  readonly #term: () => Expression = this.RULE("term", () => {
    const item = this.SUBRULE(this.#factor);
    let without: Expression | undefined;
    this.OPTION(() => {
      this.CONSUME(Minus);
      without = this.SUBRULE2(this.#factor);
    });
    return this.ACTION(() => (without === undefined ? item : exceptOf(item, without)));
  });

  readonly #factor: () => Expression = this.RULE("factor", () => {
    let count: IToken | undefined;
    this.OPTION(() => {
      count = this.CONSUME(Integer);
      this.CONSUME(Star);
    });
    const item = this.SUBRULE(this.#primary);
    return this.ACTION(() => {
      if (count === undefined) return item;
      const times = Number(count.image);
      const { min, max } = checkCounts(times, times, this.source, count.startOffset);
      return repeatOf(item, min, max);
    });
  });

  /** May be empty: "nothing between two commas" is the empty text. */
  readonly #primary: () => Expression = this.RULE("primary", () => {
    let expression: Expression = EMPTY_TEXT;
    this.OPTION(() => {
      expression = this.OR<Expression>([
        {
          ALT: () => {
            const token = this.CONSUME(Text);
            return this.ACTION(() => {
              const to = token.startOffset + token.image.length;
              return literalOf(readText(this.source, token.startOffset + 1, to - 1, undefined));
            });
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
            const token = this.CONSUME(Special);
            return this.ACTION((): Expression => {
              throw this.source.unsupported(
                token.startOffset,
                `The special sequence ${token.image} has no meaning here`,
              );
            });
          },
        },
        {
          ALT: () => {
            this.CONSUME(Left);
            const inner = this.SUBRULE(this.#definitions);
            this.CONSUME(Right);
            return inner;
          },
        },
        {
          ALT: () => {
            this.CONSUME(LeftOption);
            const inner = this.SUBRULE2(this.#definitions);
            this.CONSUME(RightOption);
            return this.ACTION(() => optionalOf(inner));
          },
        },
        {
          ALT: () => {
            this.CONSUME(LeftRepeat);
            const inner = this.SUBRULE3(this.#definitions);
            this.CONSUME(RightRepeat);
            return this.ACTION(() => repeatOf(inner, 0));
          },
        },
      ]);
    });
    return expression;
  });
}
