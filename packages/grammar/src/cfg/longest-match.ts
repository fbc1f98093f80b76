import type { Thread } from "./grammar-frame.ts";
import type { LexicalSet, LexicalSets } from "./lexical-sets.ts";
import type { Row } from "./parse-rows.ts";

export interface LongestMatchParts {
  readonly sets: LexicalSets;
  readonly startOf: (row: Row) => LexicalSet;
  /** The row after the terminals that end with `set`, which began in `row`; 0 when there is none. */
  readonly afterEnd: (row: Row, set: LexicalSet) => Row;
}

/**
 * The longest match where one byte does not tell it: after `1` and before `.`, a number may go on to `1.5`, or may have ended before
 * the operator `..`. Both are followed, as threads. The one that took the shorter match is guarded by the terminals that were still in
 * progress then: it is given up once one of these ends after all, since that match is longer.
 *
 * While a guard lives, the thread with the terminals that guard lives too, unless these are barriers. So without barriers the first of a frame's threads is never guarded.
 */
export class LongestMatch {
  readonly #parts: LongestMatchParts;

  constructor(parts: LongestMatchParts) {
    this.#parts = parts;
  }

  /** Terminals in progress of which some may have ended here. */
  fork(row: Row, set: LexicalSet): Thread[] {
    const threads = [{ set, row, guards: [] }];
    return this.#withEnd(threads, row, set, []);
  }

  /** All threads after one byte, those with the longest matches first; none when nothing goes on. */
  step(threads: readonly Thread[], byte: number): Thread[] {
    const { sets, startOf } = this.#parts;
    const next: Thread[] = [];
    for (const { set, row, guards } of threads) {
      const going = new Set<LexicalSet>();
      let isLonger = true;
      for (const guard of guards) {
        const after = sets.step(guard, byte);
        if (after === 0) continue;
        if (sets.isEnd(after)) {
          isLonger = false;
          break;
        }
        going.add(after);
      }
      if (!isLonger) continue;
      const after = sets.step(set === 0 ? startOf(row) : set, byte);
      if (after === 0 || sets.isBlocked(after)) continue;
      const rest = [...going].sort((a, b) => a - b);
      if (!sets.isExhausted(after)) next.push({ set: after, row, guards: rest });
      this.#withEnd(next, row, after, rest);
    }
    return unique(next);
  }

  /**
   * Whether a thread stands where the terminals of `set`, which began in `row`, have ended, and is given up if they go on. One that
   * stands behind shorter terminals may have the same guard.
   */
  isEndOf(thread: Thread, row: Row, set: LexicalSet): boolean {
    const { sets, afterEnd } = this.#parts;
    if (thread.set !== 0 || thread.guards.length !== 1 || thread.guards[0] !== set) return false;
    return sets.accepted(set) !== 0 && thread.row === afterEnd(row, set);
  }

  #withEnd(threads: Thread[], row: Row, set: LexicalSet, guards: readonly LexicalSet[]): Thread[] {
    const { sets, afterEnd } = this.#parts;
    if (sets.accepted(set) === 0) return threads;
    const after = afterEnd(row, set);
    if (after === 0) return threads;
    const all = sets.isExhausted(set) ? guards : [...new Set([...guards, set])].sort((a, b) => a - b);
    threads.push({ set: 0, row: after, guards: all });
    return threads;
  }
}

function unique(threads: readonly Thread[]): Thread[] {
  const seen = new Set<string>();
  return threads.filter(({ set, row, guards }) => {
    const key = `${set},${row},${guards.join("+")}`;
    return !seen.has(key) && seen.add(key);
  });
}
