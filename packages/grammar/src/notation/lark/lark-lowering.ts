import type { WorkBudget } from "../../budget/work-budget.ts";
import type { Expression, GrammarNote, GrammarRule, ReferenceExpression } from "../../cfg/grammar.ts";
import type { EspalierError } from "../../errors/espalier-error.ts";
import { type EndAssertion, endAssertionOf } from "../../cfg/end-assertions.ts";
import { LimitExceededError } from "../../errors/limit-exceeded-error.ts";
import {
  ANY_CHARACTER,
  charactersOf,
  choiceOf,
  exceptOf,
  intersectOf,
  literalOf,
  NOTHING,
  repeatOf,
  sequenceOf,
} from "../expressions.ts";
import type { ReadRule } from "../finish-grammar.ts";
import { nearNames } from "../near-names.ts";
import { throwTogether } from "../report-together.ts";
import type { LarkModule, LarkModules, ModuleDefinition } from "./lark-modules.ts";
import { isTerminalName, type LarkNode, larkTerminal } from "./lark-syntax.ts";
import { structuredRegex } from "./structured-expression.ts";
import { analysePattern } from "./pattern-analysis.ts";
import { TerminalMerging } from "./terminal-merging.ts";
import { type AnalysedPattern, expressionOfPattern, readPattern, shortestOf } from "./terminal-pattern.ts";
import { larkToken } from "./token-expression.ts";

/** Uses of templates with different arguments; more means that one grows without end. */
const MAX_INSTANCES = 10_000;

/** Where an expression stands: whose names it uses, what its parameters stand for, and what it is part of. */
interface Scope {
  readonly module: LarkModule;
  readonly parameters: ReadonlyMap<string, Expression>;
  readonly inTerminal: boolean;
  /** The rule's name, for notes. */
  readonly owner: string;
  /** Whether a pattern here is all of a terminal. @defaultValue false */
  readonly isWhole?: boolean | undefined;
}

const NO_PARAMETERS: ReadonlyMap<string, Expression> = new Map();

/**
 * Turns the definitions of a grammar, and those of other files that it leads to, into rules.
 *
 * Names of the grammar are kept. What only an imported rule uses is called after its file (`COMMON__DIGIT`), and what a template makes
 * after the template (`_sep_1`).
 */
export class LarkLowering {
  readonly rules: ReadRule[] = [];
  readonly notes: GrammarNote[] = [];
  readonly #main: LarkModule;
  readonly #modules: LarkModules;
  readonly #declared: ReadonlyMap<string, Expression>;
  readonly #lexed: boolean;
  readonly #budget: WorkBudget;
  readonly #merging: TerminalMerging;
  readonly #errors: EspalierError[] = [];
  readonly #names: Map<LarkModule, Map<string, string>> = new Map();
  readonly #taken: Set<string> = new Set();
  /** The last number that {@link #fresh} gave for a name. */
  readonly #numbers: Map<string, number> = new Map();
  readonly #instances: Map<string, string> = new Map();
  readonly #waiting: (() => void)[] = [];

  /** @param lexed whether texts are cut into terminals, so that what follows a terminal can be told */
  constructor(
    main: LarkModule,
    modules: LarkModules,
    declared: ReadonlyMap<string, Expression>,
    lexed: boolean,
    budget: WorkBudget,
  ) {
    this.#main = main;
    this.#lexed = lexed;
    this.#modules = modules;
    this.#declared = declared;
    this.#budget = budget;
    this.#merging = new TerminalMerging(modules, budget);
  }

  /** Lowers everything; answers the names of the ignored terminals. */
  lower(): readonly string[] {
    for (const name of [...this.#main.definitions.keys(), ...this.#main.imports.keys()]) this.#taken.add(name);
    for (const [name, definition] of this.#main.definitions) this.#add(definition, name);
    for (const [name, { offset }] of this.#main.imports) this.#addImported(name, offset);
    const ignored: string[] = [];
    for (const statement of this.#main.statements) {
      if (statement.kind === "ignore") ignored.push(this.#ignored(statement.body));
      else if (statement.kind === "options") this.#options(statement.content, statement.offset);
    }
    for (let i = 0; i < this.#waiting.length; i++) this.#waiting[i]();
    throwTogether(this.#errors);
    return [...new Set(ignored)];
  }

  #addImported(name: string, offset: number): void {
    const definition = this.#modules.resolve(this.#main, name);
    if (definition === undefined) return;
    if (this.#nameOf(definition) === undefined) this.#add(definition, name);
    else {
      // A second name for the same thing.
      const rule: ReferenceExpression = { kind: "reference", rule: this.#nameOf(definition) as string };
      this.#waiting.push(() => this.#push(name, rule, definition.head.isTerminal, this.#main, offset));
    }
  }

  #nameOf(definition: ModuleDefinition): string | undefined {
    return this.#names.get(definition.module)?.get(definition.head.name);
  }

  /** Gives a definition its name, and puts it on the list of those to be lowered. */
  #add(definition: ModuleDefinition, name: string): void {
    let names = this.#names.get(definition.module);
    if (names === undefined) this.#names.set(definition.module, (names = new Map<string, string>()));
    names.set(definition.head.name, name);
    this.#taken.add(name);
    if (definition.head.parameters.length === 0)
      this.#waiting.push(() => this.#lowerDefinition(definition, name, NO_PARAMETERS));
  }

  #lowerDefinition(definition: ModuleDefinition, name: string, parameters: ReadonlyMap<string, Expression>): void {
    const { head, module } = definition;
    this.#budget.place = module.source.describe(head.offset);
    const lexeme = head.attributes.some((each) => each.name === "lazy" || each.name === "suffix");
    const inTerminal = head.isTerminal || lexeme;
    let expression = definition.declared ? this.#declaration(head.name, module, head.offset) : undefined;
    if (expression === undefined && inTerminal) {
      const merged = this.#merging.patternOf(definition);
      if (merged !== undefined) {
        this.#note(merged, { owner: name, module, isWhole: head.attributes.length === 0 }, head.offset);
        expression = expressionOfPattern(merged);
      }
    }
    const isWhole = inTerminal && definition.bodies.length === 1 && head.attributes.length === 0;
    expression ??= choiceOf(
      definition.bodies.map(({ body, module: from }) =>
        this.#expression(body, {
          module: from,
          parameters,
          inTerminal,
          owner: name,
          isWhole: isWhole && body.kind === "regex",
        }),
      ),
    );
    for (const attribute of head.attributes) {
      if (attribute.name === "suffix" && attribute.value !== undefined) {
        const scope: Scope = { module, parameters, inTerminal: true, owner: name };
        expression = shortestOf(sequenceOf([expression, this.#expression(attribute.value, scope)]));
      } else if (attribute.name === "lazy") expression = shortestOf(expression);
      else if (attribute.name !== "capture") {
        throw module.source.unsupported(attribute.offset, `The attribute ${attribute.name} is not supported`);
      }
    }
    this.#push(name, expression, inTerminal, module, head.offset, head.isTerminal ? head.priority : 0);
  }

  #declaration(name: string, module: LarkModule, offset: number): Expression {
    const given = this.#declared.get(name);
    if (given !== undefined) return given;
    this.notes.push({
      message: `The terminal ${name} is declared, but not defined: no text matches it.`,
      place: module.source.placeAt(offset),
    });
    return NOTHING;
  }

  #push(
    name: string,
    expression: Expression,
    isTerminal: boolean,
    module: LarkModule,
    offset: number,
    priority = 0,
  ): void {
    this.#budget.spend();
    const place = module.source.placeAt(offset);
    const rule: GrammarRule = {
      name,
      expression,
      ...(isTerminal ? { isTerminal } : {}),
      ...(priority === 0 ? {} : { priority }),
      place,
    };
    this.rules.push({ rule, source: module.source, offset });
  }

  #ignored(body: LarkNode): string {
    if (body.kind === "name" && isTerminalName(body.name)) {
      const scope: Scope = { module: this.#main, parameters: NO_PARAMETERS, inTerminal: true, owner: "" };
      const reference = this.#reference(body.name, body.offset, scope);
      return reference.kind === "reference" ? reference.rule : body.name;
    }
    const name = this.#fresh("IGNORED");
    this.#waiting.push(() => {
      const head = larkTerminal(name, body);
      this.#lowerDefinition(
        { module: this.#main, head, bodies: [{ body, module: this.#main }], declared: false },
        name,
        NO_PARAMETERS,
      );
    });
    return name;
  }

  #options(content: unknown, offset: number): void {
    for (const key of Object.keys(content as object)) {
      // What speeds llguidance up says nothing about texts.
      if (key === "no_forcing") continue;
      throw this.#main.source.unsupported(offset, `The option ${key} of %llguidance is not supported`);
    }
  }

  #fresh(base: string): string {
    for (let number = (this.#numbers.get(base) ?? 0) + 1; ; number++) {
      const name = `${base}_${number}`;
      this.#budget.spend();
      if (this.#taken.has(name)) continue;
      this.#taken.add(name);
      this.#numbers.set(base, number);
      return name;
    }
  }

  #expression(node: LarkNode, scope: Scope): Expression {
    this.#budget.spend();
    switch (node.kind) {
      case "literal":
        return literalOf(node.text, node.ignoreCase);
      case "range":
        return charactersOf([[node.from, node.to]]);
      case "regex": {
        const pattern = readPattern(node.source, node.flags, scope.module.source, node.offset);
        this.#budget.spend(pattern.source.length);
        if (scope.inTerminal || this.#endAssertionOf(pattern) === undefined) {
          this.#note(pattern, scope, node.offset);
          return expressionOfPattern(pattern);
        }
        // A terminal of its own, so that what follows it counts.
        const name = this.#fresh("PATTERN");
        const { module } = scope;
        this.#note(pattern, { owner: name, module, isWhole: true }, node.offset);
        this.#push(name, expressionOfPattern(pattern), true, module, node.offset);
        return { kind: "reference", rule: name, place: module.source.placeAt(node.offset) };
      }
      case "name":
        return scope.parameters.get(node.name) ?? this.#reference(node.name, node.offset, scope);
      case "template":
        return this.#template(node.name, node.values, node.offset, scope);
      case "sequence":
        return sequenceOf(node.items.map((each) => this.#expression(each, scope)));
      case "choice":
        return choiceOf(node.alternatives.map((each) => this.#expression(each, scope)));
      case "repeat":
        return repeatOf(this.#expression(node.item, scope), node.min, node.max);
      case "and":
        return intersectOf(this.#expression(node.item, scope), this.#expression(node.and, scope));
      case "not":
        return exceptOf(repeatOf(ANY_CHARACTER, 0), this.#expression(node.item, scope));
      case "token":
        return larkToken(node.image, scope.module.source, node.offset);
      case "structured":
        return this.#structured(node, scope);
    }
  }

  #structured(node: LarkNode & { readonly kind: "structured" }, scope: Scope): Expression {
    const { source } = scope.module;
    if (node.directive === "llguidance") throw source.invalid(node.offset, "%llguidance stands inside a rule");
    if (node.directive === "json") {
      if (scope.inTerminal) throw source.invalid(node.offset, "%json cannot be part of a terminal; it stands");
      return { kind: "embedded", language: "json-schema", content: node.content, place: source.placeAt(node.offset) };
    }
    return structuredRegex(node.content, source, node.offset, (expression) => {
      const name = this.#fresh("SUBSTRING");
      this.#push(name, expression, true, scope.module, node.offset);
      return { kind: "reference", rule: name };
    });
  }

  #reference(name: string, offset: number, scope: Scope): Expression {
    const definition = this.#find(name, offset, scope);
    if (definition === undefined) return NOTHING;
    if (definition.head.parameters.length > 0) {
      const count = definition.head.parameters.length;
      this.#errors.push(
        scope.module.source.invalid(offset, `The template ${name} needs ${count} arguments in braces; it is used`),
      );
      return NOTHING;
    }
    return { kind: "reference", rule: this.#nameFor(definition), place: scope.module.source.placeAt(offset) };
  }

  #find(name: string, offset: number, scope: Scope): ModuleDefinition | undefined {
    const definition = this.#modules.resolve(scope.module, name);
    if (definition !== undefined) return definition;
    const { definitions, imports, source } = scope.module;
    const near = this.#errors.length > 10 ? [] : nearNames(name, [...definitions.keys(), ...imports.keys()]);
    const kind = isTerminalName(name) ? "terminal" : "rule";
    this.#errors.push(
      source.invalid(
        offset,
        `The ${kind} ${name} is not defined${near.length === 0 ? "" : ` (near: ${near.join(", ")})`}; it is used`,
        near.length === 0 ? undefined : `Did you mean ${near.join(" or ")}?`,
      ),
    );
    return undefined;
  }

  /** The name of a definition in the grammar that is made; given at the first use. */
  #nameFor(definition: ModuleDefinition): string {
    const known = this.#nameOf(definition);
    if (known !== undefined) return known;
    const { name, isTerminal } = definition.head;
    const file = definition.module.path
      .replace(/\.lark$/, "")
      .replace(/^.*\//, "")
      .replaceAll(/[^A-Za-z0-9_]/g, "");
    const prefix = isTerminal ? file.toUpperCase() : file.toLowerCase();
    const mangled = name.startsWith("_") ? `_${prefix}__${name.slice(1)}` : `${prefix}__${name}`;
    const unique = this.#taken.has(mangled) ? this.#fresh(mangled) : mangled;
    this.#add(definition, unique);
    return unique;
  }

  #template(name: string, values: readonly LarkNode[], offset: number, scope: Scope): Expression {
    const definition = this.#find(name, offset, scope);
    if (definition === undefined) return NOTHING;
    const { parameters } = definition.head;
    if (parameters.length !== values.length) {
      this.#errors.push(
        scope.module.source.invalid(
          offset,
          parameters.length === 0
            ? `The rule ${name} is no template, but has arguments`
            : `The template ${name} takes ${parameters.length} arguments, but is given ${values.length}`,
        ),
      );
      return NOTHING;
    }
    const filled = values.map((each) => this.#expression(each, scope));
    const base = this.#nameFor(definition);
    const key = JSON.stringify([base, filled.map((each) => (each.kind === "reference" ? each.rule : each))]);
    let instance = this.#instances.get(key);
    if (instance === undefined) {
      if (this.#instances.size >= MAX_INSTANCES) {
        throw new LimitExceededError({
          message: `Templates are used with more than ${MAX_INSTANCES} different arguments, at last ${name} at ${scope.module.source.describe(offset)}.`,
          limit: "maxTemplateInstances",
          allowed: MAX_INSTANCES,
          place: scope.module.source.describe(offset),
        });
      }
      this.#budget.spend(key.length);
      const fresh = this.#fresh(base);
      instance = fresh;
      this.#instances.set(key, fresh);
      const given = new Map(parameters.map((each, index) => [each, filled[index]]));
      this.#waiting.push(() => this.#lowerDefinition(definition, fresh, given));
    }
    return { kind: "reference", rule: instance, place: scope.module.source.placeAt(offset) };
  }

  /** What a terminal that is this pattern must not be followed by, where a lexer can tell. */
  #endAssertionOf({ source, flags, analysis }: AnalysedPattern): EndAssertion | undefined {
    return this.#lexed && !analysis.lazy ? endAssertionOf({ kind: "regex", source, flags }) : undefined;
  }

  #note(
    pattern: AnalysedPattern,
    { owner, module, isWhole }: Pick<Scope, "owner" | "module" | "isWhole">,
    offset: number,
  ): void {
    const end = isWhole === true ? this.#endAssertionOf(pattern) : undefined;
    const analysis = end === undefined ? pattern.analysis : analysePattern(end.body.source, end.body.flags);
    const { looksBeyond, demandsBeyond, looksBefore, demandsBefore } = analysis;
    if (demandsBeyond !== undefined || demandsBefore !== undefined) {
      const what =
        demandsBeyond === undefined
          ? `lookbehind ${demandsBefore} asks for text before`
          : `lookahead ${demandsBeyond} asks for text behind`;
      throw module.source.unsupported(
        offset,
        `The ${what} the terminal, which is not supported`,
        "Leave it out, or say in the rules what may stand there.",
      );
    }
    const place = module.source.placeAt(offset);
    const alone = `in ${owner} sees the text of the terminal alone`;
    if (looksBeyond !== undefined) this.notes.push({ message: `${looksBeyond} ${alone}, not what follows it.`, place });
    if (looksBefore !== undefined) {
      this.notes.push({ message: `${looksBefore} ${alone}, not what stands before it.`, place });
    }
    if (end?.asksForMore === true) {
      this.notes.push({ message: `What ${owner} asks to follow it may be missing at the end of the text.`, place });
    }
  }
}
