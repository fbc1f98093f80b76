import {
  InvalidInputError,
  LimitExceededError,
  ModelError,
  UnsatisfiableError,
  type Matcher,
  type TokenId,
} from "@espalier/grammar";
import type { ModelSession } from "../models/model-session.ts";
import { Sampler } from "../sampling/sampler.ts";
import type { SamplerScratch } from "../sampling/sampler-scratch.ts";
import type { DecodeEvent, FinishReason } from "./decode-event.ts";
import type { SequenceOptions, SharedDecodeOptions } from "./decode-options.ts";
import { OutputText } from "./output-text.ts";
import { tokenBudget } from "./token-budget.ts";

/** What the sequences of a batch share. @internal */
export interface SequenceContext {
  readonly shared: SharedDecodeOptions;
  readonly eosTokens: ReadonlySet<TokenId>;
  readonly scratch: SamplerScratch;
}

/**
 * One sequence between model calls: what is to be fed next, and what comes of the logits. Knows nothing of other
 * sequences and makes no model call, so that one sequence and a batch of them go through the same code.
 *
 * Life: constructor (checks everything that can be checked) -> start -> { take events, feed `pending`, advance }* -> finish.
 * @internal
 */
export class SequenceDecoder {
  readonly #context: SequenceContext;
  readonly #options: SequenceOptions;
  readonly #matcher: Matcher | undefined;
  readonly #sampler: Sampler;
  readonly #text: OutputText;
  readonly #maxTokens: number;
  readonly #tokens: TokenId[] = [];
  #session: ModelSession | undefined;
  #pending: TokenId[];
  #events: DecodeEvent[] = [];
  #isFinished = false;
  /** The tokens allowed next, when they are few. */
  #allowed: readonly TokenId[] | undefined;
  #sampledTokens = 0;
  #forcedTokens = 0;
  #modelCalls = 0;
  #startedAt = 0;
  #firstTokenMs: number | undefined;
  #modelMs = 0;
  #maskMs = 0;
  #sampleMs = 0;

  constructor(options: SequenceOptions, context: SequenceContext, place: string) {
    const { matcher, stop = [], prompt, sampling = {} } = options;
    const { model, vocabulary } = context.shared;
    const prefix = place === "" ? "" : `${place}.`;
    if (prompt.length === 0) {
      throw new InvalidInputError({
        message: "A prompt of zero tokens gives a model nothing to go on from.",
        place: `${prefix}prompt`,
        hint: "Begin it with the model's begin-of-text token.",
      });
    }
    if (stop.length > 0 && (matcher !== undefined || vocabulary === undefined || stop.includes(""))) {
      throw new InvalidInputError({
        message:
          matcher !== undefined
            ? "Stop texts would cut the constraint's output short."
            : vocabulary === undefined
              ? "Stop texts can only be found with a vocabulary."
              : "A stop text must not be empty.",
        place: `${prefix}stop`,
        hint: matcher === undefined ? undefined : "Make them part of the constraint.",
      });
    }
    this.#context = context;
    this.#options = options;
    this.#matcher = matcher;
    this.#session = options.session;
    this.#pending = [...prompt];
    this.#text = new OutputText(vocabulary, stop);
    this.#sampler = new Sampler(sampling, context.scratch);
    this.#sampler.addPrompt(prompt);
    this.#maxTokens = tokenBudget({ sequence: options, contextLength: model.contextLength, place });
  }

  get isFinished(): boolean {
    return this.#isFinished;
  }

  get isAborted(): boolean {
    return this.#options.signal?.aborted === true;
  }

  /** Tokens to feed before {@link advance}. */
  get pending(): readonly TokenId[] {
    return this.#pending;
  }

  /** Where to feed them; made on first use. */
  get session(): ModelSession {
    return (this.#session ??= this.#context.shared.model.createSession());
  }

  /** Takes what is certain without the model. */
  start(): void {
    this.#startedAt = performance.now();
    this.#settle();
  }

  takeEvents(): readonly DecodeEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }

  /** Goes on from the logits of what follows `pending`. */
  advance(logits: Float32Array, modelMs: number, modelCalls: number): void {
    this.#modelMs += modelMs;
    this.#modelCalls += modelCalls;
    this.#pending = [];
    const { scratch, eosTokens } = this.#context;
    const matcher = this.#matcher;

    const maskAt = performance.now();
    let allowed: Uint32Array | readonly TokenId[] | undefined = this.#allowed;
    if (matcher !== undefined && allowed === undefined) {
      // A matcher over fewer tokens than the model has logits leaves the last words alone.
      scratch.mask.fill(0);
      matcher.fillMask(scratch.mask);
      allowed = scratch.mask;
    }
    const sampleAt = performance.now();
    const token = this.#sampler.sample(logits, allowed);
    this.#sampledTokens++;
    this.#maskMs += sampleAt - maskAt;
    this.#sampleMs += performance.now() - sampleAt;

    if (matcher !== undefined && !matcher.consume(token)) {
      throw new ModelError({
        message: `The matcher allowed token ${token} but does not take it.`,
        place: "matcher",
        hint: "The matcher was moved while decoding: give each sequence its own.",
      });
    }
    if (matcher === undefined ? eosTokens.has(token) : this.#isEndToken(token) && matcher.isFinished()) {
      this.#finish("end");
      return;
    }
    this.#emit(token, false);
    this.#settle();
  }

  abort(): void {
    this.#finish("aborted");
  }

  /** Gives back what the sequence holds; a session of the caller stays open. */
  close(): void {
    if (this.#options.session === undefined) this.#session?.dispose();
  }

  /** Takes forced tokens until the model has a choice to make, or the output is complete. */
  #settle(): void {
    const startedAt = performance.now();
    while (!this.#isFinished && !this.#isAtChoice()) {
      // Each round took a token or finished.
    }
    this.#maskMs += performance.now() - startedAt;
  }

  #isAtChoice(): boolean {
    const matcher = this.#matcher;
    if (matcher === undefined) {
      if (this.#tokens.length < this.#maxTokens) return true;
      this.#finish("length");
      return false;
    }
    const isExhausted = this.#tokens.length >= this.#maxTokens || matcher.remainingTokens === 0;
    if (matcher.isFinished() || (isExhausted && matcher.isAccepting())) {
      this.#finish("end");
      return false;
    }
    if (isExhausted) this.#refuseTruncation();

    const { jumpForward = true } = this.#context.shared;
    if (jumpForward) {
      let taken = 0;
      for (const token of matcher.forcedTokens()) {
        if (!matcher.consume(token)) break;
        this.#emit(token, true);
        taken++;
      }
      if (taken > 0) return false;
    }
    this.#allowed = matcher.allowed();
    if (this.#allowed === undefined) return this.#hasRoom();
    if (this.#allowed.every((token) => this.#isEndToken(token))) {
      if (!matcher.isAccepting()) this.#refuseDeadEnd();
      this.#finish("end");
      return false;
    }
    if (this.#allowed.length === 1 && jumpForward) {
      const [token] = this.#allowed;
      matcher.consume(token);
      this.#emit(token, true);
      return false;
    }
    return this.#hasRoom();
  }

  /** True, or an error when the model's context is full. Only a matcher without a budget gets there. */
  #hasRoom(): true {
    const { contextLength } = this.#context.shared.model;
    const needed = (this.#session?.length ?? 0) + this.#pending.length;
    if (needed <= contextLength) return true;
    throw new LimitExceededError({
      message: `The output has ${this.#tokens.length} tokens, is not complete, and the model's context of ${contextLength} tokens is full.`,
      limit: "contextLength",
      allowed: contextLength,
      needed,
      hint: "Make the matcher with a budget: then outputs are completed in time.",
    });
  }

  /**
   * Whether `token` says that the text ends. What the model ends its texts with may be text to the constraint's vocabulary: then it is
   * text here, and it is the matcher that says when to stop.
   */
  #isEndToken(token: TokenId): boolean {
    const { eosTokens, shared } = this.#context;
    const { vocabulary } = shared;
    if (vocabulary === undefined || token >= vocabulary.size) return eosTokens.has(token);
    return (eosTokens.has(token) || vocabulary.eosTokens.includes(token)) && vocabulary.bytes(token).length === 0;
  }

  #emit(token: TokenId, isForced: boolean): void {
    const sampler = this.#sampler;
    this.#firstTokenMs ??= performance.now() - this.#startedAt;
    if (isForced) this.#forcedTokens++;
    this.#tokens.push(token);
    this.#pending.push(token);
    sampler.push(token);
    const isRated = !isForced && sampler.options.logProbabilities === true;
    this.#events.push({
      type: "token",
      token,
      isForced,
      logProbability: isForced ? undefined : sampler.logProbability,
      constrainedLogProbability: isRated ? sampler.constrainedLogProbability : undefined,
      modelLogProbability: isRated ? sampler.modelLogProbability : undefined,
    });
    this.#emitText(this.#text.push(token));
    if (this.#text.isStopped) this.#finish("stop-sequence");
  }

  #emitText(text: string): void {
    if (text !== "") this.#events.push({ type: "text", text });
  }

  #finish(reason: FinishReason): void {
    this.#emitText(this.#text.end());
    this.#isFinished = true;
    this.#events.push({
      type: "finish",
      reason,
      tokens: this.#tokens,
      text: this.#text.text,
      seed: this.#sampler.seed,
      unfedTokens: this.#pending,
      usage: {
        promptTokens: this.#options.prompt.length,
        sampledTokens: this.#sampledTokens,
        forcedTokens: this.#forcedTokens,
        modelCalls: this.#modelCalls,
      },
      timings: {
        firstTokenMs: this.#firstTokenMs,
        modelMs: this.#modelMs,
        maskMs: this.#maskMs,
        sampleMs: this.#sampleMs,
        totalMs: performance.now() - this.#startedAt,
      },
    });
  }

  #refuseTruncation(): never {
    throw new LimitExceededError({
      message: `The output has ${this.#tokens.length} tokens, all that it may have, and is not complete.`,
      limit: "maxTokens",
      allowed: this.#maxTokens,
      hint: "The matcher's masks did not keep to its budget: this is a defect of the matcher.",
    });
  }

  #refuseDeadEnd(): never {
    throw new UnsatisfiableError({
      message: `After ${this.#tokens.length} tokens of output the constraint is not complete and allows no token.`,
      place: "matcher",
      hint: "The vocabulary cannot spell any text of the constraint.",
    });
  }
}
