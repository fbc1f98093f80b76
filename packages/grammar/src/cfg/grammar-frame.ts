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

/**
 * What a frame of a grammar holds:
 *
 * - `row`: the parser between two terminals; at rest it lies under the frame of the terminals that may begin
 * - `bare`: the same, for what cannot be told without the row: steps by itself
 * - `opening`: the terminals that may begin, before their first byte; the row is below
 * - `lexical`: terminals in progress; the row that they began in is below
 * - `mixed`: terminals in progress from several places, and perhaps a row that begins here
 * - `guest`: a frame of another automaton; below its last one is a `wait`
 * - `wait`: the row that goes on when the automaton of a terminal has ended
 * - `inner`: the last frame of another automaton and the row below it, in one
 */
export type GrammarFrame = FrameContent &
  (
    | { readonly kind: "row" | "bare"; readonly row: Row }
    | { readonly kind: "opening" | "lexical"; readonly set: LexicalSet }
    | { readonly kind: "mixed"; readonly parts: readonly Part[]; readonly fresh: Row }
    | { readonly kind: "guest"; readonly guest: PushdownAutomaton; readonly frame: Frame }
    | { readonly kind: "wait"; readonly row: Row; readonly label: Label }
    | { readonly kind: "inner"; readonly row: Row; readonly label: Label; readonly frame: Frame }
  );
