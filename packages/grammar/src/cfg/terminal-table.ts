import { DEAD } from "../automaton/automaton.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import { completionOf } from "../automaton/completions.ts";
import { hasSuccessor } from "../automaton/has-successor.ts";
import type { TermArena } from "../regex/term-arena.ts";
import { EMPTY, EPSILON, type Term } from "../regex/term.ts";

const ENCODER = new TextEncoder();

/** The number of a terminal: 0, 1, 2, … */
export type Label = number;

/** What decides between terminals that match the same text, where texts are cut into terminals first. */
export interface TerminalRank {
  readonly priority: number;
  readonly isLiteral: boolean;
  /** Of literals. @defaultValue false */
  readonly ignoresCase?: boolean | undefined;
  /** Characters of the pattern, as written. */
  readonly length: number;
  /** Of literals. */
  readonly text?: string;
  /** Of terminals that are rules of their own. */
  readonly name?: string | undefined;
}

/** What the parser takes for one symbol: a regular language, or that of another automaton. Never the empty text. */
export interface Terminal {
  /** Without the empty text; EMPTY for an automaton. */
  readonly term: Term;
  readonly guest: PushdownAutomaton | undefined;
  /** True when the empty text was a member as well. */
  readonly isNullable: boolean;
  readonly description: string;
  rank: TerminalRank;
}

/** The terminals of a grammar, by content. */
export class TerminalTable {
  readonly arena: TermArena;
  readonly #terminals: Terminal[] = [];
  /** By term, and by barrier where there is one. */
  readonly #byTerm = new Map<Term | string, Label>();
  readonly #barriers = new Map<Label, Label>();
  readonly #areBarriers = new Set<Label>();
  readonly #byGuest = new Map<PushdownAutomaton, Label>();
  readonly #shortest: (Uint8Array | undefined)[] = [];

  constructor(arena: TermArena) {
    this.arena = arena;
  }

  get count(): number {
    return this.#terminals.length;
  }

  at(label: Label): Terminal {
    return this.#terminals[label];
  }

  /** The label of a regular language; the higher rank counts when it is named twice. */
  ofTerm(term: Term, rank: TerminalRank, description?: string, barrier: Term = EMPTY): Label {
    const key = barrier === EMPTY ? term : `${term} ${barrier}`;
    let label = this.#byTerm.get(key);
    if (label === undefined) {
      const { arena } = this;
      const isNullable = arena.isNullable(term);
      label = this.#terminals.length;
      this.#terminals.push({
        term: isNullable ? arena.difference(term, EPSILON) : term,
        guest: undefined,
        isNullable,
        get description() {
          return description ?? shortened(arena.toString(term));
        },
        rank,
      });
      this.#byTerm.set(key, label);
      if (barrier !== EMPTY) this.#addBarrier(label, barrier);
    }
    const terminal = this.#terminals[label];
    if (rank.priority > terminal.rank.priority) terminal.rank = rank;
    return label;
  }

  #addBarrier(label: Label, term: Term): void {
    const { arena } = this;
    const barrier = this.#terminals.length;
    const rank = { priority: -Infinity, isLiteral: false, length: 0 };
    const description = `what must not follow ${this.at(label).description}`;
    this.#terminals.push({
      term: arena.difference(term, EPSILON),
      guest: undefined,
      isNullable: false,
      description,
      rank,
    });
    this.#barriers.set(label, barrier);
    this.#areBarriers.add(barrier);
  }

  /**
   * Whether a terminal is a barrier: texts that begin like another terminal and keep it from being one, being the longer match. No
   * production has one; it is in progress wherever the other one is.
   */
  isBarrier(label: Label): boolean {
    return this.#areBarriers.has(label);
  }

  /** The barriers of some terminals. */
  barriersOf(labels: Iterable<Label>): Label[] {
    if (this.#barriers.size === 0) return [];
    const found: Label[] = [];
    for (const label of labels) {
      const barrier = this.#barriers.get(label);
      if (barrier !== undefined) found.push(barrier);
    }
    return found;
  }

  /** A new terminal in the place of several literals of one priority. */
  addUnion(labels: readonly Label[]): Label {
    const members = labels.map((label) => this.#terminals[label]);
    const { arena } = this;
    const term = arena.unionAll(members.map((member) => member.term));
    const ignoresCase = members.some(({ rank }) => rank.ignoresCase === true);
    this.#terminals.push({
      term,
      guest: undefined,
      isNullable: false,
      get description() {
        return shortened(arena.toString(term));
      },
      rank: { priority: members[0].rank.priority, isLiteral: true, ignoresCase, length: 0 },
    });
    return this.#terminals.length - 1;
  }

  ofGuest(guest: PushdownAutomaton, description: string): Label {
    let label = this.#byGuest.get(guest);
    if (label === undefined) {
      label = this.#terminals.length;
      const isNullable = guest.start !== DEAD && guest.isAccepting(guest.start);
      const rank = { priority: 0, isLiteral: false, length: 0 };
      this.#terminals.push({ term: EMPTY, guest, isNullable, description, rank });
      this.#byGuest.set(guest, label);
    }
    return label;
  }

  /** Whether the terminal has a text that is not empty. */
  isProductive(label: Label): boolean {
    const { term, guest } = this.#terminals[label];
    return guest === undefined ? !this.arena.isEmpty(term) : guest.start !== DEAD && hasSuccessor(guest, guest.start);
  }

  /** A short text that is not empty. Read only. */
  shortest(label: Label): Uint8Array {
    return (this.#shortest[label] ??= this.#findShortest(label));
  }

  #findShortest(label: Label): Uint8Array {
    const { term, guest, rank } = this.#terminals[label];
    if (rank.text !== undefined && rank.text !== "" && rank.ignoresCase !== true) return ENCODER.encode(rank.text);
    if (guest === undefined) return this.arena.shortest(term)!;
    const known = completionOf(guest, guest.start);
    if (known.length > 0) return known;
    for (let byte = 0; ; byte++) {
      const next = guest.next(guest.start, byte);
      if (next !== DEAD) return Uint8Array.from([byte, ...completionOf(guest, next)]);
    }
  }
}

function shortened(text: string): string {
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
