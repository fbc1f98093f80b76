import { EPSILON, type Term, type TermArena } from "@espalier/grammar";

/** `-?(0|[1-9][0-9]*)(\.[0-9]+)?([eE][+-]?[0-9]+)?`: all of RFC 8259. */
export function anyNumberTerm(arena: TermArena): Term {
  const digit = arena.byteRange(0x30, 0x39);
  return numberTerm(arena, digit, arena.union(arena.text("+"), arena.text("-"), EPSILON));
}

/**
 * `-?(0|[1-9][0-9]*)(\.0+)?([eE]\+?[0-9]+)?`: fraction digits are 0 and exponents not negative, so 1.5e1 is not
 * among them.
 */
export function anyIntegerTerm(arena: TermArena): Term {
  return numberTerm(arena, arena.text("0"), arena.union(arena.text("+"), EPSILON));
}

function numberTerm(arena: TermArena, fractionDigit: Term, exponentSign: Term): Term {
  const digit = arena.byteRange(0x30, 0x39);
  const optional = (...parts: Term[]): Term => arena.union(arena.concat(...parts), EPSILON);
  const whole = arena.union(
    arena.text("0"),
    arena.concat(arena.byteRange(0x31, 0x39), arena.repeat(digit, 0, Infinity)),
  );
  return arena.concat(
    optional(arena.text("-")),
    whole,
    optional(arena.text("."), arena.repeat(fractionDigit, 1, Infinity)),
    optional(arena.union(arena.text("e"), arena.text("E")), exponentSign, arena.repeat(digit, 1, Infinity)),
  );
}
