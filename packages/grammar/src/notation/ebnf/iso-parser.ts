import type { IToken } from "chevrotain";
import type { Expression, GrammarNote } from "../../cfg/grammar.ts";
import { EMPTY_TEXT, exceptOf, optionalOf, repeatOf, sequenceOf } from "../expressions.ts";
import { checkCounts } from "../repetition.ts";
import { RuleParser } from "../rule-parser.ts";
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
import { type SpecialSequence, specialSequenceName } from "./special-sequences.ts";

/** The grammar of ISO/IEC 14977. Set {@link source}, {@link special} and {@link notes} before. */
export class IsoParser extends RuleParser {
  special: ReadonlyMap<string, SpecialSequence> = new Map();
  notes: GrammarNote[] = [];

  constructor() {
    super({ vocabulary: ISO_TOKENS, name: Name, define: Define, or: Or, left: Left, right: Right, text: Text });
    this.performSelfAnalysis();
  }

  /** The standard has none. */
  protected get escapes(): undefined {
    return undefined;
  }

  protected override endRule(): void {
    this.CONSUME(End);
  }

  protected readonly sequence: () => Expression = this.RULE("sequence", () => {
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
        { ALT: () => this.SUBRULE(this.text) },
        { ALT: () => this.SUBRULE(this.reference) },
        {
          ALT: () => {
            const token = this.CONSUME(Special);
            return this.ACTION(() => this.#special(token));
          },
        },
        { ALT: () => this.SUBRULE(this.group) },
        {
          ALT: () => {
            this.CONSUME(LeftOption);
            const inner = this.SUBRULE(this.alternatives);
            this.CONSUME(RightOption);
            return this.ACTION(() => optionalOf(inner));
          },
        },
        {
          ALT: () => {
            this.CONSUME(LeftRepeat);
            const inner = this.SUBRULE2(this.alternatives);
            this.CONSUME(RightRepeat);
            return this.ACTION(() => repeatOf(inner, 0));
          },
        },
      ]);
    });
    return expression;
  });

  #special(token: IToken): Expression {
    const special = this.special.get(specialSequenceName(token.image.slice(1, -1)));
    if (special === undefined) {
      throw this.source.unsupported(
        token.startOffset,
        `The special sequence ${token.image} has no meaning here`,
        "Say what it stands for in the option specialSequences.",
      );
    }
    if (special.readAs !== undefined) {
      this.notes.push({
        message: `The special sequence ${token.image} is read as ${special.readAs}.`,
        place: this.source.placeAt(token.startOffset),
      });
    }
    return special.expression;
  }
}
