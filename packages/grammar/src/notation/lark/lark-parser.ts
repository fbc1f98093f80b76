import { EmbeddedActionsParser, type IToken } from "chevrotain";
import { LARK_ESCAPES, readText } from "../escapes.ts";
import { SYNTAX_MESSAGES } from "../read-syntax.ts";
import { checkCounts } from "../repetition.ts";
import type { SourceText } from "../source-text.ts";
import {
  isTerminalName,
  type LarkAttribute,
  type LarkDefinition,
  type LarkNode,
  type LarkStatement,
} from "./lark-syntax.ts";
import * as token from "./lark-tokens.ts";
import { readStructured } from "./structured-json.ts";

/** The grammar of Lark's notation, with llguidance's additions. Set {@link source} before. */
export class LarkParser extends EmbeddedActionsParser {
  source!: SourceText;

  constructor() {
    super(token.LARK_TOKENS, { errorMessageProvider: SYNTAX_MESSAGES, maxLookahead: 1 });
    this.performSelfAnalysis();
  }

  readonly file: () => LarkStatement[] = this.RULE("file", () => {
    const statements: LarkStatement[] = [];
    this.MANY(() => {
      const read = this.SUBRULE(this.#statement);
      this.ACTION(() => statements.push(...read));
      this.OPTION(() => this.CONSUME(token.Newline));
    });
    return statements;
  });

  readonly #statement: () => LarkStatement[] = this.RULE("statement", () =>
    this.OR<LarkStatement[]>([
      { ALT: () => [this.SUBRULE(this.#definition)] },
      {
        ALT: () => {
          this.CONSUME(token.Override);
          const definition = this.SUBRULE2(this.#definition);
          return this.ACTION((): LarkStatement[] => [{ ...definition, mode: "override" }]);
        },
      },
      {
        ALT: () => {
          this.CONSUME(token.Extend);
          const definition = this.SUBRULE3(this.#definition);
          return this.ACTION((): LarkStatement[] => [{ ...definition, mode: "extend" }]);
        },
      },
      {
        ALT: () => {
          const { startOffset: offset } = this.CONSUME(token.Ignore);
          return [{ kind: "ignore", body: this.SUBRULE(this.#alternatives), offset }];
        },
      },
      {
        ALT: () => {
          this.CONSUME(token.Declare);
          const names: LarkStatement[] = [];
          this.AT_LEAST_ONE(() => {
            const { image, startOffset } = this.CONSUME(token.Name);
            names.push({ kind: "declare", name: image, offset: startOffset });
          });
          return names;
        },
      },
      { ALT: () => this.SUBRULE(this.#import) },
      {
        ALT: () => {
          const read = this.CONSUME(token.Structured);
          return this.ACTION((): LarkStatement[] => {
            const { directive, content } = readStructured(read, this.source);
            if (directive !== "llguidance") {
              throw this.source.invalid(read.startOffset, `%${directive} belongs into a rule; it stands alone`);
            }
            return [{ kind: "options", content, offset: read.startOffset }];
          });
        },
      },
      {
        ALT: () => {
          const unknown = this.CONSUME(token.UnknownDirective);
          return this.ACTION((): LarkStatement[] => {
            throw this.source.unsupported(unknown.startOffset, `The directive ${unknown.image} is not known`);
          });
        },
      },
    ]),
  );

  readonly #definition: () => LarkDefinition = this.RULE("definition", () => {
    this.OPTION(() => this.CONSUME(token.Modifier));
    const name = this.CONSUME(token.Name);
    const parameters: string[] = [];
    this.OPTION2(() => {
      this.CONSUME(token.LeftBrace);
      this.AT_LEAST_ONE_SEP({ SEP: token.Comma, DEF: () => parameters.push(this.CONSUME2(token.Name).image) });
      this.CONSUME(token.RightBrace);
    });
    const attributes: LarkAttribute[] = [];
    this.OPTION3(() => {
      this.CONSUME(token.LeftBracket);
      this.AT_LEAST_ONE_SEP2({ SEP: token.Comma, DEF: () => attributes.push(this.SUBRULE(this.#attribute)) });
      this.CONSUME(token.RightBracket);
    });
    let priority = 0;
    this.OPTION4(() => {
      this.CONSUME(token.Dot);
      priority = Number(this.CONSUME(token.NumberToken).image);
    });
    this.OPTION5(() => {
      const { startOffset } = this.CONSUME(token.Parameter);
      this.ACTION(() => {
        throw this.source.unsupported(startOffset, "Parametric rules (name::…) are not supported");
      });
    });
    this.CONSUME(token.Colon);
    const body = this.SUBRULE(this.#alternatives);
    return this.ACTION<LarkDefinition>(() => ({
      kind: "definition",
      mode: "define",
      name: name.image,
      isTerminal: isTerminalName(name.image),
      parameters,
      attributes,
      priority,
      body,
      offset: name.startOffset,
    }));
  });

  readonly #attribute: () => LarkAttribute = this.RULE("attribute", () => {
    const { image: name, startOffset: offset } = this.CONSUME(token.Name);
    let value: LarkNode | undefined;
    this.OPTION(() => {
      this.CONSUME(token.Equals);
      this.OR([{ ALT: () => (value = this.SUBRULE(this.#value)) }, { ALT: () => this.CONSUME(token.NumberToken) }]);
    });
    return { name, value, offset };
  });

  readonly #import: () => LarkStatement[] = this.RULE("import", () => {
    this.CONSUME(token.Import);
    let relative = false;
    this.OPTION(() => {
      this.CONSUME(token.Dot);
      relative = true;
    });
    const path: IToken[] = [];
    this.AT_LEAST_ONE_SEP({ SEP: token.Dot, DEF: () => path.push(this.CONSUME(token.Name)) });
    let names: IToken[] | undefined;
    let alias: IToken | undefined;
    this.OPTION2(() => {
      this.OR([
        {
          ALT: () => {
            this.CONSUME(token.Arrow);
            alias = this.CONSUME2(token.Name);
          },
        },
        {
          ALT: () => {
            this.CONSUME(token.Left);
            const list: IToken[] = [];
            this.AT_LEAST_ONE_SEP2({ SEP: token.Comma, DEF: () => list.push(this.CONSUME3(token.Name)) });
            this.CONSUME(token.Right);
            names = list;
          },
        },
      ]);
    });
    return this.ACTION((): LarkStatement[] => {
      const folders = path.map((each) => each.image);
      const imported = names ?? [path[path.length - 1]];
      if (names === undefined) folders.pop();
      if (folders.length === 0) {
        throw this.source.invalid(path[0].startOffset, `The import of ${path[0].image} names no module`);
      }
      return imported.map((each) => ({
        kind: "import",
        relative,
        path: folders,
        name: each.image,
        alias: alias?.image ?? each.image,
        offset: each.startOffset,
      }));
    });
  });

  readonly #alternatives: () => LarkNode = this.RULE("alternatives", () => {
    const alternatives = [this.SUBRULE(this.#alias)];
    this.MANY(() => {
      this.CONSUME(token.Or);
      alternatives.push(this.SUBRULE2(this.#alias));
    });
    return this.ACTION<LarkNode>(() =>
      alternatives.length === 1 ? alternatives[0] : { kind: "choice", alternatives, offset: alternatives[0].offset },
    );
  });

  readonly #alias: () => LarkNode = this.RULE("alias", () => {
    let node = this.SUBRULE(this.#sequence);
    this.MANY(() => {
      this.CONSUME(token.And);
      const and = this.SUBRULE2(this.#sequence);
      node = this.ACTION(() => ({ kind: "and", item: node, and, offset: node.offset }));
    });
    this.OPTION(() => {
      this.CONSUME(token.Arrow);
      this.CONSUME(token.Name);
    });
    return node;
  });

  readonly #sequence: () => LarkNode = this.RULE("sequence", () => {
    const { startOffset: offset } = this.LA(1);
    const items: LarkNode[] = [];
    this.MANY(() => {
      items.push(this.SUBRULE(this.#item));
    });
    return this.ACTION<LarkNode>(() => (items.length === 1 ? items[0] : { kind: "sequence", items, offset }));
  });

  readonly #item: () => LarkNode = this.RULE("item", () => {
    let negated: IToken | undefined;
    this.OPTION(() => {
      negated = this.CONSUME(token.Tilde);
    });
    let node = this.SUBRULE(this.#atom);
    this.ACTION(() => {
      if (negated !== undefined) node = { kind: "not", item: node, offset: negated.startOffset };
    });
    this.OPTION2(() => {
      this.OR([
        {
          ALT: () => {
            const { image } = this.CONSUME(token.Operator);
            this.ACTION(() => {
              const max = image === "?" ? 1 : undefined;
              node = { kind: "repeat", item: node, min: image === "+" ? 1 : 0, max, offset: node.offset };
            });
          },
        },
        {
          // "~ 3" counts; "~ X" begins the next item.
          GATE: () => this.LA(2).tokenType === token.NumberToken,
          ALT: () => {
            const { startOffset } = this.CONSUME2(token.Tilde);
            const least = this.CONSUME(token.NumberToken).image;
            let most = least;
            this.OPTION3(() => {
              this.CONSUME(token.Range);
              most = this.CONSUME2(token.NumberToken).image;
            });
            node = this.ACTION(() => this.#repeat(node, least, most, startOffset));
          },
        },
        {
          ALT: () => {
            const { startOffset } = this.CONSUME(token.LeftBrace);
            let least: string | undefined;
            let most: string | undefined;
            let open = false;
            this.OPTION4(() => {
              least = this.CONSUME3(token.NumberToken).image;
            });
            this.OPTION5(() => {
              this.CONSUME(token.Comma);
              open = true;
              this.OPTION6(() => {
                most = this.CONSUME4(token.NumberToken).image;
              });
            });
            this.CONSUME(token.RightBrace);
            node = this.ACTION(() => this.#repeat(node, least ?? "0", open ? most : least, startOffset));
          },
        },
      ]);
    });
    return node;
  });

  #repeat(item: LarkNode, least: string, most: string | undefined, offset: number): LarkNode {
    const bounds = [Number(least), most === undefined ? undefined : Number(most)] as const;
    if (bounds.some((each) => each !== undefined && !Number.isInteger(each))) {
      throw this.source.invalid(offset, "A count is not a whole number");
    }
    const { min, max } = checkCounts(bounds[0], bounds[1], this.source, offset);
    return { kind: "repeat", item, min, max, offset: item.offset };
  }

  readonly #atom: () => LarkNode = this.RULE("atom", () =>
    this.OR<LarkNode>([
      {
        ALT: () => {
          this.CONSUME(token.Left);
          const inner = this.SUBRULE(this.#alternatives);
          this.CONSUME(token.Right);
          return inner;
        },
      },
      {
        ALT: () => {
          const { startOffset: offset } = this.CONSUME(token.LeftBracket);
          const item = this.SUBRULE2(this.#alternatives);
          this.CONSUME(token.RightBracket);
          return { kind: "repeat", item, min: 0, max: 1, offset };
        },
      },
      { ALT: () => this.SUBRULE(this.#value) },
    ]),
  );

  readonly #value: () => LarkNode = this.RULE("value", () =>
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
              this.AT_LEAST_ONE_SEP({ SEP: token.Comma, DEF: () => values.push(this.SUBRULE(this.#value)) });
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
