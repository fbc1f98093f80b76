import type { Matcher, TokenId, Vocabulary } from "@espalier/grammar";
import type { LanguageModel } from "../models/language-model.ts";
import type { ModelSession } from "../models/model-session.ts";
import type { MonitorOptions } from "../monitored/monitor.ts";
import type { SamplingOptions } from "../sampling/sampling-options.ts";

/** What a decoder needs to know of a vocabulary to write text. */
export type TokenText = Pick<Vocabulary, "size" | "eosTokens" | "bytes">;

/** One sequence to decode. */
export interface SequenceOptions {
  /** The tokens to go on from; at least one. With `session`, only those that it has not been fed yet. */
  readonly prompt: readonly TokenId[];
  /**
   * What the output must be. A fresh cursor of a constraint over the model's vocabulary; it is moved along.
   * @defaultValue none: the output is free
   */
  readonly matcher?: Matcher | undefined;
  readonly sampling?: SamplingOptions | undefined;
  /**
   * The most tokens of output; an end-of-text token does not count.
   *
   * Without a matcher, the output is cut there. With one, it never is: the matcher must have been made with a budget of at
   * most this many (its masks keep to it), and a constraint that needs more is refused before the first model call.
   * @defaultValue the matcher's budget, or else what the model's context has room for
   */
  readonly maxTokens?: number | undefined;
  /**
   * Texts that end the output; neither they nor what follows them is part of it. Found across token boundaries. Not with a
   * matcher, whose output is complete or not at all: say it in the constraint. Needs a vocabulary.
   */
  readonly stop?: readonly string[] | undefined;
  /** Goes on from here, and leaves it open: see {@link DecodeFinishEvent.unfedTokens}. Otherwise a session is made and closed. */
  readonly session?: ModelSession | undefined;
  /** Ends this sequence with `aborted`; looked at before each model call. */
  readonly signal?: AbortSignal | undefined;
}

/** What sequences have in common. */
export interface SharedDecodeOptions {
  readonly model: LanguageModel;
  /** For text: without it, events of type `text` are left out. */
  readonly vocabulary?: TokenText | undefined;
  /**
   * The tokens that end a text.
   * @defaultValue those of the model and of the vocabulary
   */
  readonly eosTokens?: readonly TokenId[] | undefined;
  /**
   * Whether tokens that are the only way on are taken without asking the model, and fed together with the next one.
   * Saves model calls and nothing else: outputs differ only where a text has several tokenizations.
   * @defaultValue true
   */
  readonly jumpForward?: boolean | undefined;
}

/** `monitor` is consulted while the output is written: see {@link Monitor}. Events then come at the end. */
export interface DecodeOptions extends SharedDecodeOptions, SequenceOptions, MonitorOptions {}

export interface DecodeBatchOptions extends SharedDecodeOptions {
  readonly sequences: readonly SequenceOptions[];
  /**
   * The most sequences in one model call; as some end, others begin.
   * @defaultValue all
   */
  readonly maxBatchSize?: number | undefined;
  /** Ends all sequences with `aborted`. */
  readonly signal?: AbortSignal | undefined;
}
