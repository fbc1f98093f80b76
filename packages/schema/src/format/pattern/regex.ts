import type { Term, TermArena } from "@espalier/grammar";
import type { StringFormat } from "../string-format.ts";
import { anyNumberOf } from "../support/any-number-of.ts";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";
import { perArena } from "../support/per-arena.ts";
import { characterClass } from "./character-class.ts";
import { characterEscape } from "./escape.ts";
import { quantifier } from "./quantifier.ts";

export const regex: StringFormat = {
  name: "regex",
  standard: "ECMA-262, section 22.2.1, Pattern",
  exactness: "subset",
  outer: String.raw`(?![^\\\[\(]*\([^\)]*$)(?![^\\\[]*\[[^\]]*$)[^]*`,
  note:
    "Patterns that are valid with and without the flag u, with groups at most three deep, lookarounds and at most one named " +
    "group at the top. Left out: references to groups, \\0, \\u{...}, most names of \\p{...}, counts above 9999, " +
    "{n,m} with three or four digits each, class ranges other than of letters, digits and some well-known ones.",
  term: perArena(buildRegex),
};

const MAX_DEPTH = 3;

interface Pieces {
  /** What can be repeated, groups apart. */
  readonly atom: Term;
  readonly quantifier: Term;
}

function buildRegex(arena: TermArena): Term {
  const pieces: Pieces = { atom: atom(arena), quantifier: optional(arena, quantifier(arena)) };
  let inside = disjunction(arena, pieces, []);
  for (let depth = 1; depth < MAX_DEPTH; depth++) {
    inside = disjunction(arena, pieces, [group(arena, pieces, ["(", "(?:"], inside)]);
  }
  const lookaround = arena.concat(arena.words(["(?=", "(?!", "(?<=", "(?<!"]), inside, arena.text(")"));
  const pattern = disjunction(arena, pieces, [group(arena, pieces, ["(", "(?:"], inside), lookaround]);
  return arena.concat(pattern, optional(arena, arena.concat(namedGroup(arena, pieces, inside), pattern)));
}

/** Everything between two parentheses. The alternation sign may stand anywhere, for an alternative may be empty. */
function disjunction(arena: TermArena, pieces: Pieces, groups: readonly Term[]): Term {
  return anyNumberOf(
    arena,
    arena.union(
      arena.concat(pieces.atom, pieces.quantifier),
      asciiClass(arena, "^$|"),
      arena.words(["\\b", "\\B"]),
      ...groups,
    ),
  );
}

function atom(arena: TermArena): Term {
  // Everything but the SyntaxCharacters ^ $ \ . * + ? ( ) [ ] { } |, and the dot, which matches any character.
  const literal = arena.difference(arena.anyCodePoint, asciiClass(arena, "^$\\*+?()[]{}|"));
  return arena.union(literal, characterEscape(arena), characterClass(arena));
}

function group(arena: TermArena, pieces: Pieces, openings: readonly string[], inside: Term): Term {
  return arena.concat(arena.words(openings), inside, arena.text(")"), pieces.quantifier);
}

/** Two groups must not have one name, which is no regular condition: hence one alone. */
function namedGroup(arena: TermArena, pieces: Pieces, inside: Term): Term {
  const name = arena.concat(asciiClass(arena, "a-zA-Z_$"), anyNumberOf(arena, asciiClass(arena, "a-zA-Z0-9_$")));
  return arena.concat(arena.text("(?<"), name, arena.text(">"), inside, arena.text(")"), pieces.quantifier);
}
