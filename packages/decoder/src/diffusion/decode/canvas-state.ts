import type { TokenId } from "@espalier/grammar";
import type { PositionScores } from "../trellis/position-scores.ts";
import type { Proposal } from "./proposal.ts";

/** A canvas that is being decided: what differs between free and constrained decoding. @internal */
export interface CanvasState {
  /** Committed tokens, and `OPEN`. Read only. */
  readonly tokens: Int32Array;
  /** Commits what is certain without asking the model, before `end`; returns the positions, ascending. */
  commitForced(end: number): number[];
  /** @param end the first position behind the current block: nothing behind it will be committed from this proposal */
  propose(scores: PositionScores, end: number): Proposal;
  /** Commits a position as proposed, or with another token where that is not possible. */
  commit(position: number, proposal: Proposal, scores: PositionScores): void;
  /** A canvas with a token everywhere that decoding could end with. Read only. */
  readonly outlook: Int32Array;
  readonly refusedTokens: number;
  readonly exactSteps: number;
  isEnd(token: TokenId): boolean;
}
