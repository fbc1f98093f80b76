import type { ByteMachine } from "./byte-machine.ts";
import { AssertionResolver } from "./assertion-resolver.ts";
import { type Assertion, AssertionTable } from "./assertion-table.ts";
import type { TermArena } from "./term-arena.ts";
import { EMPTY, type Term } from "./term.ts";

/** A position: what may follow, its assertions decided, and how far each "past" language has come. */
interface Position {
  readonly term: Term;
  /** The residual languages of {@link AssertionMachine.#pasts}, EMPTY for those that no longer matter. */
  readonly pasts: readonly Term[];
}

/**
 * Runs a term with markers: beside the term it follows the language of every "past" assertion, so that each position
 * knows which of them hold. Positions are interned; those without markers left become plain terms.
 */
export class AssertionMachine implements ByteMachine {
  readonly key: string;
  readonly #arena: TermArena;
  readonly #table: AssertionTable;
  /** The "past" assertions in the term, ascending by id, so that one comes after those that it depends on. */
  readonly #pasts: readonly Assertion[];
  readonly #positions: Position[] = [];
  readonly #numbers: Map<string, number> = new Map();

  /**
   * @param term what may be read at the start of the text, with markers
   */
  constructor(arena: TermArena, term: Term) {
    this.#arena = arena;
    this.#table = AssertionTable.of(arena);
    this.key = `assertions of ${term}`;
    this.#pasts = this.#table
      .markersIn(arena, term)
      .map((id) => this.#table.get(id))
      .filter(({ time }) => time === "past");
    this.#intern(
      term,
      this.#pasts.map(({ language }) => language),
    );
  }

  /** The language of a marked term at the start of a text. */
  static run(arena: TermArena, term: Term): Term {
    if (!arena.isMarked(term)) return term;
    const machine = new AssertionMachine(arena, term);
    return arena.machine(machine, 0);
  }

  next(state: number, byte: number): number {
    const position = this.#positions[state];
    const term = this.#arena.derive(position.term, byte);
    if (term === EMPTY) return -1;
    return this.#intern(
      term,
      position.pasts.map((past) => this.#arena.derive(past, byte)),
    );
  }

  accepts(state: number): boolean {
    return this.#arena.isNullable(this.#positions[state].term);
  }

  classes(state: number): Uint8Array {
    const { term, pasts } = this.#positions[state];
    return this.#arena.jointClasses([term, ...pasts]);
  }

  asTerm(state: number): Term | undefined {
    const { term } = this.#positions[state];
    return this.#arena.isMarked(term) ? undefined : term;
  }

  describe(state: number): string {
    return this.#arena.toString(this.#positions[state].term);
  }

  /** Decides the assertions here; -1 when nothing is left. */
  #intern(term: Term, pasts: readonly Term[]): number {
    const holds: boolean[] = [];
    const resolver = new AssertionResolver(this.#arena, this.#table, holds);
    const reached = this.#pasts.map(({ id, negate }, index) => {
      const past = resolver.resolve(pasts[index]);
      holds[id] = this.#arena.isNullable(past) !== negate;
      return past;
    });
    const resolved = this.#withoutPassed(resolver.resolve(term), reached);
    if (resolved === EMPTY) return this.#positions.length === 0 ? this.#add("", EMPTY, []) : -1;
    const needed = new Set(this.#table.markersIn(this.#arena, resolved));
    const kept = reached.map((past, index) => (needed.has(this.#pasts[index].id) ? past : EMPTY));
    const key = `${resolved} ${kept.join(" ")}`;
    return this.#numbers.get(key) ?? this.#add(key, resolved, kept);
  }

  #add(key: string, term: Term, pasts: readonly Term[]): number {
    const number = this.#positions.push({ term, pasts }) - 1;
    this.#numbers.set(key, number);
    return number;
  }

  /** Takes out the markers whose past can never be again, as that of `^` after the first byte. */
  #withoutPassed(term: Term, pasts: readonly Term[]): Term {
    const passed = new Set<number>();
    for (const [index, { id, negate }] of this.#pasts.entries()) {
      if (!negate && this.#arena.maxLength(pasts[index]) === 0) passed.add(id);
    }
    if (passed.size === 0 || !this.#arena.isMarked(term)) return term;
    return this.#replace(term, passed);
  }

  /** The term with some markers as ∅. */
  #replace(root: Term, passed: ReadonlySet<number>): Term {
    const arena = this.#arena;
    const replaced = new Map<Term, Term>();
    const pending = [root];
    while (pending.length > 0) {
      const term = pending[pending.length - 1];
      const id = arena.markerOf(term);
      const children = arena.childrenOf(term);
      const missing = children.filter((child) => !replaced.has(child));
      if (replaced.has(term)) {
        pending.pop();
      } else if (id !== undefined) {
        replaced.set(term, passed.has(id) ? EMPTY : term);
      } else if (!arena.isMarked(term)) {
        replaced.set(term, term);
      } else if (missing.length > 0) {
        pending.push(...missing);
      } else {
        replaced.set(
          term,
          this.#rebuild(
            term,
            children.map((child) => replaced.get(child) as Term),
          ),
        );
      }
    }
    return replaced.get(root) as Term;
  }

  #rebuild(term: Term, children: readonly Term[]): Term {
    const arena = this.#arena;
    switch (arena.kindOf(term)) {
      case "concat":
        return arena.concat(children[0], children[1]);
      case "union":
        return arena.unionAll(children);
      case "intersect":
        return arena.intersectAll(children);
      case "complement":
        return arena.complement(children[0]);
      case "repeat": {
        const { min, max } = arena.countsOf(term) as { min: number; max: number };
        return arena.repeat(children[0], min, max);
      }
    }
    return term;
  }
}
