import type { TermStore } from "./term-store.ts";
import { KIND_COMPLEMENT, KIND_CONCAT, KIND_REPEAT, LIVE, type Term, UNBOUNDED } from "./term.ts";

/** The constructors that the laws use, and the terms that they know. */
interface Constructors {
  /** Any number of code points; -1 while there is none. */
  readonly anyText: Term;
  /** By phase, what completes a text. */
  readonly textFrom: readonly Term[];
  repeat(operand: Term, least: number, most: number): Term;
  union(terms: ArrayLike<Term>): Term;
}

/** All texts from a phase with some number of code points, after `skipped` bytes that complete one. */
interface LengthBound {
  readonly phase: number;
  readonly least: number;
  readonly most: number;
  readonly skipped: number;
}

/**
 * Bounds on the number of code points become one, and what is outside of a bound is one bound or two: texts have one length, so all hold
 * exactly when their intersection does. `C{1,9} ∩ C{3,} = C{3,9}`, `C* ∩ ¬C{1,9} = ε ∪ C{10,}`.
 *
 * @param list factors of an intersection
 * @returns the factors that are left; undefined when no text meets the bounds
 */
export function joinLengths(
  builder: Constructors,
  store: TermStore,
  list: readonly Term[],
): readonly Term[] | undefined {
  const { anyText } = builder;
  if (anyText === -1) return list;
  const codePoint = store.first[anyText];
  const isBound = (term: Term): boolean => isRepeatOf(store, term, codePoint);
  const bounds = list.filter(isBound);
  if (bounds.length === 0) return list;
  const gaps = list.filter((term) => store.kinds[term] === KIND_COMPLEMENT && isBound(store.first[term]));
  if (gaps.length === 0 && bounds.filter((term) => term !== anyText).length < 2) return list;
  let least = 0;
  let most = UNBOUNDED;
  for (const term of bounds) {
    least = Math.max(least, store.second[term]);
    most = Math.min(most, store.third[term]);
  }
  let inside = gaps;
  for (let count = -1; count !== inside.length;) {
    count = inside.length;
    // What one gap cuts off may leave another at an end.
    inside = inside.filter((gap) => {
      const from = store.second[store.first[gap]];
      const to = store.third[store.first[gap]];
      if (from <= least) least = Math.max(least, Math.min(to + 1, UNBOUNDED));
      else if (to >= most) most = Math.min(most, from - 1);
      else return true;
      return false;
    });
  }
  if (least > most || least === UNBOUNDED) return undefined;
  const others = list.filter((term) => !bounds.includes(term) && !gaps.includes(term));
  if (others.length > 0 || inside.length !== 1) return [...others, builder.repeat(codePoint, least, most), ...inside];
  const gap = store.first[inside[0]];
  const below = builder.repeat(codePoint, least, store.second[gap] - 1);
  return [builder.union([below, builder.repeat(codePoint, store.third[gap] + 1, most)])];
}

/** Marks an intersection of a pattern with a bound on its length live where a short text of it is within the bound: no search is needed then. */
export function findMember(builder: Constructors, store: TermStore, both: Term, factors: readonly Term[]): void {
  for (const [i, factor] of factors.entries()) {
    const texts = factors[1 - i];
    const reach = store.reach[texts];
    if (reach === UNBOUNDED) continue;
    const bound = lengthBound(builder, store, factor);
    if (bound === undefined || (store.phases[texts] & (1 << bound.phase)) === 0) continue;
    // Of a text of n bytes that completes a code point with the first k, at least (n - k) / 4 and at most n code points follow.
    if (reach > bound.most || Math.ceil((store.minLength[texts] - bound.skipped) / 4) < bound.least) continue;
    store.flags[both] |= LIVE;
    store.reach[both] = reach;
    return;
  }
}

function lengthBound({ anyText, textFrom }: Constructors, store: TermStore, term: Term): LengthBound | undefined {
  for (const [phase, text] of textFrom.entries()) {
    let own = term;
    let all = text;
    let skipped = 0;
    while (all !== anyText && store.kinds[all] === KIND_CONCAT) {
      if (store.kinds[own] !== KIND_CONCAT || store.first[own] !== store.first[all]) break;
      own = store.second[own];
      all = store.second[all];
      skipped++;
    }
    if (all !== anyText || !isRepeatOf(store, own, store.first[anyText])) continue;
    return { phase, least: store.second[own], most: store.third[own], skipped };
  }
  return undefined;
}

function isRepeatOf(store: TermStore, term: Term, operand: Term): boolean {
  return store.kinds[term] === KIND_REPEAT && store.first[term] === operand;
}
