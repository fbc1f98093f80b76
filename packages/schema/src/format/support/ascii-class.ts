import type { Term, TermArena } from "@espalier/grammar";

/**
 * One ASCII character out of a set in the notation of a character class: `asciiClass(arena, "a-z0-9_-")`.
 * There are no escapes; a hyphen stands for itself at either end.
 */
export function asciiClass(arena: TermArena, notation: string): Term {
  const set = new Uint32Array(8);
  for (let i = 0; i < notation.length; i++) {
    const low = notation.charCodeAt(i);
    const isRange = notation[i + 1] === "-" && i + 2 < notation.length;
    const high = isRange ? notation.charCodeAt(i + 2) : low;
    if (isRange) i += 2;
    for (let code = low; code <= high; code++) set[code >>> 5] |= 1 << (code & 31);
  }
  return arena.byteSet(set);
}
