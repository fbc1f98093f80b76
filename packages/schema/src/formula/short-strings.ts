import { EMPTY, type Term, type TermArena } from "@espalier/grammar";

/** Lengths without a member that are tried one after another before the longer members are given up. */
const MAX_GAP = 64;

/** The longest strings that are listed, in bytes. */
const MAX_LENGTH = 1_000;

/** Bytes in the order in which they are tried: letters, digits, other printable ASCII, then the rest. */
const PLEASANT_FIRST: Uint8Array = Uint8Array.from({ length: 256 }, (_, byte) => byte).sort(
  (a, b) => rank(a) - rank(b),
);

const decoder = new TextDecoder();

/**
 * Up to `count` different members of a language over UTF-8, shorter ones first; all of them where there are fewer, unless their
 * lengths lie far apart. Time: the nodes of the trie of all members that are no longer, times the greatest length.
 */
export function shortStrings(arena: TermArena, language: Term, count: number): string[] {
  const found: string[] = [];
  const least = arena.shortest(language)?.length;
  if (least === undefined) return found;
  const bytes: number[] = [];
  let canBeLonger = false;
  const descend = (term: Term, left: number): void => {
    arena.spend();
    if (left === 0) {
      if (arena.isNullable(term)) found.push(decoder.decode(Uint8Array.from(bytes)));
      canBeLonger ||= !isLast(arena, term);
      return;
    }
    const classes = arena.byteClasses(term);
    const targets: Term[] = [];
    for (const byte of PLEASANT_FIRST) {
      const next = (targets[classes[byte]] ??= arena.next(term, byte));
      if (next === EMPTY) continue;
      if (arena.shortest(next)!.length >= left) {
        canBeLonger = true;
        continue;
      }
      bytes.push(byte);
      descend(next, left - 1);
      bytes.pop();
      if (found.length >= count) return;
    }
  };
  for (let length = least, empty = 0; length <= MAX_LENGTH && found.length < count && empty < MAX_GAP; length++) {
    const before = found.length;
    canBeLonger = false;
    descend(language, length);
    if (!canBeLonger) break;
    empty = found.length === before ? empty + 1 : 0;
  }
  return found;
}

/** Whether nothing can follow. */
function isLast(arena: TermArena, term: Term): boolean {
  return arena.classRepresentatives(term).every((byte) => arena.next(term, byte) === EMPTY);
}

function rank(byte: number): number {
  if (byte >= 0x61 && byte <= 0x7a) return byte - 0x61;
  if (byte >= 0x30 && byte <= 0x39) return 0x100 + byte;
  if (byte >= 0x41 && byte <= 0x5a) return 0x200 + byte;
  // Quotes and backslashes are escaped in JSON.
  if (byte >= 0x20 && byte <= 0x7e && byte !== 0x22 && byte !== 0x5c) return 0x300 + byte;
  return 0x400 + byte;
}
