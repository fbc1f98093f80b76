import type { LanguageView } from "./shortest.ts";
import type { Term } from "./term.ts";

/** Levels counted before asking whether the language is infinite. */
const LEVELS_BEFORE_CYCLE_CHECK = 32;

/**
 * The number of members, or `limit` when there are at least as many.
 * Counts level by level: how many byte strings of each length lead to each state.
 */
export function countMembers(view: LanguageView, start: Term, limit: number): number {
  let total = 0;
  let level = new Map<Term, number>([[start, 1]]);
  for (let length = 0; level.size > 0 && total < limit; length++) {
    if (length === LEVELS_BEFORE_CYCLE_CHECK && isInfinite(view, start)) return limit;
    const following = new Map<Term, number>();
    for (const [term, count] of level) {
      view.spend();
      if (view.isNullable(term)) total += count;
      for (const [to, bytes] of successors(view, term)) {
        following.set(to, Math.min(limit, (following.get(to) ?? 0) + count * bytes));
      }
    }
    level = following;
    // Each state has a completion, so a full level is as many members.
    let pending = 0;
    for (const count of level.values()) pending += count;
    if (total + pending >= limit) return limit;
  }
  return Math.min(total, limit);
}

/** Live successors, and how many bytes lead to each. */
function successors(view: LanguageView, term: Term): Map<Term, number> {
  const classes = view.byteClasses(term);
  const targets: Term[] = [];
  const counts = new Map<Term, number>();
  for (let byte = 0; byte < 256; byte++) {
    const to = (targets[classes[byte]] ??= view.next(term, byte));
    if (to !== 0) counts.set(to, (counts.get(to) ?? 0) + 1);
  }
  return counts;
}

/** Whether a live state can be reached from itself: depth-first, by an explicit stack. */
function isInfinite(view: LanguageView, start: Term): boolean {
  const onPath = new Set<Term>([start]);
  const finished = new Set<Term>();
  const stack: { readonly term: Term; readonly next: Iterator<Term, undefined> }[] = [
    { term: start, next: successors(view, start).keys() },
  ];
  for (let top = stack[0]; top !== undefined; top = stack[stack.length - 1]) {
    const step = top.next.next();
    const to: Term = step.done === true ? 0 : step.value;
    if (step.done === true) {
      onPath.delete(top.term);
      finished.add(top.term);
      stack.pop();
    } else if (onPath.has(to)) {
      return true;
    } else if (!finished.has(to)) {
      view.spend();
      onPath.add(to);
      stack.push({ term: to, next: successors(view, to).keys() });
    }
  }
  return false;
}
