import type { TokenId } from "@espalier/grammar";

/** The canvas after a step. A snapshot: later steps do not change it. */
export interface CanvasEvent {
  readonly type: "canvas";
  /** Model calls so far. */
  readonly modelCalls: number;
  /** Committed tokens; `undefined` where the canvas is open. */
  readonly tokens: readonly (TokenId | undefined)[];
  /** What the open positions would be if decoding ended here: a valid canvas under a constraint. */
  readonly proposal: readonly TokenId[];
  /** Positions committed in this step, ascending. */
  readonly committed: readonly number[];
}

/** The last event. */
export interface DiffusionFinishEvent {
  readonly type: "finish";
  /** Tokens of the text: what stands before the end token. */
  readonly tokens: readonly TokenId[];
  /** The whole canvas. */
  readonly canvas: readonly TokenId[];
  /** The text; empty without a vocabulary. */
  readonly text: string;
  /** `length` when a free text had no end token on its canvas. Never under a constraint. */
  readonly reason: "end" | "length";
  readonly seed: number;
  readonly usage: DiffusionUsage;
  readonly timings: DiffusionTimings;
}

export interface DiffusionUsage {
  readonly promptTokens: number;
  readonly modelCalls: number;
  /** Positions of the canvas that were committed without a model call of their own: the only token possible. */
  readonly forcedTokens: number;
  /** Proposals that were refused because nothing valid would have been possible (`proposals: "viability"`). */
  readonly refusedTokens: number;
  /** Steps whose trellis was exact. */
  readonly exactSteps: number;
}

/** Wall-clock milliseconds. */
export interface DiffusionTimings {
  readonly modelMs: number;
  /** The trellis, viability, forced tokens. */
  readonly constraintMs: number;
  readonly totalMs: number;
}

export type DiffusionEvent = CanvasEvent | DiffusionFinishEvent;
