import type { FrameContent } from "../automaton/memoised-frame-machine.ts";
import type { Frame } from "../automaton/frame-machine.ts";
import type { PushdownAutomaton } from "../automaton/pushdown-automaton.ts";
import type { LexicalSet } from "./lexical-sets.ts";
import type { Row } from "./parse-rows.ts";
import type { Label } from "./terminal-table.ts";

/** Terminals in progress, and the row that they began in. */
export interface Part {
  readonly set: LexicalSet;
  readonly row: Row;
}

/** A {@link Part} that is given up when one of its guards, terminals that were in progress before it, ends after all. */
export interface Thread extends Part {
  /** 0 for a row between two terminals. */
  readonly set: LexicalSet;
  /** Ascending. */
  readonly guards: readonly LexicalSet[];
}

/**
 * What a frame of a grammar holds:
 *
 * - `row`: the parser between two terminals; at rest it lies under the frame of the terminals that may begin
 * - `bare`: the same, for what cannot be told without the row: steps by itself
 * - `opening`: the terminals that may begin, before their first byte; the row is below
 * - `lexical`: terminals in progress; the row that they began in is below
 * - `living`: terminals in progress of which it only counts whether one goes on; never a part of a state
 * - `mixed`: terminals in progress from several places, and perhaps a row that begins here
 * - `guarded`: the same where the longest match counts, and what took a shorter one may have to be given up
 * - `guest`: a frame of another automaton; below its last one is a `wait`
 * - `wait`: the row that goes on when the automaton of a terminal has ended
 * - `inner`: the last frame of another automaton and the row below it, in one
 */
export type GrammarFrame = FrameContent &
  (
    | { readonly kind: "row" | "bare"; readonly row: Row }
    | { readonly kind: "opening" | "lexical" | "living"; readonly set: LexicalSet }
    | { readonly kind: "mixed"; readonly parts: readonly Part[]; readonly fresh: Row }
    | { readonly kind: "guarded"; readonly threads: readonly Thread[] }
    | { readonly kind: "guest"; readonly guest: PushdownAutomaton; readonly frame: Frame }
    | { readonly kind: "wait"; readonly row: Row; readonly label: Label }
    | { readonly kind: "inner"; readonly row: Row; readonly label: Label; readonly frame: Frame }
  );
