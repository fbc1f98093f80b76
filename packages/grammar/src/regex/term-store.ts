import { allSteps, type Steps } from "../budget/steps.ts";
import type { WorkBudget } from "../budget/work-budget.ts";
import { LimitExceededError } from "../errors/limit-exceeded-error.ts";
import type { ByteMachine } from "./byte-machine.ts";
import { ByteSetTable } from "./byte-set-table.ts";
import { finishHash, HashIndex, mixHash } from "./hash-index.ts";
import { describeTerm, type TermColumns } from "./term-facts.ts";
import { KIND_BRANCH, KIND_EMPTY, KIND_EPSILON, type KIND_INTERSECT, type KIND_UNION, type Term } from "./term.ts";

/** Operands of n-ary terms count towards `maxTerms` by the memory that they take. */
const POOL_ENTRIES_PER_TERM = 8;

/**
 * Storage and interning of terms, in parallel columns of flat arrays (about 55 bytes a term, index included).
 * The columns `first`, `second`, `third` are explained beside the kinds in `term.ts`, the others in TermColumns.
 *
 * Invariants:
 * 1. A term's operands are older than the term: their numbers are smaller.
 * 2. No two terms have equal kind and content.
 * 3. Columns never change once a term is added, except `flags`, which may gain LIVE or DEAD_TERM, and `reach`, which may fall.
 */
export class TermStore implements TermColumns {
  kinds: Uint8Array = new Uint8Array(1024);
  flags: Uint8Array = new Uint8Array(1024);
  first: Int32Array = new Int32Array(1024);
  second: Int32Array = new Int32Array(1024);
  third: Int32Array = new Int32Array(1024);
  phases: Uint16Array = new Uint16Array(1024);
  minLength: Int32Array = new Int32Array(1024);
  maxLength: Int32Array = new Int32Array(1024);
  reach: Int32Array = new Int32Array(1024);
  spine: Int32Array = new Int32Array(1024);
  pool: Int32Array = new Int32Array(4096);
  count = 0;
  budget: WorkBudget | undefined;
  readonly sets: ByteSetTable = new ByteSetTable();
  readonly machines: ByteMachine[] = [];
  readonly maxTerms: number;
  readonly #index: HashIndex = new HashIndex(1024);
  readonly #machineIds = new Map<string, number>();
  #poolSize = 0;

  constructor(maxTerms: number) {
    this.maxTerms = maxTerms;
    this.intern(KIND_EMPTY, 0, 0, 0);
    this.intern(KIND_EPSILON, 0, 0, 0);
  }

  get bytesHeld(): number {
    return this.kinds.length * (4 + 7 * 4) + this.pool.byteLength + this.#index.bytesHeld + this.sets.bytesHeld;
  }

  /** {@link WorkBudget.run} under the budget there is; all steps at once where there is none. */
  run<Result>(work: unknown, begin: () => Steps<Result>): Result {
    return this.budget === undefined ? allSteps(begin()) : this.budget.run(work, begin);
  }

  /** The term of a kind whose operands fit the three columns. */
  intern(kind: number, first: number, second: number, third: number): Term {
    const hash = finishHash(mixHash(mixHash(mixHash(kind, first), second), third));
    for (let slot = this.#index.first(hash); ; slot = this.#index.following(slot)) {
      const id = this.#index.idAt(slot);
      if (id === -1) return this.#add(hash, kind, first, second, third);
      if (
        this.#index.hasHash(id, hash) &&
        this.kinds[id] === kind &&
        this.first[id] === first &&
        this.second[id] === second &&
        this.third[id] === third
      ) {
        return id;
      }
    }
  }

  /**
   * The term of an n-ary kind.
   * @param list operands; for BRANCH, pairs of BYTES term and target
   * @param third the third column
   */
  internList(kind: number, list: ArrayLike<number>, third: number): Term {
    const entries = kind === KIND_BRANCH ? list.length >>> 1 : list.length;
    let hash = mixHash(mixHash(kind, list.length), third);
    for (let i = 0; i < list.length; i++) hash = mixHash(hash, list[i]);
    hash = finishHash(hash);
    for (let slot = this.#index.first(hash); ; slot = this.#index.following(slot)) {
      const id = this.#index.idAt(slot);
      if (id === -1) break;
      if (
        this.#index.hasHash(id, hash) &&
        this.kinds[id] === kind &&
        this.second[id] === entries &&
        this.third[id] === third &&
        this.#listEquals(this.first[id], list)
      ) {
        return id;
      }
    }
    const offset = this.#poolSize;
    if (offset + list.length > this.pool.length) {
      const pool = new Int32Array(Math.max(this.pool.length * 2, offset + list.length));
      pool.set(this.pool);
      this.pool = pool;
    }
    for (let i = 0; i < list.length; i++) this.pool[offset + i] = list[i];
    const term = this.#add(hash, kind, offset, entries, third);
    this.#poolSize = offset + list.length;
    return term;
  }

  /** The index of a machine, by its key. */
  machineIndex(machine: ByteMachine): number {
    let index = this.#machineIds.get(machine.key);
    if (index === undefined) {
      index = this.machines.push(machine) - 1;
      this.#machineIds.set(machine.key, index);
    }
    return index;
  }

  /** The operands of an n-ary term of kind UNION or INTERSECT, or the term alone. */
  pushOperands(kind: typeof KIND_UNION | typeof KIND_INTERSECT, term: Term, into: number[]): void {
    if (this.kinds[term] !== kind) {
      into.push(term);
      return;
    }
    const end = this.first[term] + this.second[term];
    for (let i = this.first[term]; i < end; i++) into.push(this.pool[i]);
  }

  #listEquals(offset: number, list: ArrayLike<number>): boolean {
    for (let i = 0; i < list.length; i++) {
      if (this.pool[offset + i] !== list[i]) return false;
    }
    return true;
  }

  #add(hash: number, kind: number, first: number, second: number, third: number): Term {
    if (this.count + this.#poolSize / POOL_ENTRIES_PER_TERM >= this.maxTerms) {
      throw new LimitExceededError({
        message: `The regular expressions need more terms than maxTerms (${this.maxTerms}) allows.`,
        limit: "maxTerms",
        allowed: this.maxTerms,
        place: this.budget?.place,
        hint: "Raise maxTerms, or use smaller counts and fewer overlapping alternatives.",
      });
    }
    this.budget?.spend();
    const term = this.#index.add(hash);
    this.count = term + 1;
    if (term === this.kinds.length) this.#grow();
    this.kinds[term] = kind;
    this.first[term] = first;
    this.second[term] = second;
    this.third[term] = third;
    describeTerm(this, term);
    return term;
  }

  #grow(): void {
    this.kinds = doubled(this.kinds);
    this.flags = doubled(this.flags);
    const phases = new Uint16Array(this.phases.length * 2);
    phases.set(this.phases);
    this.phases = phases;
    this.first = doubledWide(this.first);
    this.second = doubledWide(this.second);
    this.third = doubledWide(this.third);
    this.spine = doubledWide(this.spine);
    this.reach = doubledWide(this.reach);
    this.minLength = doubledWide(this.minLength);
    this.maxLength = doubledWide(this.maxLength);
  }
}

function doubled(column: Uint8Array): Uint8Array {
  const grown = new Uint8Array(column.length * 2);
  grown.set(column);
  return grown;
}

function doubledWide(column: Int32Array): Int32Array {
  const grown = new Int32Array(column.length * 2);
  grown.set(column);
  return grown;
}
