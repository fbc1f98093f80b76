import { BytePartitionTable, TRIVIAL_PARTITION } from "./byte-partition-table.ts";
import type { TermBuilder } from "./term-builder.ts";
import type { TermStore } from "./term-store.ts";
import {
  EMPTY,
  EPSILON,
  KIND_BRANCH,
  KIND_BYTES,
  KIND_COMPLEMENT,
  KIND_CONCAT,
  KIND_EMPTY,
  KIND_EPSILON,
  KIND_INTERSECT,
  KIND_MACHINE,
  KIND_MARKER,
  KIND_REPEAT,
  KIND_UNION,
  LIVE,
  NULLABLE,
  type Term,
  UNBOUNDED,
} from "./term.ts";

const UNKNOWN = -1;

/**
 * Brzozowski derivatives (J. ACM 1964) over byte classes (Owens, Reppy & Turon, J. Funct. Prog. 2009), memoised.
 *
 * A term that has been derived owns a row: one cell a byte class of its partition, in one flat pool.
 * `rows[rowStart[term] + classOf[partitionOf[term] * 256 + byte]]` is the derivative or UNKNOWN.
 * Cells are filled one by one, as they are asked for.
 */
export class Derivatives {
  /** Derivatives computed, as opposed to remembered. */
  computed = 0;
  readonly partitions: BytePartitionTable = new BytePartitionTable();
  readonly #store: TermStore;
  readonly #builder: TermBuilder;
  #partitionOf: Int32Array = new Int32Array(1024).fill(UNKNOWN);
  #rowStart: Int32Array = new Int32Array(1024).fill(UNKNOWN);
  #rows: Int32Array = new Int32Array(4096);
  #rowsSize = 0;
  readonly #classes: Uint8Array = new Uint8Array(256);
  readonly #pending: Term[] = [];
  readonly #operands: Term[] = [];

  constructor(store: TermStore, builder: TermBuilder) {
    this.#store = store;
    this.#builder = builder;
  }

  get bytesHeld(): number {
    return this.#partitionOf.byteLength + this.#rowStart.byteLength + this.#rows.byteLength + this.partitions.bytesHeld;
  }

  /** The remembered derivative when its language is known not to be empty, or EMPTY; -1 when more work is needed. */
  settled(term: Term, byte: number): Term {
    if (term >= this.#rowStart.length) return UNKNOWN;
    const row = this.#rowStart[term];
    if (row === UNKNOWN) return UNKNOWN;
    const to = this.#rows[row + this.partitions.classOf[(this.#partitionOf[term] << 8) | byte]];
    return to <= EMPTY || (this.#store.flags[to] & LIVE) !== 0 ? to : UNKNOWN;
  }

  /** What may follow `byte` in the members of `term` that start with it. Amortised O(1). */
  derive(term: Term, byte: number): Term {
    const known = this.#peek(term, byte);
    if (known !== UNKNOWN) return known;
    const pending = this.#pending;
    const floor = pending.length;
    try {
      pending.push(term);
      while (pending.length > floor) {
        const top = pending[pending.length - 1];
        if (this.#peek(top, byte) !== UNKNOWN) {
          pending.pop();
        } else if (this.#operandsKnown(top, byte)) {
          pending.pop();
          this.remember(top, byte, this.#combine(top, byte));
        }
      }
    } finally {
      pending.length = floor;
    }
    return this.#peek(term, byte);
  }

  /** Makes `to` the derivative from now on: an equal language that is better known. */
  remember(term: Term, byte: number, to: Term): void {
    const partition = this.partition(term);
    let row = this.#rowStart[term];
    if (row === UNKNOWN) {
      row = this.#allocateRow(this.partitions.classCount(partition));
      this.#rowStart[term] = row;
    }
    this.#rows[row + this.partitions.classOf[(partition << 8) | byte]] = to;
  }

  /** The partition of the bytes such that bytes of one class have one derivative. */
  partition(term: Term): number {
    this.#fit(term);
    if (this.#partitionOf[term] !== UNKNOWN) return this.#partitionOf[term];
    const pending = [term];
    while (pending.length > 0) {
      const top = pending[pending.length - 1];
      if (this.#partitionOf[top] === UNKNOWN && this.#pushUnpartitioned(top, pending)) continue;
      if (this.#partitionOf[top] === UNKNOWN) {
        // A machine may derive terms of this arena, and so replace the column.
        const partition = this.#computePartition(top);
        this.#partitionOf[top] = partition;
      }
      pending.pop();
    }
    return this.#partitionOf[term];
  }

  /** The class numbers of the bytes in a partition that serves several terms, and tells apart what `distinction` does. */
  jointClasses(terms: readonly Term[], distinction: Uint8Array | undefined): Uint8Array {
    const classes = new Uint8Array(256);
    for (const term of terms) {
      const partition = this.partition(term);
      this.partitions.refine(classes, this.partitions.classOf, partition * 256);
    }
    if (distinction !== undefined) this.partitions.refine(classes, distinction, 0);
    return classes;
  }

  #fit(term: Term): void {
    if (term < this.#rowStart.length) return;
    const capacity = this.#store.kinds.length;
    const rowStart = new Int32Array(capacity).fill(UNKNOWN);
    rowStart.set(this.#rowStart);
    this.#rowStart = rowStart;
    const partitionOf = new Int32Array(capacity).fill(UNKNOWN);
    partitionOf.set(this.#partitionOf);
    this.#partitionOf = partitionOf;
  }

  #allocateRow(cells: number): number {
    const row = this.#rowsSize;
    if (row + cells > this.#rows.length) {
      const rows = new Int32Array(Math.max(this.#rows.length * 2, row + cells));
      rows.set(this.#rows);
      this.#rows = rows;
    }
    this.#rows.fill(UNKNOWN, row, row + cells);
    this.#rowsSize = row + cells;
    return row;
  }

  /** The derivative where it is remembered or can be read off; else UNKNOWN. */
  #peek(term: Term, byte: number): Term {
    const store = this.#store;
    switch (store.kinds[term]) {
      case KIND_EMPTY:
      case KIND_EPSILON:
      case KIND_MARKER:
        return EMPTY;
      case KIND_BYTES:
        return store.sets.has(store.first[term], byte) ? EPSILON : EMPTY;
      case KIND_CONCAT: {
        const head = store.first[term];
        if (store.kinds[head] !== KIND_BYTES) break;
        if (!store.sets.has(store.first[head], byte)) return EMPTY;
        // A cell may have been replaced by EMPTY, so the row goes first.
        const remembered = this.#cell(term, byte);
        return remembered === UNKNOWN ? store.second[term] : remembered;
      }
    }
    return this.#cell(term, byte);
  }

  #cell(term: Term, byte: number): Term {
    if (term >= this.#rowStart.length) return UNKNOWN;
    const row = this.#rowStart[term];
    if (row === UNKNOWN) return UNKNOWN;
    return this.#rows[row + this.partitions.classOf[(this.#partitionOf[term] << 8) | byte]];
  }

  /** Pushes the operands whose derivatives are still needed; true when there are none. */
  #operandsKnown(term: Term, byte: number): boolean {
    const store = this.#store;
    const before = this.#pending.length;
    switch (store.kinds[term]) {
      case KIND_CONCAT:
        this.#require(store.first[term], byte);
        if ((store.flags[store.first[term]] & NULLABLE) !== 0) this.#require(store.second[term], byte);
        break;
      case KIND_UNION:
      case KIND_INTERSECT: {
        const end = store.first[term] + store.second[term];
        for (let i = store.first[term]; i < end; i++) this.#require(store.pool[i], byte);
        break;
      }
      case KIND_COMPLEMENT:
      case KIND_REPEAT:
        this.#require(store.first[term], byte);
        break;
    }
    return this.#pending.length === before;
  }

  #require(term: Term, byte: number): void {
    if (this.#peek(term, byte) === UNKNOWN) this.#pending.push(term);
  }

  #combine(term: Term, byte: number): Term {
    const store = this.#store;
    const builder = this.#builder;
    this.computed++;
    store.budget?.spend();
    const first = store.first[term];
    switch (store.kinds[term]) {
      case KIND_CONCAT: {
        const tail = store.second[term];
        const through = builder.concat(this.#peek(first, byte), tail);
        if ((store.flags[first] & NULLABLE) === 0) return through;
        return builder.union([through, this.#peek(tail, byte)]);
      }
      case KIND_UNION:
        return builder.union(this.#operandDerivatives(term, byte));
      case KIND_INTERSECT:
        return builder.intersect(this.#operandDerivatives(term, byte));
      case KIND_COMPLEMENT:
        return builder.complement(this.#peek(first, byte));
      case KIND_REPEAT: {
        const least = store.second[term];
        const most = store.third[term];
        const rest = builder.repeat(
          first,
          least > 0 && least !== UNBOUNDED ? least - 1 : least,
          most === UNBOUNDED ? most : most - 1,
        );
        return builder.concat(this.#peek(first, byte), rest);
      }
      case KIND_BRANCH: {
        const end = first + 2 * store.second[term];
        for (let i = first; i < end; i += 2) {
          if (store.sets.has(store.first[store.pool[i]], byte)) return store.pool[i + 1];
        }
        return EMPTY;
      }
      case KIND_MACHINE: {
        const machine = store.machines[first];
        return builder.machine(machine, machine.next(store.second[term], byte));
      }
    }
    return EMPTY;
  }

  #operandDerivatives(term: Term, byte: number): readonly Term[] {
    const store = this.#store;
    const derivatives = this.#operands;
    derivatives.length = 0;
    const end = store.first[term] + store.second[term];
    for (let i = store.first[term]; i < end; i++) derivatives.push(this.#peek(store.pool[i], byte));
    return derivatives;
  }

  /** Pushes the operands that decide about the term's first byte and have no partition yet. */
  #pushUnpartitioned(term: Term, pending: Term[]): boolean {
    const store = this.#store;
    const before = pending.length;
    const visit = (operand: Term): void => {
      this.#fit(operand);
      if (this.#partitionOf[operand] === UNKNOWN) pending.push(operand);
    };
    switch (store.kinds[term]) {
      case KIND_CONCAT:
        visit(store.first[term]);
        if ((store.flags[store.first[term]] & NULLABLE) !== 0) visit(store.second[term]);
        break;
      case KIND_COMPLEMENT:
      case KIND_REPEAT:
        visit(store.first[term]);
        break;
      case KIND_UNION:
      case KIND_INTERSECT: {
        const end = store.first[term] + store.second[term];
        for (let i = store.first[term]; i < end; i++) visit(store.pool[i]);
        break;
      }
    }
    return pending.length > before;
  }

  #computePartition(term: Term): number {
    const store = this.#store;
    const first = store.first[term];
    switch (store.kinds[term]) {
      case KIND_BYTES:
        return this.#internClasses((byte) => (store.sets.has(first, byte) ? 1 : 0));
      case KIND_CONCAT:
        if ((store.flags[first] & NULLABLE) === 0) return this.#partitionOf[first];
        return this.#meet([first, store.second[term]]);
      case KIND_COMPLEMENT:
      case KIND_REPEAT:
        return this.#partitionOf[first];
      case KIND_UNION:
      case KIND_INTERSECT:
        return this.#meet(store.pool.subarray(first, first + store.second[term]));
      case KIND_BRANCH:
        return this.#internClasses((byte) => this.#branchEdge(term, byte));
      case KIND_MACHINE: {
        const machine = store.machines[first];
        const known = machine.classes?.(store.second[term]);
        if (known !== undefined) return this.#internClasses((byte) => known[byte]);
        const numbers = new Map<number, number>();
        return this.#internClasses((byte) => {
          const to = machine.next(store.second[term], byte);
          const seen = numbers.get(to);
          if (seen !== undefined) return seen;
          numbers.set(to, numbers.size);
          return numbers.size - 1;
        });
      }
    }
    return TRIVIAL_PARTITION;
  }

  #branchEdge(term: Term, byte: number): number {
    const store = this.#store;
    const edges = store.second[term];
    for (let edge = 0; edge < edges; edge++) {
      if (store.sets.has(store.first[store.pool[store.first[term] + 2 * edge]], byte)) return edge + 1;
    }
    return 0;
  }

  #internClasses(distinguish: (byte: number) => number): number {
    const distinction = new Uint8Array(256);
    for (let byte = 0; byte < 256; byte++) distinction[byte] = distinguish(byte);
    const count = this.partitions.refine(this.#classes.fill(0), distinction, 0);
    return this.partitions.intern(this.#classes, count);
  }

  /** The coarsest partition that tells apart whatever one of the operands' does. */
  #meet(operands: ArrayLike<Term>): number {
    const seen: number[] = [];
    for (let i = 0; i < operands.length; i++) {
      const partition = this.#partitionOf[operands[i]];
      if (partition !== TRIVIAL_PARTITION && !seen.includes(partition)) seen.push(partition);
    }
    if (seen.length === 0) return TRIVIAL_PARTITION;
    if (seen.length === 1) return seen[0];
    const classes = this.#classes.fill(0);
    let count = 1;
    for (const partition of seen) {
      count = this.partitions.refine(classes, this.partitions.classOf, partition * 256);
    }
    return this.partitions.intern(classes, count);
  }
}
