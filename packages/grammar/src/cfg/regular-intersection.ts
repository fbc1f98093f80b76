import type { WorkBudget } from "../budget/work-budget.ts";
import { UnsupportedError } from "../errors/unsupported-error.ts";
import type { ByteMachine } from "../regex/byte-machine.ts";
import type { TermArena } from "../regex/term-arena.ts";
import { EMPTY, EPSILON, type Term } from "../regex/term.ts";
import type { PendingIntersection } from "./lower-grammar.ts";
import { type Nonterminal, type Productions, type ProductionSymbol, symbolOfLabel } from "./productions.ts";
import { strongComponents } from "./strong-components.ts";
import type { Label, TerminalTable } from "./terminal-table.ts";

export interface IntersectionParts {
  readonly arena: TermArena;
  readonly terminals: TerminalTable;
  readonly productions: Productions;
  readonly budget: WorkBudget;
}

const RANK = { priority: 0, isLiteral: false, length: 0 };

/**
 * Fills in the nonterminals of intersections, inner ones first: plain productions for exactly the texts that are also in the
 * regular language.
 *
 * The states of the regular language are the derivatives of its term. Productions are multiplied by the pairs of states between
 * which they can lead; only pairs that are reached are made. O(items · states²) productions.
 * @see Bar-Hillel, Perles & Shamir, "On formal properties of simple phrase structure grammars", 1961
 * @throws UnsupportedError where an intersection is part of itself, which would no longer be context-free, or holds an automaton
 */
export function workOutIntersections(pending: readonly PendingIntersection[], parts: IntersectionParts): void {
  const { productions } = parts;
  const byNonterminal = new Map(pending.map((each, index) => [each.nonterminal, index]));
  const inside = pending.map(({ of }) =>
    [...reachable(productions, of, parts.budget)].flatMap((nonterminal) => byNonterminal.get(nonterminal) ?? []),
  );
  for (const component of strongComponents(pending.keys(), (index) => inside[index])) {
    const [index] = component;
    if (component.length > 1 || inside[index].includes(index)) {
      throw new UnsupportedError({
        message: `The rule "${pending[index].rule}" restricts something that it is itself a part of; the result need not be context-free.`,
        place: `rule ${pending[index].rule}`,
      });
    }
    new RegularIntersection(pending[index], parts).run();
  }
}

function reachable(productions: Productions, start: Nonterminal, budget: WorkBudget): Set<Nonterminal> {
  const found = new Set([start]);
  for (const nonterminal of found) {
    for (const symbols of productions.alternatives[nonterminal]) {
      budget.spend(symbols.length);
      for (const symbol of symbols) if (symbol >= 0) found.add(symbol);
    }
  }
  return found;
}

/** What is asked of a symbol sequence: where it can lead from one state of the regular language. */
interface Question {
  readonly symbols: readonly ProductionSymbol[];
  readonly at: number;
  readonly from: Term;
  readonly answers: Set<Term>;
  readonly askers: Set<Question>;
}

class RegularIntersection {
  readonly #pending: PendingIntersection;
  readonly #parts: IntersectionParts;
  readonly #questions = new Map<string, Question>();
  readonly #sequenceNumbers = new Map<readonly ProductionSymbol[], number>();
  readonly #queue: Question[] = [];
  readonly #labelSteps = new Map<string, ReadonlySet<Term>>();
  readonly #made = new Map<string, Nonterminal>();
  readonly #unmade: (() => void)[] = [];

  constructor(pending: PendingIntersection, parts: IntersectionParts) {
    this.#pending = pending;
    this.#parts = parts;
  }

  run(): void {
    const { of, language, nonterminal } = this.#pending;
    const { arena, productions } = this.#parts;
    if (arena.isEmpty(language)) return;
    const whole = this.#question([of], 0, language);
    for (let question = this.#queue.pop(); question !== undefined; question = this.#queue.pop()) this.#answer(question);
    for (const to of whole.answers) {
      if (arena.isNullable(to)) productions.add(nonterminal, [this.#nonterminal(of, language, to)]);
    }
    for (let make = this.#unmade.pop(); make !== undefined; make = this.#unmade.pop()) make();
  }

  #key(symbols: readonly ProductionSymbol[], at: number, from: Term): string {
    let number = this.#sequenceNumbers.get(symbols);
    if (number === undefined) this.#sequenceNumbers.set(symbols, (number = this.#sequenceNumbers.size));
    return `${number},${at},${from}`;
  }

  #question(symbols: readonly ProductionSymbol[], at: number, from: Term): Question {
    const key = this.#key(symbols, at, from);
    let question = this.#questions.get(key);
    if (question === undefined) {
      question = { symbols, at, from, answers: new Set(), askers: new Set() };
      this.#questions.set(key, question);
      this.#queue.push(question);
    }
    return question;
  }

  /** Looks at a question again with the answers that there are by now. */
  #answer(question: Question): void {
    const { symbols, at, from, answers } = question;
    const before = answers.size;
    this.#parts.budget.spend();
    if (at === symbols.length) answers.add(from);
    else {
      for (const between of this.#stepsOf(symbols[at], from, question)) {
        const rest = this.#question(symbols, at + 1, between);
        rest.askers.add(question);
        for (const to of rest.answers) answers.add(to);
      }
    }
    this.#parts.budget.spend(answers.size);
    if (answers.size > before) this.#queue.push(...question.askers);
  }

  /** Where one symbol can lead, as far as is known by now. */
  #stepsOf(symbol: ProductionSymbol, from: Term, asker: Question | undefined): Set<Term> {
    if (symbol < 0) return new Set(this.#labelStep(~symbol, from));
    const found = new Set<Term>();
    for (const alternative of this.#parts.productions.alternatives[symbol]) {
      const question = this.#question(alternative, 0, from);
      if (asker !== undefined) question.askers.add(asker);
      for (const to of question.answers) found.add(to);
    }
    return found;
  }

  #labelStep(label: Label, from: Term): ReadonlySet<Term> {
    const key = `${label},${from}`;
    const known = this.#labelSteps.get(key);
    if (known !== undefined) return known;
    const { arena, budget, terminals } = this.#parts;
    const { term, guest, isNullable } = terminals.at(label);
    if (guest !== undefined) {
      throw new UnsupportedError({
        message: `The rule "${this.#pending.rule}" restricts the text of an automaton, which only its own language can do.`,
        place: `rule ${this.#pending.rule}`,
      });
    }
    const found = new Set<Term>();
    if (isNullable) found.add(from);
    const seen = new Set<string>([`${term},${from}`]);
    const queue: (readonly [Term, Term])[] = [[term, from]];
    for (const [residual, state] of queue) {
      budget.spend();
      const classes = arena.jointClasses([residual, state]);
      const done = new Set<number>();
      for (let byte = 0; byte < 256; byte++) {
        if (done.has(classes[byte])) continue;
        done.add(classes[byte]);
        const nextResidual = arena.next(residual, byte);
        const nextState = nextResidual === EMPTY ? EMPTY : arena.next(state, byte);
        if (nextState === EMPTY) continue;
        if (arena.isNullable(nextResidual)) found.add(nextState);
        const pair = `${nextResidual},${nextState}`;
        if (seen.has(pair)) continue;
        seen.add(pair);
        queue.push([nextResidual, nextState]);
      }
    }
    this.#labelSteps.set(key, found);
    return found;
  }

  /** The nonterminal for the texts of a nonterminal that lead from one state to another. */
  #nonterminal(symbol: Nonterminal, from: Term, to: Term): Nonterminal {
    const key = `${symbol},${from},${to}`;
    let made = this.#made.get(key);
    if (made !== undefined) return made;
    const { productions } = this.#parts;
    made = productions.addNonterminal(`${productions.names[symbol]}…`);
    const left = made;
    this.#made.set(key, left);
    this.#unmade.push(() => {
      for (const alternative of productions.alternatives[symbol]) this.#addRest(left, alternative, 0, from, to);
    });
    return left;
  }

  #addRest(left: Nonterminal, symbols: readonly ProductionSymbol[], at: number, from: Term, to: Term): void {
    const { productions } = this.#parts;
    if (at === symbols.length) {
      if (from === to) productions.add(left, []);
      return;
    }
    for (const between of this.#stepsOf(symbols[at], from, undefined)) {
      if (!this.#questions.get(this.#key(symbols, at + 1, between))?.answers.has(to)) continue;
      const first = this.#symbol(symbols[at], from, between);
      if (at + 1 === symbols.length) productions.add(left, [first]);
      else productions.add(left, [first, this.#rest(symbols, at + 1, between, to)]);
    }
  }

  #rest(symbols: readonly ProductionSymbol[], at: number, from: Term, to: Term): Nonterminal {
    const key = `${this.#key(symbols, at, from)};${to}`;
    let made = this.#made.get(key);
    if (made !== undefined) return made;
    made = this.#parts.productions.addNonterminal(`${this.#pending.rule}…`);
    const left = made;
    this.#made.set(key, left);
    this.#unmade.push(() => this.#addRest(left, symbols, at, from, to));
    return left;
  }

  #symbol(symbol: ProductionSymbol, from: Term, to: Term): ProductionSymbol {
    if (symbol >= 0) return this.#nonterminal(symbol, from, to);
    const { arena, terminals } = this.#parts;
    const { term, isNullable } = terminals.at(~symbol);
    const led = arena.intersect(term, arena.machine(new PathMachine(arena, to), from));
    const language = isNullable && from === to ? arena.union(led, EPSILON) : led;
    return symbolOfLabel(terminals.ofTerm(language, RANK));
  }
}

/** The texts that lead from one derivative of a term to another. */
class PathMachine implements ByteMachine {
  readonly key: string;
  readonly #arena: TermArena;
  readonly #to: Term;

  constructor(arena: TermArena, to: Term) {
    this.#arena = arena;
    this.#to = to;
    this.key = `path to term ${to}`;
  }

  next(state: number, byte: number): number {
    const next = this.#arena.next(state, byte);
    return next === EMPTY ? -1 : next;
  }

  accepts(state: number): boolean {
    return state === this.#to;
  }

  classes(state: number): Uint8Array {
    return this.#arena.byteClasses(state).slice();
  }
}
