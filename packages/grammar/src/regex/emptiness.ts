import type { Steps } from "../budget/steps.ts";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { Derivatives } from "./derivatives.ts";
import type { TermStore } from "./term-store.ts";
import { DEAD_TERM, EMPTY, KIND_BRANCH, KIND_CONCAT, KIND_REPEAT, KIND_UNION, LIVE, type Term } from "./term.ts";

/** Searched between two steps. */
const STATES_AT_A_TIME = 4;

/**
 * Decides whether a term's language is empty, by a search of its derivatives for one that is known not to be.
 *
 * Most terms need no search: without intersection, complement and machines a term is empty only when it is EMPTY, and
 * TermStore marks such terms LIVE at birth. The rest are searched best first (shortest lower bound first), iteratively,
 * and every verdict is kept: a search that fails marks all it saw dead, one that succeeds marks all that reach the
 * witness live. Unions, branches and repetitions are split into their parts rather than derived, so a union costs the sum
 * of its parts' states and not their product.
 */
export class Emptiness {
  searches = 0;
  statesSearched = 0;
  readonly #store: TermStore;
  readonly #derivatives: Derivatives;
  readonly #maxSearchStates: number;

  constructor(store: TermStore, derivatives: Derivatives, maxSearchStates: number) {
    this.#store = store;
    this.#derivatives = derivatives;
    this.#maxSearchStates = maxSearchStates;
  }

  /** @throws LimitExceededError when the search passes `maxSearchStates`. */
  isEmpty(term: Term): boolean {
    const flags = this.#store.flags[term];
    if ((flags & LIVE) !== 0) return false;
    if (term === EMPTY || (flags & DEAD_TERM) !== 0) return true;
    return !this.#store.run(`member of ${term}`, () => this.#search(term));
  }

  /** Whether there is a member. */
  *#search(root: Term): Steps<boolean> {
    const store = this.#store;
    this.searches++;
    const numberOf = new Map<Term, number>([[root, 0]]);
    const terms: Term[] = [root];
    const edgesFrom: number[] = [];
    const edgesTo: number[] = [];
    const queue = new TermQueue();
    queue.push(store.minLength[root], 0);
    const successors: Term[] = [];
    while (!queue.isEmpty) {
      if (this.statesSearched % STATES_AT_A_TIME === 0) yield;
      const from = queue.pop();
      this.statesSearched++;
      store.budget?.spend();
      this.#successors(terms[from], successors);
      for (const to of successors) {
        const flags = store.flags[to];
        if (to === EMPTY || (flags & DEAD_TERM) !== 0) continue;
        if ((flags & LIVE) !== 0) {
          markLive(store, terms, edgesFrom, edgesTo, from);
          return true;
        }
        let number = numberOf.get(to);
        if (number === undefined) {
          number = terms.push(to) - 1;
          numberOf.set(to, number);
          queue.push(store.minLength[to], number);
          if (number >= this.#maxSearchStates) this.#giveUp();
        }
        edgesFrom.push(from);
        edgesTo.push(number);
      }
    }
    for (const term of terms) store.flags[term] |= DEAD_TERM;
    return false;
  }

  #giveUp(): never {
    throw new LimitExceededError({
      message: `Deciding whether any text satisfies the combined patterns visits more states than maxSearchStates (${this.#maxSearchStates}) allows.`,
      limit: "maxSearchStates",
      allowed: this.#maxSearchStates,
      place: this.#store.budget?.place,
      hint: "Raise maxSearchStates, or combine fewer patterns that count or look around.",
    });
  }

  /** Terms of which one at least is not empty if and only if `term` is not. */
  #successors(term: Term, into: Term[]): void {
    const store = this.#store;
    into.length = 0;
    const first = store.first[term];
    const second = store.second[term];
    switch (store.kinds[term]) {
      case KIND_UNION:
        for (let i = 0; i < second; i++) into.push(store.pool[first + i]);
        return;
      case KIND_BRANCH:
        for (let i = 0; i < second; i++) into.push(store.pool[first + 2 * i + 1]);
        return;
      case KIND_REPEAT:
        into.push(first);
        return;
      case KIND_CONCAT: {
        const headFlags = store.flags[first];
        const tailFlags = store.flags[second];
        if (((headFlags | tailFlags) & DEAD_TERM) !== 0) return;
        if ((tailFlags & LIVE) !== 0) into.push(first);
        else if ((headFlags & LIVE) !== 0) into.push(second);
        else break;
        return;
      }
    }
    for (const byte of this.#derivatives.partitions.representatives(this.#derivatives.partition(term))) {
      into.push(this.#derivatives.derive(term, byte));
    }
  }
}

/** Marks live whatever reaches the term numbered `witness` by the edges seen. */
function markLive(
  store: TermStore,
  terms: readonly Term[],
  edgesFrom: number[],
  edgesTo: number[],
  witness: number,
): void {
  // Predecessor lists: for each term, a chain of edges through `previousEdge`.
  const lastEdge = new Int32Array(terms.length).fill(-1);
  const previousEdge = new Int32Array(edgesTo.length);
  for (let edge = 0; edge < edgesTo.length; edge++) {
    previousEdge[edge] = lastEdge[edgesTo[edge]];
    lastEdge[edgesTo[edge]] = edge;
  }
  const pending = [witness];
  store.flags[terms[witness]] |= LIVE;
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    for (let edge = lastEdge[at]; edge !== -1; edge = previousEdge[edge]) {
      const from = edgesFrom[edge];
      if ((store.flags[terms[from]] & LIVE) !== 0) continue;
      store.flags[terms[from]] |= LIVE;
      pending.push(from);
    }
  }
}

/** A binary heap of numbered terms, least key first, first come first. */
class TermQueue {
  readonly #keys: number[] = [];
  readonly #values: number[] = [];

  get isEmpty(): boolean {
    return this.#values.length === 0;
  }

  push(key: number, value: number): void {
    let at = this.#values.length;
    while (at > 0) {
      const parent = (at - 1) >>> 1;
      if (!this.#before(key, value, parent)) break;
      this.#keys[at] = this.#keys[parent];
      this.#values[at] = this.#values[parent];
      at = parent;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
  }

  pop(): number {
    const top = this.#values[0];
    const key = this.#keys.pop() as number;
    const value = this.#values.pop() as number;
    const size = this.#values.length;
    if (size === 0) return top;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(this.#keys[child + 1], this.#values[child + 1], child)) child++;
      if (this.#before(key, value, child)) break;
      this.#keys[at] = this.#keys[child];
      this.#values[at] = this.#values[child];
      at = child;
    }
    this.#keys[at] = key;
    this.#values[at] = value;
    return top;
  }

  #before(key: number, value: number, slot: number): boolean {
    return key < this.#keys[slot] || (key === this.#keys[slot] && value < this.#values[slot]);
  }
}
