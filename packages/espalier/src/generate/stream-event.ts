import type { GenerateResult } from "./generate-result.ts";

/** A further piece of the output: whole characters, never empty. The pieces add up to the text. */
export interface TextEvent {
  readonly type: "text";
  readonly text: string;
}

/** After each piece of JSON text: the value so far. */
export interface PartialEvent<Partial> {
  readonly type: "partial";
  /**
   * The value so far. One object that grows from event to event: `structuredClone` it to keep a state. Texts get longer, objects and
   * arrays get more members; numbers, booleans and nulls appear when they are complete.
   */
  readonly value: Partial | undefined;
  /** JSON Pointers of all parts that will not change any more: `/items/0/sku`; `""` is the whole. Grows with the value. */
  readonly complete: ReadonlySet<string>;
  /** Those that became complete with this piece, in the order of the text. */
  readonly completed: readonly string[];
}

/** What a masked-diffusion model has decided so far: one event after each step. A snapshot: later steps do not change it. */
export interface CanvasSnapshot {
  readonly type: "canvas";
  /** The pieces of the text by position: the text of a committed token (U+FFFD for part of a character), `undefined` where the canvas is open. */
  readonly pieces: readonly (string | undefined)[];
  /** The text, if decoding ended here; under a constraint it is valid. */
  readonly outlook: string;
  /** Positions that were committed in this step. */
  readonly committed: readonly number[];
  /** Model calls so far. */
  readonly modelCalls: number;
}

/** The last event: what `generate` returns. */
export interface FinishEvent<Value> {
  readonly type: "finish";
  readonly result: GenerateResult<Value>;
}

/** Of a language model: texts and partial values. Of a masked-diffusion model: canvases. */
export type StreamEvent<Value, Partial = unknown> =
  | TextEvent
  | PartialEvent<Partial>
  | CanvasSnapshot
  | FinishEvent<Value>;
