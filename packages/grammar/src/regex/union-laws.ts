import type { TermStore } from "./term-store.ts";
import { EPSILON, KIND_CONCAT, KIND_REPEAT, type Term } from "./term.ts";

/** The constructors that the laws use. */
interface Constructors {
  concat(head: Term, tail: Term): Term;
  repeat(operand: Term, least: number, most: number): Term;
}

/** `base{least,most} · tail`, one summand of a union. */
interface Summand {
  readonly term: Term;
  readonly least: number;
  readonly most: number;
}

/**
 * Joins summands that repeat one thing before one tail: `R{1,3}K ∪ R{2,5}K = R{1,5}K` whenever the counts leave no gap,
 * with `RK` and `K` as the counts {1,1} and {0,0}. Without it a pattern such as `(.*a.{0,20}){3}` has a
 * derivative for every *set* of counts, with it one for every pair of bounds.
 *
 * @param list sorted, distinct summands
 * @returns the joined summands (unsorted), or undefined when there is nothing to join
 */
export function joinCounts(builder: Constructors, store: TermStore, list: readonly Term[]): Term[] | undefined {
  const groups = new Map<number, Summand[]>();
  for (const term of list) {
    const repeat = repeatHead(store, term);
    if (repeat === -1) continue;
    const key = keyOf(store.first[repeat], tailOf(store, term));
    const summand = { term, least: store.second[repeat], most: store.third[repeat] };
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [summand]);
    else group.push(summand);
  }
  if (groups.size === 0) return undefined;
  for (const term of list) {
    if (repeatHead(store, term) !== -1) {
      groups.get(keyOf(term, EPSILON))?.push({ term, least: 1, most: 1 });
      continue;
    }
    const base = store.kinds[term] === KIND_CONCAT ? store.first[term] : term;
    groups.get(keyOf(base, base === term ? EPSILON : store.second[term]))?.push({ term, least: 1, most: 1 });
  }
  return joinGroups(builder, list, groups);
}

function joinGroups(
  builder: Constructors,
  list: readonly Term[],
  groups: ReadonlyMap<number, Summand[]>,
): Term[] | undefined {
  const removed = new Set<Term>();
  const added: Term[] = [];
  for (const [key, group] of groups) {
    const base = Math.floor(key / KEY_FACTOR);
    const tail = key % KEY_FACTOR;
    if (includesSorted(list, tail) && group.every((summand) => summand.term !== tail)) {
      group.push({ term: tail, least: 0, most: 0 });
    }
    group.sort((a, b) => a.least - b.least);
    for (let i = 0; i < group.length;) {
      let { most } = group[i];
      let end = i + 1;
      while (end < group.length && group[end].least <= most + 1) most = Math.max(most, group[end++].most);
      // R{0,1} is itself written ε ∪ R, so joining those two would never end.
      if (end > i + 1 && (group[i].least !== 0 || most !== 1)) {
        for (let member = i; member < end; member++) removed.add(group[member].term);
        added.push(builder.concat(builder.repeat(base, group[i].least, most), tail));
      }
      i = end;
    }
  }
  if (removed.size === 0) return undefined;
  for (const term of list) if (!removed.has(term)) added.push(term);
  return added;
}

/**
 * Drops summands that another holds: `R{1,2}S{0,3}K` beside `R{0,4}S{0,3}K`, compared count by count along their spines.
 * Joining alone leaves a derivative for each set of *tuples* of counts where counted repetitions nest.
 *
 * @param list distinct summands
 */
export function dropDominated(store: TermStore, list: Term[]): Term[] {
  const groups = new Map<number, Term[]>();
  let comparable = false;
  for (const term of list) {
    if (repeatHead(store, term) === -1) continue;
    const group = groups.get(store.spine[term]);
    if (group === undefined) groups.set(store.spine[term], [term]);
    else {
      group.push(term);
      comparable = true;
    }
  }
  if (!comparable) return list;
  const dropped = new Set<Term>();
  for (const group of groups.values()) {
    const kept: Term[] = [];
    for (const term of group) {
      store.budget?.spend(kept.length);
      if (kept.some((other) => dominates(store, other, term))) {
        dropped.add(term);
        continue;
      }
      let size = 0;
      for (const other of kept) {
        if (dominates(store, term, other)) dropped.add(other);
        else kept[size++] = other;
      }
      kept.length = size;
      kept.push(term);
    }
  }
  return dropped.size === 0 ? list : list.filter((term) => !dropped.has(term));
}

/** Whether `a` has the spine of `b`, and counts around those of `b`. */
function dominates(store: TermStore, a: Term, b: Term): boolean {
  let left = a;
  let right = b;
  while (left !== right) {
    if (store.spine[left] !== store.spine[right] || left === EPSILON || right === EPSILON) return false;
    const leftHead = headOf(store, left);
    const rightHead = headOf(store, right);
    if (leftHead !== rightHead) {
      const leftRepeats = store.kinds[leftHead] === KIND_REPEAT;
      const rightRepeats = store.kinds[rightHead] === KIND_REPEAT;
      if ((leftRepeats ? store.first[leftHead] : leftHead) !== (rightRepeats ? store.first[rightHead] : rightHead)) {
        return false;
      }
      if ((leftRepeats ? store.second[leftHead] : 1) > (rightRepeats ? store.second[rightHead] : 1)) return false;
      if ((leftRepeats ? store.third[leftHead] : 1) < (rightRepeats ? store.third[rightHead] : 1)) return false;
    }
    left = tailOf(store, left);
    right = tailOf(store, right);
  }
  return true;
}

function headOf(store: TermStore, term: Term): Term {
  return store.kinds[term] === KIND_CONCAT ? store.first[term] : term;
}

const KEY_FACTOR = 2 ** 26;

function keyOf(base: Term, tail: Term): number {
  return base * KEY_FACTOR + tail;
}

function repeatHead(store: TermStore, term: Term): Term {
  if (store.kinds[term] === KIND_REPEAT) return term;
  if (store.kinds[term] === KIND_CONCAT && store.kinds[store.first[term]] === KIND_REPEAT) return store.first[term];
  return -1;
}

function tailOf(store: TermStore, term: Term): Term {
  return store.kinds[term] === KIND_CONCAT ? store.second[term] : EPSILON;
}

/** Whether a sorted list holds a term. */
export function includesSorted(list: ArrayLike<Term>, term: Term): boolean {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (list[middle] < term) low = middle + 1;
    else high = middle;
  }
  return low < list.length && list[low] === term;
}
