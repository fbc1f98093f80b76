import { compileRegex, type Term, type TermArena } from "@espalier/grammar";
import type { StringFormat } from "./string-format.ts";

const known = new WeakMap<TermArena, Map<StringFormat, Term>>();

/** All texts that a format may have: its language, or the superset that it names. */
export function outerTerm(format: StringFormat, arena: TermArena): Term {
  if (format.outer === undefined) return format.term(arena);
  let terms = known.get(arena);
  if (terms === undefined) known.set(arena, (terms = new Map<StringFormat, Term>()));
  let term = terms.get(format);
  if (term === undefined) {
    const outer = compileRegex(arena, format.outer, {
      flags: "u",
      match: "whole",
      place: `the format ${format.name}`,
    });
    term = arena.intersect(outer, arena.anyText);
    arena.noteWithin(format.term(arena), term);
    terms.set(format, term);
  }
  return term;
}
