import type { IToken } from "chevrotain";
import { LarkBodyParser } from "./lark-body-parser.ts";
import {
  isTerminalName,
  type LarkAttribute,
  type LarkDefinition,
  type LarkNode,
  type LarkStatement,
} from "./lark-syntax.ts";
import * as token from "./lark-tokens.ts";
import { readStructured } from "./structured-json.ts";

/** The grammar of Lark's notation, with llguidance's additions: statements. Set {@link source} before. */
export class LarkParser extends LarkBodyParser {
  constructor() {
    super();
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
          return [{ kind: "ignore", body: this.SUBRULE(this.alternatives), offset }];
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
    const body = this.SUBRULE(this.alternatives);
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
      this.OR([{ ALT: () => (value = this.SUBRULE(this.value)) }, { ALT: () => this.CONSUME(token.NumberToken) }]);
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
}
