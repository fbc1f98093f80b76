import type { IToken } from "chevrotain";
import type { Expression } from "../../cfg/grammar.ts";
import { readNumbered } from "../character-class.ts";
import { EBNF_ESCAPES, type EscapeTable, readText } from "../escapes.ts";
import { charactersOf, exceptOf, sequenceOf } from "../expressions.ts";
import { PostfixParser } from "../postfix-parser.ts";
import { Define, Left, Right } from "../postfix-tokens.ts";
import { MAX_POSTFIX_OPERATORS, tooDeep } from "../read-syntax.ts";
import { expandMacro, type MacroArgument, type MacroValue, MACROS, REFUSED_MACROS } from "./macros.ts";
import {
  Assertion,
  type Backslash,
  CharacterClass,
  Comma,
  Counts,
  Equals,
  Minus,
  Name,
  NumberedCharacter,
  Text,
  W3C_VOCABULARY,
  Whole,
} from "./w3c-tokens.ts";

/** The grammar of the EBNF of the W3C. Set {@link source} and {@link backslash} before. */
export class W3cParser extends PostfixParser {
  backslash: Backslash = "escape";
  /** The names of the rules of the text: one that is called like a macro is meant instead of it. */
  defined: ReadonlySet<string> = new Set();
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

  readonly #macroValue: () => MacroValue = this.RULE("macroValue", () =>
    this.OR<MacroValue>([
      {
        ALT: () => {
          const token = this.CONSUME(Text);
          return this.ACTION((): MacroValue => {
            const { startOffset: offset, image } = token;
            const text = readText(this.source, offset + 1, offset + image.length - 1, this.escapes);
            return { kind: "text", text, offset };
          });
        },
      },
      {
        ALT: () => {
          const token = this.CONSUME(Name);
          return { kind: "word", token, offset: token.startOffset };
        },
      },
      { ALT: () => ({ kind: "number", offset: this.CONSUME(Whole).startOffset }) },
      {
        ALT: () => {
          const offset = this.CONSUME(Left).startOffset;
          const items: MacroValue[] = [];
          this.OPTION(() => {
            items.push(this.SUBRULE(this.#macroValue));
            this.MANY({
              // The last comma may have nothing behind it.
              GATE: () => this.LA(2).tokenType !== Right,
              DEF: () => {
                this.CONSUME(Comma);
                items.push(this.SUBRULE2(this.#macroValue));
              },
            });
            this.OPTION2(() => this.CONSUME2(Comma));
          });
          this.CONSUME(Right);
          return { kind: "tuple", items, offset };
        },
      },
    ]),
  );

  readonly #macroArgument: () => MacroArgument = this.RULE("macroArgument", () => {
    let name: string | undefined;
    this.OPTION({
      GATE: () => this.LA(2).tokenType === Equals,
      DEF: () => {
        name = this.CONSUME(Name).image;
        this.CONSUME(Equals);
      },
    });
    return { name, value: this.SUBRULE(this.#macroValue) };
  });

  readonly #macro: () => Expression = this.RULE("macro", () => {
    const token = this.CONSUME(Name);
    this.CONSUME(Left);
    const given: MacroArgument[] = [];
    this.MANY_SEP({
      SEP: Comma,
      DEF: () => {
        given.push(this.SUBRULE(this.#macroArgument));
      },
    });
    this.CONSUME(Right);
    return this.ACTION(() =>
      expandMacro({ name: token.image, arguments: given, offset: token.startOffset }, this.source, (rule) =>
        super.referenceTo(rule),
      ),
    );
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
      { GATE: () => this.#isMacro(), ALT: () => this.SUBRULE(this.#macro), IGNORE_AMBIGUITIES: true },
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

  /** XGrammar's built-in macros look like a rule before a group. */
  #isMacro(): boolean {
    const { image } = this.LA(1);
    return MACROS.has(image) && this.LA(2).tokenType === Left && !this.defined.has(image);
  }

  protected override referenceTo(token: IToken): Expression {
    if (REFUSED_MACROS.has(token.image) && this.LA(1).tokenType === Left && !this.defined.has(token.image)) {
      throw this.source.unsupported(token.startOffset, `The macro ${token.image}(…) is not supported`);
    }
    return super.referenceTo(token);
  }
}
