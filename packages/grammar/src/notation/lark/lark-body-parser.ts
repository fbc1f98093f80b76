import type { IToken } from "chevrotain";
import { checkCounts } from "../repetition.ts";
import type { LarkNode } from "./lark-syntax.ts";
import * as token from "./lark-tokens.ts";
import { LarkValueParser } from "./lark-value-parser.ts";

/** What stands behind the colon of a definition: alternatives of items, groups and repeats. */
export abstract class LarkBodyParser extends LarkValueParser {
  protected readonly alternatives: () => LarkNode = this.RULE("alternatives", () => {
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
          const inner = this.SUBRULE(this.alternatives);
          this.CONSUME(token.Right);
          return inner;
        },
      },
      {
        ALT: () => {
          const { startOffset: offset } = this.CONSUME(token.LeftBracket);
          const item = this.SUBRULE2(this.alternatives);
          this.CONSUME(token.RightBracket);
          return { kind: "repeat", item, min: 0, max: 1, offset };
        },
      },
      { ALT: () => this.SUBRULE(this.value) },
    ]),
  );
}
