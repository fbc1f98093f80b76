import type { Term, TermArena } from "@espalier/grammar";

/** RFC 3987, section 2.2, ucschar: the characters beyond ASCII of an IRI. */
export function internationalCharacters(arena: TermArena): Term {
  const supplementary = Array.from({ length: 14 }, (_, i): [number, number] => {
    const plane = (i + 1) * 0x1_0000;
    // Plane 14 starts with the language tags.
    return [plane + (i === 13 ? 0x1000 : 0), plane + 0xfffd];
  });
  return arena.codePoints([[0xa0, 0xd7ff], [0xf900, 0xfdcf], [0xfdf0, 0xffef], ...supplementary]);
}

/** RFC 3987, section 2.2, iprivate: those of a query alone. */
export function privateCharacters(arena: TermArena): Term {
  return arena.codePoints([
    [0xe000, 0xf8ff],
    [0xf_0000, 0xf_fffd],
    [0x10_0000, 0x10_fffd],
  ]);
}
