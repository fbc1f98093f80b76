import type { TermArena } from "./term-arena.ts";
import { EMPTY, type Term } from "./term.ts";

/** Languages with longer or more members are not listed. */
const MAX_LENGTH = 64;
const MAX_WORDS = 64;

const listsOf = new WeakMap<TermArena, Map<Term, readonly Uint8Array[] | undefined>>();

/** All members of a language that has a few short ones, as `enum` and `const` have; undefined for others. Remembered. */
export function fewWords(arena: TermArena, term: Term): readonly Uint8Array[] | undefined {
  if (arena.maxLength(term) > MAX_LENGTH) return undefined;
  let lists = listsOf.get(arena);
  if (lists === undefined) listsOf.set(arena, (lists = new Map<Term, readonly Uint8Array[] | undefined>()));
  if (lists.has(term)) return lists.get(term);
  const words: Uint8Array[] = [];
  const list = collect(arena, term, [], words) ? words : undefined;
  lists.set(term, list);
  return list;
}

/** Adds what `prefix` leads to, depth first; false when there is too much. Each step is on the way to a member. */
function collect(arena: TermArena, term: Term, prefix: number[], words: Uint8Array[]): boolean {
  arena.spend();
  if (arena.isNullable(term)) {
    if (words.length === MAX_WORDS) return false;
    words.push(Uint8Array.from(prefix));
  }
  const classes = arena.byteClasses(term);
  for (const least of arena.classRepresentatives(term)) {
    const next = arena.next(term, least);
    if (next === EMPTY) continue;
    for (let byte = least; byte < 256; byte++) {
      if (classes[byte] !== classes[least]) continue;
      prefix.push(byte);
      const isAll = collect(arena, next, prefix, words);
      prefix.pop();
      if (!isAll) return false;
    }
  }
  return true;
}
