import type { Term, TermArena } from "@espalier/grammar";

/**
 * A value of the `format` keyword as a regular language over the decoded text of a string, as UTF-8.
 *
 * What a format accepts is valid by its standard: a language may be smaller than the standard's, never larger.
 */
export interface StringFormat {
  /** The value of the keyword. */
  readonly name: string;
  /** The standard and the section that define the format. */
  readonly standard: string;
  /** Whether the language is the standard's own, or a part of it: {@link note} then says what is left out. */
  readonly exactness: "exact" | "subset";
  readonly note?: string;
  /**
   * A regular expression (flags `iu`, whole text) for a superset of what the standard, or a common validator, takes for a member; where
   * that is more than the language. What is "not in the format" is outside of it.
   */
  readonly outer?: string;
  /** The language. Built once an arena. */
  term(arena: TermArena): Term;
}
