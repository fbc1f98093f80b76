import type { ByteMachine } from "./byte-machine.ts";
import type { ByteSetTable } from "./byte-set-table.ts";
import { mixHash } from "./hash-index.ts";
import {
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
  MARKED,
  MARKED_COMPLEMENT,
  NULLABLE,
  type Term,
  UNBOUNDED,
} from "./term.ts";
import { ALL_PHASES, BOUNDARIES, BOUNDARY, PHASE_COUNT, TEXT_PHASES, UNIT_BOUNDARY } from "./utf8-phase.ts";

const MARKS = MARKED | MARKED_COMPLEMENT;

/** The columns of a TermStore. */
export interface TermColumns {
  readonly kinds: Uint8Array;
  readonly flags: Uint8Array;
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly third: Int32Array;
  /** Bit p: every member completes an encoded text from phase p of `utf8-phase.ts` (a sufficient test). */
  readonly phases: Uint16Array;
  /** No member is shorter (a lower bound, in bytes). */
  readonly minLength: Int32Array;
  /** No member is longer (an upper bound, in bytes, or UNBOUNDED). */
  readonly maxLength: Int32Array;
  /** Some member is no longer (an upper bound, in bytes); UNBOUNDED where none is known. */
  readonly reach: Int32Array;
  /** A hash of the operands along the spine of a concatenation that ignores how often they repeat. */
  readonly spine: Int32Array;
  /** Operand lists of n-ary terms, back to back. */
  readonly pool: Int32Array;
  readonly sets: ByteSetTable;
  readonly machines: readonly ByteMachine[];
}

/** Fills the columns that follow from a new term's operands: flags, phases, length bounds. */
export function describeTerm(store: TermColumns, term: Term): void {
  store.spine[term] = spineHash(store, term);
  switch (store.kinds[term]) {
    case KIND_EMPTY:
      return set(store, term, 0, ALL_PHASES, UNBOUNDED, 0, UNBOUNDED);
    case KIND_EPSILON:
      return set(store, term, NULLABLE | LIVE, BOUNDARIES, 0, 0, 0);
    case KIND_BYTES:
      return set(store, term, LIVE, phasesBefore(store, term, BOUNDARIES), 1, 1, 1);
    case KIND_CONCAT:
      return describeConcat(store, term);
    case KIND_UNION:
      return describeUnion(store, term);
    case KIND_INTERSECT:
      return describeIntersect(store, term);
    case KIND_COMPLEMENT:
      return describeComplement(store, term);
    case KIND_REPEAT:
      return describeRepeat(store, term);
    case KIND_BRANCH:
      return describeBranch(store, term);
    case KIND_MACHINE:
      return describeMachine(store, term);
    case KIND_MARKER:
      return set(store, term, MARKED, BOUNDARIES, 0, 0, UNBOUNDED);
  }
}

function spineHash(store: TermColumns, term: Term): number {
  const first = store.first[term];
  switch (store.kinds[term]) {
    case KIND_CONCAT:
      return mixHash(store.spine[store.second[term]], store.kinds[first] === KIND_REPEAT ? store.first[first] : first);
    case KIND_REPEAT:
      return mixHash(0, first);
  }
  return term === EPSILON ? 0 : mixHash(0, term);
}

function set(
  store: TermColumns,
  term: Term,
  flags: number,
  phases: number,
  min: number,
  max: number,
  reach: number,
): void {
  store.flags[term] = (flags & NULLABLE) !== 0 ? flags | LIVE : flags;
  // With markers, members come and go with what holds around them.
  if ((flags & (NULLABLE | MARKED_COMPLEMENT)) === NULLABLE) store.reach[term] = 0;
  else store.reach[term] = (flags & MARKS) === 0 ? reach : UNBOUNDED;
  store.phases[term] = phases;
  store.minLength[term] = min;
  store.maxLength[term] = max;
}

/** The phases from which every byte of a BYTES term leads into one of the phases `after`. */
function phasesBefore(store: TermColumns, bytes: Term, after: number): number {
  const offset = store.first[bytes] * PHASE_COUNT;
  let phases = 0;
  for (let phase = 0; phase < PHASE_COUNT; phase++) {
    if ((store.sets.phaseTargets[offset + phase] & ~after) === 0) phases |= 1 << phase;
  }
  return phases;
}

function describeConcat(store: TermColumns, term: Term): void {
  const head = store.first[term];
  const tail = store.second[term];
  let phases = 0;
  if ((store.phases[tail] & (1 << BOUNDARY)) !== 0) phases |= store.phases[head] & TEXT_PHASES;
  if ((store.phases[tail] & (1 << UNIT_BOUNDARY)) !== 0) phases |= store.phases[head] & ~TEXT_PHASES;
  if (store.kinds[head] === KIND_BYTES) phases = phasesBefore(store, head, store.phases[tail]);
  set(
    store,
    term,
    (store.flags[head] & store.flags[tail] & (NULLABLE | LIVE)) | ((store.flags[head] | store.flags[tail]) & MARKS),
    phases,
    plus(store.minLength[head], store.minLength[tail]),
    plus(store.maxLength[head], store.maxLength[tail]),
    plus(store.reach[head], store.reach[tail]),
  );
}

function describeUnion(store: TermColumns, term: Term): void {
  let flags = 0;
  let phases = ALL_PHASES;
  let min = UNBOUNDED;
  let max = 0;
  let reach = UNBOUNDED;
  const end = store.first[term] + store.second[term];
  for (let i = store.first[term]; i < end; i++) {
    const operand = store.pool[i];
    reach = Math.min(reach, store.reach[operand]);
    flags |= store.flags[operand] & (NULLABLE | LIVE | MARKS);
    phases &= store.phases[operand];
    min = Math.min(min, store.minLength[operand]);
    max = Math.max(max, store.maxLength[operand]);
  }
  set(store, term, flags, phases, min, max, reach);
}

function describeIntersect(store: TermColumns, term: Term): void {
  let flags = NULLABLE;
  let marks = 0;
  let phases = 0;
  let min = 0;
  let max = UNBOUNDED;
  const end = store.first[term] + store.second[term];
  for (let i = store.first[term]; i < end; i++) {
    const operand = store.pool[i];
    flags &= store.flags[operand];
    marks |= store.flags[operand] & MARKS;
    phases |= store.phases[operand];
    min = Math.max(min, store.minLength[operand]);
    max = Math.min(max, store.maxLength[operand]);
  }
  set(store, term, flags | marks, phases, min, max, UNBOUNDED);
}

function describeComplement(store: TermColumns, term: Term): void {
  const operand = store.first[term];
  const nullable = (store.flags[operand] & NULLABLE) === 0;
  // A language that is finite, or holds well-formed text alone, leaves something out.
  const live = store.maxLength[operand] !== UNBOUNDED || store.phases[operand] !== 0;
  const marked = (store.flags[operand] & MARKED) !== 0;
  const flags = (nullable ? NULLABLE : live ? LIVE : 0) | (marked ? MARKS : 0);
  set(store, term, flags, 0, nullable || marked ? 0 : 1, UNBOUNDED, UNBOUNDED);
}

function describeRepeat(store: TermColumns, term: Term): void {
  const operand = store.first[term];
  const least = store.second[term];
  const most = store.third[term];
  const nullable = least === 0 || (store.flags[operand] & NULLABLE) !== 0;
  set(
    store,
    term,
    (nullable ? NULLABLE : store.flags[operand] & LIVE) | (store.flags[operand] & MARKS),
    store.phases[operand] & BOUNDARIES,
    times(store.minLength[operand], least),
    store.maxLength[operand] === 0 ? 0 : times(store.maxLength[operand], most),
    times(store.reach[operand], least),
  );
}

function describeBranch(store: TermColumns, term: Term): void {
  const nullable = store.third[term] === 1;
  let flags = nullable ? NULLABLE : 0;
  let phases = nullable ? BOUNDARIES : ALL_PHASES;
  let min = UNBOUNDED;
  let max = 0;
  let reach = UNBOUNDED;
  const end = store.first[term] + 2 * store.second[term];
  for (let i = store.first[term]; i < end; i += 2) {
    const target = store.pool[i + 1];
    flags |= store.flags[target] & LIVE;
    phases &= phasesBefore(store, store.pool[i], store.phases[target]);
    min = Math.min(min, plus(store.minLength[target], 1));
    max = Math.max(max, plus(store.maxLength[target], 1));
    reach = Math.min(reach, plus(store.reach[target], 1));
  }
  set(store, term, flags, phases, nullable ? 0 : min, max, reach);
}

function describeMachine(store: TermColumns, term: Term): void {
  const machine = store.machines[store.first[term]];
  const nullable = machine.accepts(store.second[term]);
  set(store, term, nullable ? NULLABLE : 0, 0, nullable ? 0 : 1, UNBOUNDED, UNBOUNDED);
}

function plus(a: number, b: number): number {
  return Math.min(a + b, UNBOUNDED);
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : Math.min(a * b, UNBOUNDED);
}
