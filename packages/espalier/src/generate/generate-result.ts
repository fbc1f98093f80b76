import type { FinishReason } from "@espalier/decoder";

export interface GenerateResult<Value> {
  /** What was asked for. */
  readonly value: Value;
  /** The output as the model wrote it. */
  readonly text: string;
  /**
   * - `end`: the model ended it, or the constraint had nothing left to say
   * - `stop-sequence`: one of the texts in `stop` came up
   * - `length`: free text was cut off at `maxTokens` or the end of the context
   */
  readonly finishReason: Exclude<FinishReason, "aborted">;
  /** Given again, with the same model and options, it gives the same output. */
  readonly seed: number;
  readonly usage: GenerateUsage;
  readonly timings: GenerateTimings;
}

export interface GenerateUsage {
  readonly promptTokens: number;
  /** Tokens of the output. */
  readonly outputTokens: number;
  /** Those of them that were the only way on: the model was not asked. */
  readonly forcedTokens: number;
  readonly modelCalls: number;
}

/** Wall-clock milliseconds. */
export interface GenerateTimings {
  /** Compiling the constraint; next to nothing when it was compiled before. */
  readonly compileMs: number;
  /** From the call to the first token; `undefined` when there was none. */
  readonly firstTokenMs: number | undefined;
  readonly modelMs: number;
  /** Token masks. */
  readonly maskMs: number;
  readonly totalMs: number;
}
