import type { TokenId } from "@espalier/grammar";
import type { ModelSession } from "./model-session.ts";

/**
 * A model of the next token: token ids in, logits out. What every decoder of this package runs on.
 *
 * A model is shared; what one text needs (its tokens, its key-value cache) lives in a {@link ModelSession}.
 * Several sessions can be fed in one model call with {@link LanguageModel.feedBatch}.
 */
export interface LanguageModel {
  /** Logits per position; token ids are 0 .. vocabularySize - 1. May exceed what the tokenizer uses (padding). */
  readonly vocabularySize: number;
  /** The most tokens that a session can hold. */
  readonly contextLength: number;
  /** The tokens that end a text, as the model's own configuration lists them. May be empty. */
  readonly eosTokens: readonly TokenId[];
  /** The token that begins a text, where the model's configuration names one. */
  readonly bosToken: TokenId | undefined;
  /** Counters over the model's whole life; they only grow. */
  readonly stats: ModelStats;

  /** An empty sequence. Costs next to nothing until it is fed. */
  createSession(): ModelSession;

  /**
   * Feeds several sessions at once, each its own tokens, in as few model calls as the model can (one, as a rule).
   * Sequences may differ in length and in the number of tokens; no session may occur twice.
   *
   * Either all sessions move or, when the promise rejects, none does.
   *
   * @returns for each request its `positions` logits, as {@link ModelSession.feed} gives them
   * @throws InvalidInputError for a session of another model, one that occurs twice or is being fed already, no tokens,
   *   a token outside the vocabulary, `positions` outside 0 .. tokens.length
   * @throws LimitExceededError (`contextLength`) when a session would outgrow the context
   * @throws ModelError when the model fails, or gives NaN or +Infinity, or nothing but -Infinity
   * @throws AbortedError when the signal has fired before one of the model calls
   */
  feedBatch(requests: readonly FeedRequest[], options?: FeedBatchOptions): Promise<Float32Array[][]>;

  /** Releases the model's memory; its sessions are unusable from then on. Further calls do nothing. */
  dispose(): Promise<void>;
}

/** One session's part of a {@link LanguageModel.feedBatch}. */
export interface FeedRequest {
  readonly session: ModelSession;
  /** At least one token. */
  readonly tokens: readonly TokenId[];
  /**
   * For how many of `tokens`, counted from the last, to return the logits of what follows: 0 .. tokens.length.
   * @defaultValue 1
   */
  readonly positions?: number | undefined;
}

export interface FeedBatchOptions {
  /** Looked at before each model call. */
  readonly signal?: AbortSignal | undefined;
}

/** What a model has done so far: tests and benches assert on work rather than on time. */
export interface ModelStats {
  /** Runs of the model, whatever the batch. */
  readonly calls: number;
  /** Tokens fed, padding not included. */
  readonly tokens: number;
  /** Padding computed so that sequences of different lengths fit one call. */
  readonly paddingTokens: number;
}
