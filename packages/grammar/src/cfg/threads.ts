import type { Place } from "./network-tables.ts";

/** The number of an interned continuation: what may follow once a nonterminal is complete. */
export type Continuation = number;

/** A place in a network and the continuation after its nonterminal, packed: `place * CONTINUATIONS + continuation`. */
export type Thread = number;

export const CONTINUATIONS = 0x400_0000;

export function threadOf(place: Place, continuation: Continuation): Thread {
  return place * CONTINUATIONS + continuation;
}

export function placeOf(thread: Thread): Place {
  return Math.floor(thread / CONTINUATIONS);
}

export function continuationOf(thread: Thread): Continuation {
  return thread % CONTINUATIONS;
}

export function hashThreads(threads: readonly Thread[], seed: number = threads.length): number {
  let hash = seed;
  for (const thread of threads) {
    const place = placeOf(thread);
    hash = Math.imul(hash ^ place, 0x9e37_79b1);
    hash = Math.imul(hash ^ (hash >>> 15) ^ (thread - place * CONTINUATIONS), 0x85eb_ca6b);
    hash ^= hash >>> 13;
  }
  return hash;
}

export function sameThreads(a: readonly Thread[], b: readonly Thread[]): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}
