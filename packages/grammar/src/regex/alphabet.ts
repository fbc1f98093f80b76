import { CodePointSet, MAX_CODE_POINT } from "./code-point-set.ts";
import type { TermArena } from "./term-arena.ts";
import type { Term } from "./term.ts";

/** How the characters that a pattern speaks of become bytes. */
export interface Alphabet {
  /** One character out of a set. */
  one(set: CodePointSet): Term;
  /** Any number of any characters. */
  readonly any: Term;
}

const SURROGATES = CodePointSet.of([[0xd800, 0xdfff]]);

/** UTF-8 of code points, for patterns with u or v. */
export function codePointAlphabet(arena: TermArena): Alphabet {
  return { one: memoised((set) => arena.codePoints(set.ranges)), any: arena.anyText };
}

/** UTF-8 of code points, for patterns without u and v that do not need code units: all surrogates stand for all pairs. */
export function pairedAlphabet(arena: TermArena): Alphabet {
  const one = (set: CodePointSet): Term => {
    const pairs = SURROGATES.subtract(set).isEmpty;
    return arena.codePoints(pairs ? [...set.ranges, [0x1_0000, MAX_CODE_POINT]] : set.ranges);
  };
  return { one: memoised(one), any: arena.anyText };
}

/** Code units, to be read through a Utf16Machine. */
export function codeUnitAlphabet(arena: TermArena): Alphabet {
  return {
    one: memoised((set) => arena.codeUnits(set.ranges)),
    any: arena.repeat(arena.codeUnits([[0, 0xffff]]), 0, Infinity),
  };
}

function memoised(make: (set: CodePointSet) => Term): (set: CodePointSet) => Term {
  const known = new Map<CodePointSet, Term>();
  return (set) => {
    let term = known.get(set);
    if (term === undefined) known.set(set, (term = make(set)));
    return term;
  };
}
