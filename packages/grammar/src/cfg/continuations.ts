import type { NetworkTables, Place } from "./network-tables.ts";
import {
  continuationOf,
  CONTINUATIONS,
  hashThreads,
  placeOf,
  sameThreads,
  threadOf,
  type Continuation,
  type Thread,
} from "./threads.ts";

/** Continuations of a group that is being made are numbered from here downwards. */
const FIRST_LOCAL = CONTINUATIONS - 1;

/** The number, until it has a final one, of the continuation that is the `member`-th of the group being made. */
export function localContinuation(member: number): Continuation {
  return FIRST_LOCAL - member;
}

/**
 * What may follow a nonterminal that was begun in some row, interned by content.
 *
 * Continuations that refer to themselves (left recursion) are interned as groups whose inner references are relative. So none knows at
 * which place of the text it was made.
 */
export class Continuations {
  readonly #tables: NetworkTables;
  readonly #spend: (steps: number) => void;
  /** Called with the threads of each continuation that is made. */
  readonly #count: (threads: number) => void;
  /** Number 0 is what follows the start symbol's own production: nothing. */
  readonly #threads: (readonly Thread[])[] = [[]];
  readonly #costs: number[] = [0];
  readonly #places: (readonly Place[] | undefined)[] = [];
  /** By hash: the first numbers of groups, and how many continuations each has. */
  readonly #groups = new Map<number, (readonly [base: Continuation, size: number])[]>();
  /** Continuations that were asked whether they hold others: their threads, and the answers. */
  readonly #contentSets = new Map<Continuation, ReadonlySet<Thread>>();
  readonly #holding = new Map<number, boolean>();

  constructor(tables: NetworkTables, spend: (steps: number) => void, count: (threads: number) => void) {
    this.#tables = tables;
    this.#spend = spend;
    this.#count = count;
  }

  get count(): number {
    return this.#threads.length;
  }

  /** Bytes of a shortest text that may follow a thread. */
  threadCost(thread: Thread): number {
    return this.#tables.costs[placeOf(thread)] + this.#costs[continuationOf(thread)];
  }

  cheapest(threads: readonly Thread[]): number {
    let cost = Infinity;
    for (const thread of threads) cost = Math.min(cost, this.threadCost(thread));
    return cost;
  }

  /** The places of what follows. */
  placesOf(continuation: Continuation): readonly Place[] {
    let places = this.#places[continuation];
    if (places === undefined) {
      const threads = this.#threads[continuation];
      this.#spend(threads.length);
      places = [...new Set(threads.map(placeOf))];
      this.#places[continuation] = places;
    }
    return places;
  }

  /** Adds what may follow at `place`, then `continuation`. */
  advance(place: Place, continuation: Continuation, into: Set<Thread>): void {
    if (this.#tables.goesOn[place] === 1) into.add(threadOf(place, continuation));
    if (this.#tables.completes[place] === 1) {
      this.#spend(this.#threads[continuation].length >>> 2);
      for (const thread of this.#threads[continuation]) into.add(thread);
    }
  }

  /**
   * The number of the first of some continuations that refer to each other.
   * @param sets their threads, with local numbers ({@link localContinuation}) for the continuations themselves
   */
  group(sets: readonly ReadonlySet<Thread>[]): Continuation {
    const contents = (k: Continuation): readonly Thread[] =>
      k > FIRST_LOCAL - sets.length ? [...sets[FIRST_LOCAL - k]] : this.#threads[k];
    const lists = sets.map((set) => this.#sorted(set, contents));
    const hash = lists.reduce((seed, list) => hashThreads(list, seed + list.length), lists.length);
    const alike = this.#groups.get(hash);
    const known = alike?.find(([base, size]) => size === lists.length && this.#isGroup(base, lists));
    if (known !== undefined) return known[0];
    const base = this.#threads.length;
    if (alike === undefined) this.#groups.set(hash, [[base, lists.length]]);
    else alike.push([base, lists.length]);
    for (const list of lists) this.#add(list.map((thread) => resolved(thread, base, lists.length)));
    this.#settleCosts(base);
    return base;
  }

  /** In order, without threads that others make needless. */
  sorted(found: Iterable<Thread>): Thread[] {
    return this.#sorted(found, (k) => this.#threads[k]);
  }

  #isGroup(base: Continuation, lists: readonly (readonly Thread[])[]): boolean {
    return lists.every((list, member) =>
      sameThreads(
        list.map((thread) => resolved(thread, base, lists.length)).sort(ascending),
        this.#threads[base + member],
      ),
    );
  }

  #add(threads: Thread[]): void {
    this.#count(threads.length);
    this.#threads.push(threads.sort(ascending));
    this.#costs.push(Infinity);
  }

  #settleCosts(base: Continuation): void {
    for (let changed = true; changed;) {
      changed = false;
      for (let k = base; k < this.#threads.length; k++) {
        const cost = this.cheapest(this.#threads[k]);
        if (cost >= this.#costs[k]) continue;
        this.#costs[k] = cost;
        changed = true;
      }
    }
  }

  #sorted(found: Iterable<Thread>, contents: (k: Continuation) => readonly Thread[]): Thread[] {
    const threads = inOrder([...found]);
    this.#spend(threads.length);
    let repeats = false;
    for (let i = 1; i < threads.length; i++) repeats ||= placeOf(threads[i]) === placeOf(threads[i - 1]);
    if (!repeats) return threads;
    const kept: Thread[] = [];
    for (let from = 0; from < threads.length;) {
      let to = from + 1;
      while (to < threads.length && placeOf(threads[to]) === placeOf(threads[from])) to++;
      if (to === from + 1) kept.push(threads[from]);
      else kept.push(...this.#undominated(threads.slice(from, to), contents));
      from = to;
    }
    return kept;
  }

  /** Of threads at one place, those whose continuation is not held by that of another one. */
  #undominated(threads: Thread[], contents: (k: Continuation) => readonly Thread[]): Thread[] {
    const kept: Thread[] = [];
    for (const thread of threads.toReversed()) {
      // Those made last tend to hold the others.
      if (kept.some((holder) => this.#holds(continuationOf(holder), continuationOf(thread), contents))) continue;
      const rest = kept.filter((held) => !this.#holds(continuationOf(thread), continuationOf(held), contents));
      kept.splice(0, kept.length, ...rest, thread);
    }
    return kept.sort(ascending);
  }

  /** Whether every thread of `held` is one of `holder`, the two of them taken for one where threads go back to them. */
  #holds(holder: Continuation, held: Continuation, contents: (k: Continuation) => readonly Thread[]): boolean {
    const isKnowable = Math.max(holder, held) < CONTINUATIONS >>> 1;
    const key = threadOf(holder, held);
    const known = isKnowable ? this.#holding.get(key) : undefined;
    if (known !== undefined) return known;
    const all = this.#contentSet(holder, contents);
    let holds = true;
    for (const thread of contents(held)) {
      this.#spend(1);
      holds = all.has(thread) || (continuationOf(thread) === held && all.has(threadOf(placeOf(thread), holder)));
      if (!holds) break;
    }
    if (isKnowable) this.#holding.set(key, holds);
    return holds;
  }

  #contentSet(k: Continuation, contents: (k: Continuation) => readonly Thread[]): ReadonlySet<Thread> {
    if (k >= CONTINUATIONS >>> 1) return new Set(contents(k));
    let set = this.#contentSets.get(k);
    if (set === undefined) {
      set = new Set(contents(k));
      this.#contentSets.set(k, set);
    }
    return set;
  }
}

/** Sorts a list, which mostly is short. */
function inOrder(threads: Thread[]): Thread[] {
  if (threads.length > 32) return threads.sort(ascending);
  for (let i = 1; i < threads.length; i++) {
    const thread = threads[i];
    let at = i;
    for (; at > 0 && threads[at - 1] > thread; at--) threads[at] = threads[at - 1];
    threads[at] = thread;
  }
  return threads;
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** A thread with the final number of a continuation of its own group. */
function resolved(thread: Thread, base: Continuation, size: number): Thread {
  const k = continuationOf(thread);
  return k > FIRST_LOCAL - size ? threadOf(placeOf(thread), base + FIRST_LOCAL - k) : thread;
}
