import type { Term, TermArena } from "@espalier/grammar";

/**
 * A shortest member of `language` that is none of `used`; undefined when there is none.
 *
 * Used texts that are longer than the answer are not looked at: they may be long, come one after the other, and each would leave a
 * term for every byte behind.
 */
export function shortestUnused(arena: TermArena, language: Term, used: readonly Uint8Array[]): Uint8Array | undefined {
  const longest = used.reduce((most, bytes) => Math.max(most, bytes.length), 0);
  for (let length = arena.shortest(language)?.length ?? Infinity; ; length *= 2) {
    const short = used.filter((bytes) => bytes.length <= length);
    const rest = short.length === 0 ? language : arena.difference(language, arena.words(short));
    const found = arena.shortest(rest);
    if (found === undefined || found.length <= length || length >= longest) return found;
    // An empty text doubles to nothing.
    if (length === 0) length = 1;
  }
}
