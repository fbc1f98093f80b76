import { findMember, joinLengths } from "./length-laws.ts";
import { ExclusionLaws } from "./exclusion-laws.ts";
import { dropDominated, includesSorted, joinCounts } from "./union-laws.ts";
import type { TermStore } from "./term-store.ts";
import {
  EMPTY,
  EPSILON,
  KIND_BRANCH,
  KIND_BYTES,
  KIND_COMPLEMENT,
  KIND_CONCAT,
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
import type { ByteMachine } from "./byte-machine.ts";
import { BOUNDARY, CONTINUATIONS, PHASE_COUNT, UNIT_BOUNDARY } from "./utf8-phase.ts";

/**
 * Smart constructors. They keep terms similar enough (in Brzozowski's sense: union and intersection are associative,
 * commutative, idempotent, with units and zeros) for every term to have finitely many derivatives, and apply the
 * cheap laws that keep their number small in practice. No constructor walks below its operands' top two levels,
 * so none recurses over a user-sized term.
 */
export class TermBuilder {
  /** Every byte string. */
  readonly all: Term;
  /** Every text: any number of encoded code points. Assigned by {@link adoptText}, as is the next. */
  anyText: Term = -1;
  /** Any number of encoded UTF-16 code units. */
  anyUnits: Term = -1;
  readonly #store: TermStore;
  /** What completes a text from each phase; the greatest term with that phase bit. */
  readonly textFrom: Term[] = [];
  readonly exclusions: ExclusionLaws;
  readonly #scratch: Uint32Array = new Uint32Array(8);

  constructor(store: TermStore) {
    this.#store = store;
    this.exclusions = new ExclusionLaws(store, this.textFrom);
    this.all = store.intern(KIND_COMPLEMENT, EMPTY, 0, 0);
  }

  /** Takes the terms for one code point and one code unit, from which texts and what completes them are made. */
  adoptText(anyCodePoint: Term, anyUnit: Term): void {
    const textFrom: Term[] = new Array<Term>(PHASE_COUNT).fill(EMPTY);
    textFrom[BOUNDARY] = this.anyText = this.repeat(anyCodePoint, 0, UNBOUNDED);
    textFrom[UNIT_BOUNDARY] = this.anyUnits = this.repeat(anyUnit, 0, UNBOUNDED);
    for (const [phase, low, high, next] of CONTINUATIONS) {
      textFrom[phase] = this.concat(this.byteRange(low, high), textFrom[next]);
    }
    this.textFrom.push(...textFrom);
  }

  byteSet(words: Uint32Array, offset = 0): Term {
    let any = 0;
    for (let word = 0; word < 8; word++) any |= words[offset + word];
    return any === 0 ? EMPTY : this.#store.intern(KIND_BYTES, this.#store.sets.intern(words, offset), 0, 0);
  }

  byteRange(low: number, high: number): Term {
    const words = this.#scratch.fill(0);
    for (let byte = low; byte <= high; byte++) words[byte >>> 5] |= 1 << (byte & 31);
    return this.byteSet(words);
  }

  literal(bytes: Uint8Array, tail: Term = EPSILON): Term {
    let term = tail;
    for (let i = bytes.length - 1; i >= 0; i--) term = this.concat(this.byteRange(bytes[i], bytes[i]), term);
    return term;
  }

  machine(machine: ByteMachine, state: number): Term {
    if (state < 0 || machine.isLive?.(state) === false) return EMPTY;
    const plain = machine.asTerm?.(state);
    if (plain !== undefined) return plain;
    const term = this.#store.intern(KIND_MACHINE, this.#store.machineIndex(machine), state, 0);
    if (machine.isLive !== undefined) this.#store.flags[term] |= LIVE;
    return term;
  }

  marker(id: number): Term {
    return this.#store.intern(KIND_MARKER, id, 0, 0);
  }

  /**
   * A deterministic choice by the first byte.
   * @param edges pairs of a BYTES term and a target; the sets must be disjoint
   * @param nullable whether ε is a member as well
   */
  branch(edges: readonly number[], nullable: boolean): Term {
    const store = this.#store;
    const byTarget = new Map<Term, Uint32Array>();
    for (let i = 0; i < edges.length; i += 2) {
      if (edges[i] === EMPTY || edges[i + 1] === EMPTY) continue;
      const words = byTarget.get(edges[i + 1]);
      const offset = store.first[edges[i]] * 8;
      if (words === undefined) byTarget.set(edges[i + 1], store.sets.words.slice(offset, offset + 8));
      else for (let word = 0; word < 8; word++) words[word] |= store.sets.words[offset + word];
    }
    if (byTarget.size === 0) return nullable ? EPSILON : EMPTY;
    const merged: [number, number][] = [];
    for (const [target, words] of byTarget) merged.push([this.byteSet(words), target]);
    if (merged.length === 1) {
      const only = this.concat(merged[0][0], merged[0][1]);
      return nullable ? this.union([EPSILON, only]) : only;
    }
    merged.sort((a, b) => this.#leastByte(a[0]) - this.#leastByte(b[0]));
    return store.internList(KIND_BRANCH, merged.flat(), nullable ? 1 : 0);
  }

  #leastByte(bytes: Term): number {
    const set = this.#store.first[bytes];
    let byte = 0;
    while (!this.#store.sets.has(set, byte)) byte++;
    return byte;
  }

  concat(head: Term, tail: Term): Term {
    const store = this.#store;
    // Else a long head would be gone through for nothing.
    if (tail === EPSILON) return head;
    if (store.kinds[head] !== KIND_CONCAT) return this.#concatOne(head, tail);
    const heads: Term[] = [];
    let rest = head;
    for (; store.kinds[rest] === KIND_CONCAT; rest = store.second[rest]) heads.push(store.first[rest]);
    let term = this.#concatOne(rest, tail);
    for (let i = heads.length - 1; i >= 0; i--) term = this.#concatOne(heads[i], term);
    return term;
  }

  /** `head · tail` for a head that is not a CONCAT. */
  #concatOne(first: Term, second: Term): Term {
    const store = this.#store;
    let head = first;
    let tail = second;
    for (;;) {
      if (head === EMPTY || tail === EMPTY) return EMPTY;
      if (head === EPSILON) return tail;
      if (tail === EPSILON) return head;
      const headNullable = this.#surelyNullable(head);
      const tailNullable = this.#surelyNullable(tail);
      if ((head === this.all && tailNullable) || (tail === this.all && headNullable)) return this.all;
      const next = store.kinds[tail] === KIND_CONCAT ? store.first[tail] : tail;
      if (headNullable && (store.phases[head] & this.#boundaryOf(next)) !== 0) return tail;
      if (tailNullable && (store.phases[tail] & this.#boundaryOf(head)) !== 0) return head;
      const joined = this.#joinRepeats(head, next);
      if (joined === -1) return store.intern(KIND_CONCAT, head, tail, 0);
      head = joined;
      tail = next === tail ? EPSILON : store.second[tail];
    }
  }

  /** The bit of the phase that a term is all the text of; 0 for other terms. */
  #boundaryOf(term: Term): number {
    return term === this.anyText ? 1 << BOUNDARY : term === this.anyUnits ? 1 << UNIT_BOUNDARY : 0;
  }

  /** `R{a,b}·R{c,d} = R{a+c,b+d}`, where R alone counts as R{1,1} on one side; -1 when that is not the form. */
  #joinRepeats(head: Term, next: Term): Term {
    const store = this.#store;
    const headRepeats = store.kinds[head] === KIND_REPEAT && !this.#isRepeatOf(next, head);
    const nextRepeats = store.kinds[next] === KIND_REPEAT && !this.#isRepeatOf(head, next);
    if (!headRepeats && !nextRepeats) return -1;
    const base = headRepeats ? store.first[head] : head;
    if (base !== (nextRepeats ? store.first[next] : next)) return -1;
    const least = (headRepeats ? store.second[head] : 1) + (nextRepeats ? store.second[next] : 1);
    const most = plus(headRepeats ? store.third[head] : 1, nextRepeats ? store.third[next] : 1);
    return this.repeat(base, Math.min(least, UNBOUNDED), most);
  }

  #isRepeatOf(term: Term, operand: Term): boolean {
    return this.#store.kinds[term] === KIND_REPEAT && this.#store.first[term] === operand;
  }

  repeat(operand: Term, least: number, most: number): Term {
    const store = this.#store;
    if (most === 0) return EPSILON;
    if (operand === EMPTY) return least === 0 ? EPSILON : EMPTY;
    if (operand === EPSILON || operand === this.all) return operand;
    // A nullable operand makes the lower count meaningless.
    const nullable = this.#surelyNullable(operand);
    const from = nullable ? 0 : least;
    if (from === 1 && most === 1) return operand;
    if (most === 1 && nullable) return operand;
    if (from === 0 && most === 1) return this.union([EPSILON, operand]);
    if (from === 0 && most === UNBOUNDED && this.#isAnyByte(operand)) return this.all;
    if (store.kinds[operand] === KIND_REPEAT) {
      // (R{a,b}){c,d} = R{ac,bd} when the counts leave no gap.
      const innerLeast = store.second[operand];
      const innerMost = store.third[operand];
      const gapless =
        from === most || innerMost === UNBOUNDED
          ? from > 0 || innerLeast <= 1
          : (from + 1) * innerLeast <= from * innerMost + 1;
      if (gapless) return this.repeat(store.first[operand], times(innerLeast, from), times(innerMost, most));
    }
    return store.intern(KIND_REPEAT, operand, from, most);
  }

  #isAnyByte(term: Term): boolean {
    return this.#store.kinds[term] === KIND_BYTES && this.#store.sets.size(this.#store.first[term]) === 256;
  }

  complement(operand: Term): Term {
    if (operand === this.all) return EMPTY;
    if (this.#store.kinds[operand] === KIND_COMPLEMENT) return this.#store.first[operand];
    return this.#store.intern(KIND_COMPLEMENT, operand, 0, 0);
  }

  union(terms: ArrayLike<Term>): Term {
    const store = this.#store;
    const flat: Term[] = [];
    for (let i = 0; i < terms.length; i++) store.pushOperands(KIND_UNION, terms[i], flat);
    let list = flat;
    for (;;) {
      const merged = this.#mergeUnion(list);
      if (merged === undefined) return this.all;
      if (merged.length === 0) return EMPTY;
      if (merged.length === 1) return merged[0];
      store.budget?.spend(merged.length >>> 3);
      const joined = joinCounts(this, store, merged);
      if (joined === undefined) {
        const kept = dropDominated(store, merged);
        if (kept.length === 1) return kept[0];
        if (kept.length === 2 && kept[0] === EPSILON) return this.#optional(kept[1]);
        return store.internList(KIND_UNION, kept, 0);
      }
      list = [];
      for (const term of joined) store.pushOperands(KIND_UNION, term, list);
    }
  }

  #optional(term: Term): Term {
    return this.#store.intern(KIND_REPEAT, term, 0, 1);
  }

  /** Sorts and merges flat summands; undefined when they make up everything. */
  #mergeUnion(list: readonly Term[]): Term[] | undefined {
    const store = this.#store;
    let bytes: Uint32Array | undefined;
    let firstBytes = -1;
    let complement = -1;
    let absorbing = 0;
    let nullable = false;
    const rest: Term[] = [];
    for (const listed of list) {
      let term = listed;
      // R? is kept as two summands, so that {R?, S} and {ε, R, S} are one term.
      if (store.kinds[term] === KIND_REPEAT && store.second[term] === 0 && store.third[term] === 1) {
        rest.push(EPSILON);
        term = store.first[term];
      }
      if (term === EMPTY) continue;
      if (term === this.all) return undefined;
      const kind = store.kinds[term];
      if (kind === KIND_BYTES) {
        if (firstBytes === -1) firstBytes = term;
        else if (term !== firstBytes) {
          bytes ??= store.sets.words.slice(store.first[firstBytes] * 8, store.first[firstBytes] * 8 + 8);
          for (let word = 0; word < 8; word++) bytes[word] |= store.sets.words[store.first[term] * 8 + word];
        }
      } else if (kind === KIND_COMPLEMENT) {
        complement =
          complement === -1 ? term : this.complement(this.intersect([store.first[complement], store.first[term]]));
        if (complement === this.all) return undefined;
      } else {
        const phase = this.textFrom.indexOf(term);
        if (phase !== -1) absorbing |= 1 << phase;
        if (term !== EPSILON && this.#surelyNullable(term)) nullable = true;
        rest.push(term);
      }
    }
    if (firstBytes !== -1) rest.push(bytes === undefined ? firstBytes : this.byteSet(bytes));
    if (complement !== -1) {
      if (this.#surelyNullable(complement)) nullable = true;
      rest.push(complement);
    }
    const sorted = sortDistinct(rest);
    if (complement !== -1 && includesSorted(sorted, store.first[complement])) return undefined;
    if (absorbing === 0 && !(nullable && sorted[0] === EPSILON)) return sorted;
    return sorted.filter((term) => !(nullable && term === EPSILON) && (this.#foreignPhases(term) & absorbing) === 0);
  }

  intersect(terms: ArrayLike<Term>): Term {
    const store = this.#store;
    const flat: Term[] = [];
    for (let i = 0; i < terms.length; i++) store.pushOperands(KIND_INTERSECT, terms[i], flat);
    const merged = this.#mergeIntersect(flat);
    if (merged === undefined) return EMPTY;
    if (merged.length === 0) return this.all;
    if (merged.length === 1) return merged[0];
    if (merged[0] === EPSILON) {
      if (merged.every((term) => this.#surelyNullable(term))) return EPSILON;
      if (merged.some((term) => (store.flags[term] & (NULLABLE | MARKED)) === 0)) return EMPTY;
    }
    store.budget?.spend(merged.length >>> 3);
    let least = 0;
    let most = UNBOUNDED;
    for (const term of merged) {
      least = Math.max(least, store.minLength[term]);
      most = Math.min(most, store.maxLength[term]);
    }
    if (least > most) return EMPTY;
    const both = store.internList(KIND_INTERSECT, merged, 0);
    if (merged.length === 2 && (store.flags[both] & LIVE) === 0) findMember(this, store, both, merged);
    return both;
  }

  /** Sorts and merges flat factors; undefined when they exclude everything. */
  #mergeIntersect(given: readonly Term[]): Term[] | undefined {
    const store = this.#store;
    const list = joinLengths(this, store, given);
    if (list === undefined) return undefined;
    let bytes: Uint32Array | undefined;
    let firstBytes = -1;
    let complement = -1;
    let text = 0;
    const rest: Term[] = [];
    for (const term of list) {
      if (term === EMPTY) return undefined;
      if (term === this.all) continue;
      const kind = store.kinds[term];
      if (kind === KIND_BYTES) {
        if (firstBytes === -1) firstBytes = term;
        else if (term !== firstBytes) {
          bytes ??= store.sets.words.slice(store.first[firstBytes] * 8, store.first[firstBytes] * 8 + 8);
          for (let word = 0; word < 8; word++) bytes[word] &= store.sets.words[store.first[term] * 8 + word];
        }
      } else if (kind === KIND_COMPLEMENT) {
        complement =
          complement === -1 ? term : this.complement(this.union([store.first[complement], store.first[term]]));
        if (complement === EMPTY) return undefined;
      } else {
        const phase = this.textFrom.indexOf(term);
        if (phase !== -1) text |= 1 << phase;
        rest.push(term);
      }
    }
    if (firstBytes !== -1) {
      const both = bytes === undefined ? firstBytes : this.byteSet(bytes);
      if (both === EMPTY) return undefined;
      rest.push(both);
    }
    if (complement !== -1) rest.push(complement);
    const sorted = sortDistinct(rest);
    if (complement !== -1 && this.exclusions.excludes(store.first[complement], sorted)) return undefined;
    if (text === 0) return sorted;
    // "Any text" adds nothing to a factor that holds nothing but text.
    let textual = 0;
    for (const term of sorted) textual |= this.#foreignPhases(term);
    return sorted.filter((term) => {
      const phase = this.textFrom.indexOf(term);
      return phase === -1 || ((textual >>> phase) & 1) === 0;
    });
  }

  /** Whether ε is a member wherever it is asked, whatever markers hold. */
  #surelyNullable(term: Term): boolean {
    return (this.#store.flags[term] & (NULLABLE | MARKED_COMPLEMENT)) === NULLABLE;
  }

  /** The phases whose text holds the term, unless the term is that text itself. */
  #foreignPhases(term: Term): number {
    const own = this.textFrom.indexOf(term);
    return own === -1 ? this.#store.phases[term] : this.#store.phases[term] & ~(1 << own);
  }
}

function sortDistinct(list: Term[]): Term[] {
  if (list.length < 2) return list;
  const sorted = list.length < 16 ? list.sort((a, b) => a - b) : Array.from(Int32Array.from(list).sort());
  let kept = 1;
  for (let i = 1; i < sorted.length; i++) {
    if (sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i];
  }
  sorted.length = kept;
  return sorted;
}

function plus(a: number, b: number): number {
  return Math.min(a + b, UNBOUNDED);
}

function times(a: number, b: number): number {
  return a === 0 || b === 0 ? 0 : Math.min(a * b, UNBOUNDED);
}
