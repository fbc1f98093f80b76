import type { TokenId } from "@espalier/grammar";
import type { LanguageModel } from "./language-model.ts";

/** One sequence inside a {@link LanguageModel}: the tokens fed so far and what the model remembers of them. */
export interface ModelSession {
  readonly model: LanguageModel;
  /** Tokens fed and not rewound. */
  readonly length: number;

  /**
   * Appends `tokens` and resolves to logits. Without options, `const [logits] = await session.feed(tokens)` is what
   * follows the last token; with `positions: n`, element `i` is what follows token `tokens.length - n + i`
   * (verifying a draft of k tokens takes `positions: k + 1` and the token before the draft).
   *
   * Each array has `vocabularySize` finite numbers or -Infinity and belongs to the caller, who may change it.
   * The arrays of one call may share a buffer.
   *
   * When the promise rejects, the session is as before. Errors: see {@link LanguageModel.feedBatch}.
   */
  feed(tokens: readonly TokenId[], options?: FeedOptions): Promise<Float32Array[]>;

  /**
   * Takes back the last `count` tokens. Cheap: at most one copy of the cache, at the next feed.
   * @throws InvalidInputError when `count` is not in 0 .. length
   */
  rewind(count: number): void;

  /** An independent sequence with the same tokens. Cheap: what is remembered is shared until the two go different ways. */
  fork(): ModelSession;

  /** Forgets everything; the session is unusable from then on. Further calls do nothing. */
  dispose(): void;
}

export interface FeedOptions {
  /**
   * For how many of the tokens, counted from the last, to return the logits of what follows: 0 .. tokens.length.
   * @defaultValue 1
   */
  readonly positions?: number | undefined;
  /** Looked at before each model call. */
  readonly signal?: AbortSignal | undefined;
}
