import type { TermArena } from "./term-arena.ts";
import type { Term } from "./term.ts";

/**
 * An assertion that a marker stands for.
 *
 * - "past": holds where the text so far is in `language` (`^`, lookbehind, the left half of `\b`).
 * - "future": holds where the text to come is in `language` (lookahead inside a loop).
 *
 * The language may hold markers itself, with smaller ids; that of a "past" only past ones.
 */
export interface Assertion {
  readonly id: number;
  readonly time: "past" | "future";
  readonly language: Term;
  readonly negate: boolean;
}

/** The assertions of one arena's terms, interned: equal assertions have equal markers, and so equal terms. */
export class AssertionTable {
  readonly #byId: Assertion[] = [];
  readonly #byKey: Map<string, Assertion> = new Map();
  readonly #markers: Map<Term, readonly number[]> = new Map();

  static of(arena: TermArena): AssertionTable {
    let table = tables.get(arena);
    if (table === undefined) tables.set(arena, (table = new AssertionTable()));
    return table;
  }

  intern(time: Assertion["time"], language: Term, negate: boolean): Assertion {
    const key = `${time} ${language} ${negate}`;
    let assertion = this.#byKey.get(key);
    if (assertion === undefined) {
      assertion = { id: this.#byId.length, time, language, negate };
      this.#byId.push(assertion);
      this.#byKey.set(key, assertion);
    }
    return assertion;
  }

  get(id: number): Assertion {
    return this.#byId[id];
  }

  /** The ids of all markers in a term, and in their languages, ascending. Remembered, also for the terms below. */
  markersIn(arena: TermArena, term: Term): readonly number[] {
    if (!arena.isMarked(term)) return NONE;
    const pending = [term];
    while (pending.length > 0) {
      const top = pending[pending.length - 1];
      if (this.#markers.has(top)) {
        pending.pop();
        continue;
      }
      if (!arena.isMarked(top)) {
        this.#markers.set(top, NONE);
        pending.pop();
        continue;
      }
      const id = arena.markerOf(top);
      const below = id === undefined ? arena.childrenOf(top) : [this.get(id).language];
      const missing = below.filter((child) => !this.#markers.has(child));
      if (missing.length > 0) {
        for (const child of missing) pending.push(child);
        continue;
      }
      pending.pop();
      this.#markers.set(top, this.#merge(id, below));
    }
    return this.#markers.get(term) as readonly number[];
  }

  #merge(id: number | undefined, below: readonly Term[]): readonly number[] {
    const lists = below.map((child) => this.#markers.get(child) as readonly number[]).filter((list) => list.length > 0);
    if (id === undefined && lists.length === 0) return NONE;
    if (id === undefined && lists.every((list) => list === lists[0])) return lists[0];
    const ids = new Set(lists.flat());
    if (id !== undefined) ids.add(id);
    return [...ids].sort((a, b) => a - b);
  }
}

const NONE: readonly number[] = [];
const tables: WeakMap<TermArena, AssertionTable> = new WeakMap();
