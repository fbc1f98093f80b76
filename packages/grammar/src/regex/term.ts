/** An interned regular-expression term over bytes: equal content, equal number, within one arena. */
export type Term = number;

/** The empty language. */
export const EMPTY: Term = 0;

/** The language that holds the empty string and nothing else. */
export const EPSILON: Term = 1;

/** The upper bound of a repetition without one, and the length bound of an unbounded language. */
export const UNBOUNDED = 0x7fff_ffff;

// Kinds of term, as TermStore keeps them. The three operand columns mean:
//
//   kind         first          second        third
//   BYTES        byte set id
//   CONCAT       head           tail                      head is never CONCAT
//   UNION        list offset    list length               sorted, distinct, no UNION inside
//   INTERSECT    list offset    list length               sorted, distinct, no INTERSECT inside
//   COMPLEMENT   operand                                  relative to all byte strings
//   REPEAT       operand        least count   most count  UNBOUNDED for no upper bound
//   BRANCH       list offset    edge count    0 or 1      (BYTES term, target) pairs with disjoint sets; third: holds ε
//   MACHINE      machine index  state
//   MARKER       marker id                                an assertion yet to be decided: ε where it holds, else ∅
export const KIND_EMPTY = 0;
export const KIND_EPSILON = 1;
export const KIND_BYTES = 2;
export const KIND_CONCAT = 3;
export const KIND_UNION = 4;
export const KIND_INTERSECT = 5;
export const KIND_COMPLEMENT = 6;
export const KIND_REPEAT = 7;
export const KIND_BRANCH = 8;
export const KIND_MACHINE = 9;
export const KIND_MARKER = 10;

/** What {@link TermArena.kindOf} answers, indexed by the kind numbers above. */
export const KIND_NAMES = [
  "empty",
  "epsilon",
  "bytes",
  "concat",
  "union",
  "intersect",
  "complement",
  "repeat",
  "branch",
  "machine",
  "marker",
] as const;

export type TermKind = (typeof KIND_NAMES)[number];

// Bits of a term's flags.
/** The language holds the empty string. */
export const NULLABLE = 1;
/** The language is known not to be empty. */
export const LIVE = 2;
/** The language is known to be empty (though the term is not EMPTY). */
export const DEAD_TERM = 4;
/** A marker is somewhere inside: whether ε is a member depends on the position, and NULLABLE is about markers as ∅. */
export const MARKED = 8;
/** A marker is inside a complement: even NULLABLE terms may lose ε where a marker holds. */
export const MARKED_COMPLEMENT = 16;
