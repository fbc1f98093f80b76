import type { Constraint, Vocabulary } from "@espalier/grammar";

/**
 * What a generation must write, and what becomes of the text: see {@link json}, {@link regex}, {@link choice},
 * {@link grammar}, {@link thinking}, {@link toolCalls} and {@link text}.
 *
 * @typeParam Value the type of the result
 * @typeParam Partial the type of what a stream shows of it while it is written
 */
export interface Output<Value, Partial = unknown> {
  readonly kind: "json" | "regex" | "choice" | "grammar" | "thinking" | "tools" | "text";
  /** Equal keys, equal constraints: what compiled constraints are kept under. `undefined`: kept for this object alone. */
  readonly cacheKey: string | undefined;
  /** A sentence that tells the model what to write; the prompt helper puts it before the prompt. `undefined`: nothing to tell. */
  instruction(): string | undefined;
  /** The constraint over a model's vocabulary, or `undefined` when any text will do. */
  compile(vocabulary: Vocabulary, signal?: AbortSignal | undefined): Constraint | undefined;
  /**
   * The value of a complete text.
   * @throws OutputRejectedError when a validator refuses it.
   */
  finish(text: string): Promise<Value>;
  /** Never there: carries the type. */
  readonly "~partial"?: Partial;
}
