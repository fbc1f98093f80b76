import type { Item } from "./parse-tables.ts";

/** The number of an interned continuation: what may follow once a nonterminal is complete. */
export type Continuation = number;

/** An item and the continuation after its production, packed: `item * CONTINUATIONS + continuation`. */
export type Thread = number;

export const CONTINUATIONS = 0x400_0000;

export function threadOf(item: Item, continuation: Continuation): Thread {
  return item * CONTINUATIONS + continuation;
}

export function itemOf(thread: Thread): Item {
  return Math.floor(thread / CONTINUATIONS);
}

export function continuationOf(thread: Thread): Continuation {
  return thread % CONTINUATIONS;
}

export function hashThreads(threads: readonly Thread[], seed: number = threads.length): number {
  let hash = seed;
  for (const thread of threads) {
    const item = itemOf(thread);
    hash = Math.imul(hash ^ item, 0x9e37_79b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ (thread - item * CONTINUATIONS), 0x85eb_ca6b);
    hash ^= hash >>> 13;
  }
  return hash;
}

export function sameThreads(a: readonly Thread[], b: readonly Thread[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
