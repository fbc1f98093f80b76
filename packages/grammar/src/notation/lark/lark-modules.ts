import type { IToken } from "chevrotain";
import type { WorkBudget } from "../../budget/work-budget.ts";
import type { EspalierError } from "../../errors/espalier-error.ts";
import { LimitExceededError } from "../../errors/limit-exceeded-error.ts";
import { nearNames } from "../near-names.ts";
import { once } from "../once.ts";
import { checkNesting, lexerOf, parseTokens, readTokens } from "../read-syntax.ts";
import { throwTogether } from "../report-together.ts";
import { describeValue } from "../../cfg/check-expression.ts";
import { shortName, SourceText } from "../source-text.ts";
import { COMMON_MODULE, PYTHON_MODULE, UNICODE_MODULE } from "./common-module.ts";
import { LarkParser } from "./lark-parser.ts";
import {
  type LarkDefinition,
  type LarkImport,
  type LarkNode,
  type LarkStatement,
  larkTerminal,
} from "./lark-syntax.ts";
import { CLOSING, LARK_TOKENS, OPENING, withoutIdleNewlines } from "./lark-tokens.ts";

/** Texts of other files, by path from the folder of the grammar: `%import .lib.words.X` asks for `lib/words.lark`. */
export type LarkImports =
  | ReadonlyMap<string, string>
  | Readonly<Record<string, string>>
  | ((path: string) => string | undefined);

/** Files that one grammar may import, itself included. */
const MAX_MODULES = 100;

const BUILT_IN: ReadonlyMap<string, string> = new Map([
  ["common", COMMON_MODULE],
  ["python", PYTHON_MODULE],
  ["unicode", UNICODE_MODULE],
]);

/** A rule or terminal with the file whose names it uses; `%extend` adds bodies from other files. */
export interface ModuleDefinition {
  readonly module: LarkModule;
  readonly head: LarkDefinition;
  readonly bodies: readonly { readonly body: LarkNode; readonly module: LarkModule }[];
  /** From `%declare`: there is no body. */
  readonly declared: boolean;
}

export class LarkModule {
  /** Empty for the grammar itself. */
  readonly path: string;
  readonly source: SourceText;
  readonly definitions: Map<string, ModuleDefinition> = new Map();
  readonly imports: Map<string, { readonly module: LarkModule; readonly name: string; readonly offset: number }> =
    new Map();
  statements: readonly LarkStatement[] = [];

  constructor(path: string, source: SourceText) {
    this.path = path;
    this.source = source;
  }
}

const lexer = once(() => lexerOf(LARK_TOKENS));
const parser = once(() => new LarkParser());

/** Reads a grammar and the files that it imports, each once. */
export class LarkModules {
  readonly #modules: Map<string, LarkModule> = new Map();
  readonly #imports: LarkImports;
  readonly #budget: WorkBudget;

  constructor(imports: LarkImports, budget: WorkBudget) {
    this.#imports = imports;
    this.#budget = budget;
  }

  /** @throws InvalidInputError for what is wrong in any of the files */
  load(text: string, name: string | undefined): LarkModule {
    return this.#load("", new SourceText(text, name));
  }

  /** All definitions of all files that were read. */
  *definitions(): Generator<ModuleDefinition> {
    for (const module of this.#modules.values()) yield* module.definitions.values();
  }

  /** The definition that a name in a file leads to, through imports; nothing where there is none. */
  resolve(module: LarkModule, name: string): ModuleDefinition | undefined {
    const seen = new Set<LarkModule>();
    let at = module;
    let wanted = name;
    for (;;) {
      const found = at.definitions.get(wanted);
      if (found !== undefined) return found;
      const imported = at.imports.get(wanted);
      if (imported === undefined) return undefined;
      if (seen.has(imported.module)) {
        throw at.source.invalid(imported.offset, `The import of ${wanted} leads back to itself`);
      }
      seen.add(imported.module);
      at = imported.module;
      wanted = imported.name;
    }
  }

  #load(path: string, source: SourceText): LarkModule {
    const module = new LarkModule(path, source);
    this.#modules.set(path, module);
    module.statements = read(source, this.#budget);
    const errors: EspalierError[] = [];
    for (const statement of module.statements) this.#define(module, statement, errors);
    throwTogether(errors);
    for (const statement of module.statements) {
      if (statement.kind === "import") this.#import(module, statement, errors);
    }
    for (const statement of module.statements) {
      if (statement.kind === "definition" && statement.mode !== "define") this.#change(module, statement, errors);
    }
    throwTogether(errors);
    return module;
  }

  #define(module: LarkModule, statement: LarkStatement, errors: EspalierError[]): void {
    if (statement.kind === "definition" && statement.mode !== "define") return;
    if (statement.kind !== "definition" && statement.kind !== "declare") return;
    this.#budget.spend();
    const first = module.definitions.get(statement.name);
    if (first !== undefined) {
      if (statement.kind === "declare" || first.declared) return;
      const where = module.source.describe(first.head.offset);
      errors.push(
        module.source.invalid(
          statement.offset,
          `${statement.name} is defined twice, first at ${where} and again`,
          "%override replaces a definition, and %extend adds to it.",
        ),
      );
      return;
    }
    const declared = statement.kind === "declare";
    const head: LarkDefinition = declared
      ? larkTerminal(statement.name, { kind: "choice", alternatives: [], offset: statement.offset })
      : statement;
    module.definitions.set(statement.name, {
      module,
      head,
      bodies: declared ? [] : [{ body: head.body, module }],
      declared,
    });
  }

  #import(module: LarkModule, statement: LarkImport, errors: EspalierError[]): void {
    const target = this.#target(module, statement);
    const known = this.resolve(target, statement.name);
    if (known === undefined && !target.imports.has(statement.name)) {
      const near = nearNames(statement.name, target.definitions.keys());
      errors.push(
        module.source.invalid(
          statement.offset,
          `The module ${statement.path.join(".")} has no ${statement.name}${near.length === 0 ? "" : ` (near: ${near.join(", ")})`}; it is imported`,
          near.length === 0 ? undefined : `Did you mean ${near.join(" or ")}?`,
        ),
      );
      return;
    }
    const first = module.definitions.get(statement.alias) ?? module.imports.get(statement.alias);
    if (first !== undefined) {
      errors.push(module.source.invalid(statement.offset, `${statement.alias} is defined and also imported`));
      return;
    }
    module.imports.set(statement.alias, { module: target, name: statement.name, offset: statement.offset });
  }

  #target(module: LarkModule, statement: LarkImport): LarkModule {
    const folder = module.path.slice(0, module.path.lastIndexOf("/") + 1);
    const builtIn = statement.relative ? undefined : BUILT_IN.get(statement.path.join("/"));
    const path =
      builtIn === undefined
        ? `${statement.relative ? folder : ""}${statement.path.join("/")}.lark`
        : `<${statement.path[0]}>`;
    const loaded = this.#modules.get(path);
    if (loaded !== undefined) return loaded;
    const place = module.source.describe(statement.offset);
    if (this.#modules.size >= MAX_MODULES) {
      throw new LimitExceededError({
        message: `The grammar imports more than ${MAX_MODULES} files, the last of them ${shortName(path)} at ${place}.`,
        limit: "maxImports",
        allowed: MAX_MODULES,
        place,
      });
    }
    const text: unknown = builtIn ?? this.#text(path);
    const subject = `The module ${shortName(statement.path.join("."))} (${shortName(path)})`;
    if (text !== undefined && typeof text !== "string") {
      throw module.source.invalid(
        statement.offset,
        `${subject} is no text, but ${describeValue(text)}; it is imported`,
      );
    }
    if (text === undefined) {
      throw module.source.invalid(
        statement.offset,
        `${subject} is not known; it is imported`,
        "Pass its text in the option imports. Built in are common, python and unicode.",
      );
    }
    return this.#load(path, new SourceText(text, path));
  }

  #text(path: string): string | undefined {
    if (typeof this.#imports === "function") return this.#imports(path);
    if (this.#imports instanceof Map) return this.#imports.get(path) as string | undefined;
    return Object.hasOwn(this.#imports, path) ? (this.#imports as Record<string, string>)[path] : undefined;
  }

  /** `%override` and `%extend` change the definition itself, so that every reference sees it, in imported files too. */
  #change(module: LarkModule, statement: LarkDefinition, errors: EspalierError[]): void {
    const target = this.resolve(module, statement.name);
    if (target === undefined) {
      const verb = statement.mode === "override" ? "overridden" : "extended";
      errors.push(
        module.source.invalid(statement.offset, `${statement.name} is ${verb}, but not defined or imported,`),
      );
      return;
    }
    const own = { body: statement.body, module };
    const { head } = target;
    target.module.definitions.set(head.name, {
      module: target.module,
      head: statement.mode === "extend" ? head : { ...statement, name: head.name, isTerminal: head.isTerminal },
      bodies: statement.mode === "extend" ? [...target.bodies, own] : [own],
      declared: false,
    });
  }
}

function read(source: SourceText, budget: WorkBudget): readonly LarkStatement[] {
  const tokens: IToken[] = withoutIdleNewlines(readTokens(lexer(), source, budget));
  checkNesting(tokens, OPENING, CLOSING, source);
  parser().source = source;
  return parseTokens(parser(), tokens, source, (each) => each.file());
}
