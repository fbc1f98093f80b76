import type { TokenId } from "@espalier/grammar";

/**
 * Why an output ended.
 *
 * - `end`: the model ended it, or the constraint has nothing left to say
 * - `stop-sequence`: one of the texts in `stop` came up
 * - `length`: `maxTokens` or the context was used up; never under a constraint
 * - `aborted`: the signal fired; the output may be incomplete
 */
export type FinishReason = "end" | "stop-sequence" | "length" | "aborted";

/** A token was added to the output. Ends of text are not. */
export interface DecodeTokenEvent {
  readonly type: "token";
  readonly token: TokenId;
  /** True when it was the only way on: the model was not asked. */
  readonly isForced: boolean;
  /** Under the distribution that it was drawn from, see `Sampler.logProbability`; `undefined` when forced. */
  readonly logProbability: number | undefined;
  /** Under the model's distribution over the allowed tokens; `undefined` unless `sampling.logProbabilities` is set. */
  readonly constrainedLogProbability: number | undefined;
  /** Under the model's distribution over all tokens; `undefined` unless `sampling.logProbabilities` is set. */
  readonly modelLogProbability: number | undefined;
}

/** A further piece of the output's text: whole characters, never empty. The pieces add up to the text. */
export interface DecodeTextEvent {
  readonly type: "text";
  readonly text: string;
}

/** The last event of a sequence. */
export interface DecodeFinishEvent {
  readonly type: "finish";
  readonly reason: FinishReason;
  /** All tokens of the output, forced ones and those of a stop sequence included. */
  readonly tokens: readonly TokenId[];
  /** All text of the output; empty without a vocabulary. */
  readonly text: string;
  /** What the sampler was seeded with: given again, it gives the same output. */
  readonly seed: number;
  /** The last tokens of prompt and output, which the session has not been fed: feed them to go on with it. */
  readonly unfedTokens: readonly TokenId[];
  readonly usage: DecodeUsage;
  readonly timings: DecodeTimings;
}

export type DecodeEvent = DecodeTokenEvent | DecodeTextEvent | DecodeFinishEvent;

/** What all events of a sequence add up to. */
export type DecodeResult = Omit<DecodeFinishEvent, "type">;

export interface DecodeUsage {
  readonly promptTokens: number;
  /** Tokens drawn from the model's logits, the end of text included. */
  readonly sampledTokens: number;
  /** Tokens taken because they were the only way on. */
  readonly forcedTokens: number;
  /** Model calls that this sequence took part in. */
  readonly modelCalls: number;
}

/** Wall-clock times. Those of a model call count for each sequence in it. */
export interface DecodeTimings {
  /** From the start to the first token of output; `undefined` when there was none. */
  readonly firstTokenMs: number | undefined;
  readonly modelMs: number;
  /** Masks, allowed lists, forced tokens. */
  readonly maskMs: number;
  readonly sampleMs: number;
  readonly totalMs: number;
}
