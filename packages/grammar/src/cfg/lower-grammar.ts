import type { WorkBudget } from "../budget/work-budget.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import type { TermArena } from "../regex/term-arena.ts";
import type { Term } from "../regex/term.ts";
import type { Expression, Grammar, ReferenceExpression } from "./grammar.ts";
import { type Nonterminal, type Productions, type ProductionSymbol, symbolOfLabel } from "./productions.ts";
import { collectReferences, placeText, type RegularParts } from "./regular-parts.ts";
import type { Label, TerminalRank, TerminalTable } from "./terminal-table.ts";

/** A nonterminal whose texts are those of `of` that are also in `language`: to be worked out once all productions are known. */
export interface PendingIntersection {
  readonly nonterminal: Nonterminal;
  readonly of: Nonterminal;
  readonly language: Term;
  readonly rule: string;
}

export interface LoweringParts {
  readonly arena: TermArena;
  readonly regular: RegularParts;
  readonly terminals: TerminalTable;
  readonly productions: Productions;
  /** Of terminals, by expression: what must not follow them. */
  readonly barriers: ReadonlyMap<Expression, Expression>;
  readonly budget: WorkBudget;
}

/** Rules whose texts are no longer are parts of terminals, such as digits and escapes, and not terminals themselves. */
const MAX_CHARACTER_BYTES = 16;

const PLAIN_RANK: TerminalRank = { priority: 0, isLiteral: false, length: 0 };

/**
 * Turns the rules of a grammar into productions over terminals.
 *
 * Without lexing, whatever is regular and not too large is one terminal, so that the parser sees recursion and little else. With
 * it, terminals are those that the grammar names, and the literals and patterns in its rules.
 */
export class Lowering {
  readonly #grammar: Grammar;
  readonly #parts: LoweringParts;
  readonly #rules = new Map<string, Nonterminal>();
  readonly #repeats = new Map<Expression, Nonterminal>();
  readonly #counted = new Map<string, Nonterminal>();
  readonly #pending: string[] = [];
  readonly #naming = new Map<Expression, boolean>();
  readonly intersections: PendingIntersection[] = [];
  #rule = "";

  constructor(grammar: Grammar, parts: LoweringParts) {
    this.#grammar = grammar;
    this.#parts = parts;
  }

  /** The nonterminal of the start rule; that of every rule that it reaches is filled in. */
  run(): Nonterminal {
    const start = this.#nonterminalOf(this.#grammar.start);
    for (let rule = this.#pending.pop(); rule !== undefined; rule = this.#pending.pop()) {
      this.#rule = rule;
      this.#alternatives(this.#rules.get(rule)!, this.#parts.regular.body(rule));
    }
    return start;
  }

  /** The nonterminal of a rule that was reached and is not one terminal. */
  nonterminalOf(rule: string): Nonterminal | undefined {
    return this.#rules.get(rule);
  }

  /** Labels of terminals by the names of their rules. */
  labelOfRule(rule: string): Label {
    const { terminals, regular } = this.#parts;
    const { expression, priority = 0 } = this.#grammar.rules.get(rule)!;
    return terminals.ofTerm(
      regular.term(expression),
      { ...rankOf(expression), priority, name: rule },
      rule,
      this.#barrierOf(expression),
    );
  }

  #barrierOf(expression: Expression): Term | undefined {
    const { barriers, regular } = this.#parts;
    const barrier = barriers.get(expression);
    return barrier === undefined ? undefined : regular.term(barrier);
  }

  #nonterminalOf(rule: string): Nonterminal {
    let nonterminal = this.#rules.get(rule);
    if (nonterminal === undefined) {
      nonterminal = this.#parts.productions.addNonterminal(rule);
      this.#rules.set(rule, nonterminal);
      this.#pending.push(rule);
    }
    return nonterminal;
  }

  #alternatives(left: Nonterminal, expression: Expression): void {
    const { productions } = this.#parts;
    if (expression.kind !== "choice" || this.#isLeaf(expression)) {
      productions.add(left, this.#sequence(expression));
      return;
    }
    const regular: Expression[] = [];
    for (const alternative of expression.alternatives) {
      // Regular alternatives become one terminal.
      if (this.#grammar.lexing === undefined && this.#isLeaf(alternative)) {
        regular.push(alternative);
      } else this.#alternatives(left, alternative);
    }
    if (regular.length === 1) productions.add(left, this.#sequence(regular[0]));
    else if (regular.length > 1) productions.add(left, [this.#terminal({ kind: "choice", alternatives: regular })]);
  }

  #sequence(expression: Expression): ProductionSymbol[] {
    if (expression.kind !== "sequence" || this.#isLeaf(expression)) return this.#symbols(expression);
    const symbols: ProductionSymbol[] = [];
    let run: Expression[] = [];
    const endRun = (): void => {
      if (run.length === 1) symbols.push(...this.#symbols(run[0]));
      else if (run.length > 1) symbols.push(this.#terminal({ kind: "sequence", items: run }));
      run = [];
    };
    for (const item of expression.items) {
      if (this.#grammar.lexing === undefined && this.#isLeaf(item)) {
        if (!this.#isLeaf({ kind: "sequence", items: [...run, item] })) endRun();
        run.push(item);
        continue;
      }
      endRun();
      symbols.push(...this.#sequence(item));
    }
    endRun();
    return symbols;
  }

  #symbols(expression: Expression): ProductionSymbol[] {
    if (expression.kind === "empty") return [];
    if (this.#isLeaf(expression)) return [this.#terminal(expression)];
    const { productions, terminals, regular } = this.#parts;
    switch (expression.kind) {
      case "reference": {
        const body = regular.body(expression.rule);
        // A rule that is but a name of one terminal needs no nonterminal.
        return this.#isLeaf(body) && this.#grammar.lexing === undefined
          ? [this.#terminal(body)]
          : [this.#nonterminalOf(expression.rule)];
      }
      case "automaton":
        return [symbolOfLabel(terminals.ofGuest(expression.automaton, expression.description))];
      case "repeat":
        return this.#repeat(expression.item, expression.min, expression.max ?? Infinity);
      case "except":
      case "intersect":
        return [this.#intersection(expression)];
      case "choice": {
        const left = productions.addNonterminal(`${this.#rule}…`);
        this.#alternatives(left, expression);
        return [left];
      }
      case "sequence":
        return this.#sequence(expression);
      case "embedded":
        throw new UnsupportedError({
          message: `The grammar embeds a text of "${expression.language}", which this package cannot read.`,
          place: placeText(expression.place) ?? `rule ${this.#rule}`,
          hint: "Replace embedded expressions by automata before compiling.",
        });
      default:
        throw new Error(`Broken invariant: ${expression.kind} is a leaf.`);
    }
  }

  #repeat(item: Expression, min: number, max: number): ProductionSymbol[] {
    const { productions } = this.#parts;
    if (max < min) {
      return [productions.addNonterminal(`${this.#rule}…`)];
    }
    const unit = this.#unit(item);
    const symbols: ProductionSymbol[] = [];
    if (min > 0) this.#parts.budget.spend(min);
    if (max === Infinity) {
      let loop = this.#repeats.get(item);
      if (loop === undefined) {
        loop = productions.addNonterminal(`${this.#rule}…`);
        this.#repeats.set(item, loop);
        productions.add(loop, []);
        productions.add(loop, [loop, unit]);
      }
      symbols.push(loop);
    } else {
      let rest: Nonterminal | undefined;
      for (let count = 1; count <= max - min; count++) {
        const key = `${unit},${count}`;
        let next = this.#counted.get(key);
        if (next === undefined) {
          next = productions.addNonterminal(`${this.#rule}…`);
          this.#counted.set(key, next);
          productions.add(next, []);
          productions.add(next, rest === undefined ? [unit] : [unit, rest]);
        }
        rest = next;
      }
      if (rest !== undefined) symbols.push(rest);
    }
    if (min === 0) return symbols;
    const left = productions.addNonterminal(`${this.#rule}…`);
    productions.add(left, [...Array.from({ length: min }, () => unit), ...symbols]);
    return [left];
  }

  /** One symbol for an expression. */
  #unit(expression: Expression): ProductionSymbol {
    const symbols = this.#symbols(expression);
    if (symbols.length === 1) return symbols[0];
    const left = this.#parts.productions.addNonterminal(`${this.#rule}…`);
    this.#parts.productions.add(left, symbols);
    return left;
  }

  #intersection(expression: Expression & { readonly kind: "except" | "intersect" }): ProductionSymbol {
    const { arena, productions, regular } = this.#parts;
    const other = expression.kind === "except" ? expression.without : expression.and;
    if (!regular.isRegular(other)) {
      throw new UnsupportedError({
        message: `The rule "${this.#rule}" combines two languages of which neither is known to be regular: what ${expression.kind === "except" ? "is taken away" : "is intersected with"} must be regular.`,
        place: `rule ${this.#rule}`,
      });
    }
    if (this.#grammar.lexing !== undefined) {
      throw new UnsupportedError({
        message: `The rule "${this.#rule}" restricts something that is cut into terminals; only terminals can be restricted there.`,
        place: `rule ${this.#rule}`,
      });
    }
    const language = regular.term(other);
    const of = this.#unit(expression.item);
    const nonterminal = productions.addNonterminal(`${this.#rule}…`);
    const inner = of >= 0 ? of : productions.addNonterminal(`${this.#rule}…`);
    if (of < 0) productions.add(inner, [of]);
    this.intersections.push({
      nonterminal,
      of: inner,
      language: expression.kind === "except" ? arena.complement(language) : language,
      rule: this.#rule,
    });
    return nonterminal;
  }

  /**
   * True for expressions that name something longer than a few characters: a string, a name, white space. That is a terminal of its
   * own then, shared by all places that name it, and so are the masks inside it.
   */
  #namesTerminals(expression: Expression): boolean {
    let names = this.#naming.get(expression);
    if (names === undefined) {
      const { arena, budget, regular } = this.#parts;
      const references: ReferenceExpression[] = [];
      collectReferences(expression, references, budget);
      names = references.some(
        (reference) => !regular.isRegular(reference) || arena.maxLength(regular.term(reference)) > MAX_CHARACTER_BYTES,
      );
      this.#naming.set(expression, names);
    }
    return names;
  }

  #isLeaf(expression: Expression): boolean {
    const { regular } = this.#parts;
    if (this.#grammar.lexing === undefined) {
      return (
        regular.isTerminal(expression) &&
        (expression.kind === "except" || expression.kind === "intersect" || !this.#namesTerminals(expression))
      );
    }
    switch (expression.kind) {
      case "literal":
      case "characters":
      case "regex":
      case "token":
        return true;
      case "except":
      case "intersect":
        return regular.isRegular(expression);
      case "reference":
        return this.#grammar.rules.get(expression.rule)?.isTerminal === true;
      default:
        return false;
    }
  }

  #terminal(expression: Expression): ProductionSymbol {
    const { terminals, regular } = this.#parts;
    if (this.#grammar.lexing === undefined)
      return symbolOfLabel(terminals.ofTerm(regular.term(expression), PLAIN_RANK));
    if (expression.kind === "reference") return symbolOfLabel(this.labelOfRule(expression.rule));
    return symbolOfLabel(terminals.ofTerm(regular.term(expression), rankOf(expression)));
  }
}

function rankOf(expression: Expression): TerminalRank {
  switch (expression.kind) {
    case "literal": {
      const { text, ignoreCase } = expression;
      return { priority: 0, isLiteral: true, ignoresCase: ignoreCase, length: text.length, text };
    }
    case "regex":
      return { priority: 0, isLiteral: false, length: expression.source.length };
    default:
      return { ...PLAIN_RANK, length: 1 };
  }
}
