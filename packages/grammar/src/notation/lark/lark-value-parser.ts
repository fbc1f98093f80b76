import { EmbeddedActionsParser, type IToken } from "chevrotain";
import { LARK_ESCAPES, readText } from "../escapes.ts";
import { SYNTAX_MESSAGES } from "../read-syntax.ts";
import type { SourceText } from "../source-text.ts";
import type { LarkNode } from "./lark-syntax.ts";
import * as token from "./lark-tokens.ts";
import { readStructured } from "./structured-json.ts";

/**
 * What bodies and arguments are made of: texts, ranges, patterns, names, templates, tokens and JSON. {@link source} must be set
 * before.
 */
export abstract class LarkValueParser extends EmbeddedActionsParser {
  source!: SourceText;

  protected constructor() {
    super(token.LARK_TOKENS, { errorMessageProvider: SYNTAX_MESSAGES, maxLookahead: 1 });
  }

  protected readonly value: () => LarkNode = this.RULE("value", () =>
    this.OR<LarkNode>([
      {
        ALT: () => {
          const from = this.CONSUME(token.Text);
          let to: IToken | undefined;
          this.OPTION(() => {
            this.CONSUME(token.Range);
            to = this.CONSUME2(token.Text);
          });
          return this.ACTION(() => (to === undefined ? this.#literal(from) : this.#range(from, to)));
        },
      },
      {
        ALT: () => {
          const { image, startOffset: offset } = this.CONSUME(token.Regex);
          return this.ACTION(() => {
            const end = image.lastIndexOf("/");
            return { kind: "regex", source: image.slice(1, end), flags: image.slice(end + 1), offset };
          });
        },
      },
      {
        ALT: () => {
          const { image: name, startOffset: offset } = this.CONSUME(token.Name);
          const values: LarkNode[] = [];
          this.OPTION2({
            GATE: () => this.LA(2).tokenType !== token.NumberToken && this.LA(2).tokenType !== token.Comma,
            DEF: () => {
              this.CONSUME(token.LeftBrace);
              this.AT_LEAST_ONE_SEP({ SEP: token.Comma, DEF: () => values.push(this.SUBRULE(this.value)) });
              this.CONSUME(token.RightBrace);
            },
          });
          return this.ACTION(() =>
            values.length === 0 ? { kind: "name", name, offset } : { kind: "template", name, values, offset },
          );
        },
      },
      {
        ALT: () => {
          const { image, startOffset: offset } = this.CONSUME(token.SpecialToken);
          return { kind: "token", image, offset };
        },
      },
      {
        ALT: () => {
          const read = this.CONSUME(token.Structured);
          return this.ACTION((): LarkNode => {
            const { directive, content } = readStructured(read, this.source);
            return { kind: "structured", directive, content, offset: read.startOffset };
          });
        },
      },
      {
        ALT: () => {
          const { startOffset } = this.CONSUME(token.At);
          return this.ACTION((): LarkNode => {
            throw this.source.unsupported(startOffset, "References to other grammars (@name) are not supported");
          });
        },
      },
    ]),
  );

  #literal(read: IToken): LarkNode {
    const ignoreCase = read.image.endsWith("i");
    return { kind: "literal", text: this.#text(read, ignoreCase), ignoreCase, offset: read.startOffset };
  }

  #range(from: IToken, to: IToken): LarkNode {
    const [low, high] = [from, to].map((each) => {
      const characters = [...this.#text(each, each.image.endsWith("i"))];
      if (characters.length !== 1 || each.image.endsWith("i")) {
        throw this.source.invalid(each.startOffset, `The end of a range must be one character, not ${each.image},`);
      }
      return characters[0].codePointAt(0) as number;
    });
    if (high < low) throw this.source.invalid(from.startOffset, `The range ${from.image}..${to.image} runs backwards`);
    return { kind: "range", from: low, to: high, offset: from.startOffset };
  }

  #text(read: IToken, flagged: boolean): string {
    const from = read.startOffset + 1;
    return readText(this.source, from, from + read.image.length - (flagged ? 3 : 2), LARK_ESCAPES);
  }
}
