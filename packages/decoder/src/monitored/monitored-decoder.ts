import {
  AbortedError,
  InvalidInputError,
  LimitExceededError,
  UnsatisfiableError,
  type Matcher,
  type TokenId,
} from "@espalier/grammar";
import type { DecodeEvent, FinishReason } from "../autoregressive/decode-event.ts";
import type { TokenText } from "../autoregressive/decode-options.ts";
import { tokenBudget } from "../autoregressive/token-budget.ts";
import type { ModelSession } from "../models/model-session.ts";
import { Sampler } from "../sampling/sampler.ts";
import { SamplerScratch } from "../sampling/sampler-scratch.ts";
import { tokensTowards } from "./continuation-filter.ts";
import type { MonitoredDecodeOptions } from "./decode-monitored.ts";

const DEFAULT_MAX_REFUSALS = 10_000;
/** Logits of so many choices are kept; going back further takes a model call. */
const KEPT_LOGITS = 8;

/** A place at which the model has a choice, and what has been refused there. */
interface Choice {
  /** Output tokens before it. */
  readonly tokenCount: number;
  readonly refused: Set<TokenId>;
  /** The token that was taken here, while there is one. */
  taken: TokenId | undefined;
  logits: Float32Array | undefined;
  /** What the monitor asked to come next: asked for once. */
  continuations: Promise<readonly string[] | undefined> | undefined;
}

type TokenEvent = Extract<DecodeEvent, { type: "token" }>;

/** The search of {@link decodeMonitored}: depth first over choices, each drawn by the model. @internal */
export class MonitoredDecoder {
  readonly #options: MonitoredDecodeOptions;
  readonly #vocabulary: TokenText;
  readonly #matcher: Matcher | undefined;
  readonly #sampler: Sampler;
  readonly #eosTokens: ReadonlySet<TokenId>;
  readonly #maxTokens: number;
  readonly #mask: Uint32Array;
  readonly #session: ModelSession;
  readonly #tokens: TokenId[] = [];
  readonly #events: TokenEvent[] = [];
  readonly #choices: Choice[] = [];
  /** Tokens of prompt and output that the session holds. */
  readonly #promptLength: number;
  #refusals = 0;
  #sampledTokens = 0;
  #modelCalls = 0;
  #modelMs = 0;
  #maskMs = 0;
  #sampleMs = 0;

  constructor(options: MonitoredDecodeOptions) {
    const { model, vocabulary, matcher, prompt, sampling = {}, maxRefusals = DEFAULT_MAX_REFUSALS } = options;
    if (vocabulary === undefined) {
      throw new InvalidInputError({ message: "A monitor reads text, which takes a vocabulary.", place: "vocabulary" });
    }
    if (prompt.length === 0) {
      throw new InvalidInputError({
        message: "A prompt of zero tokens gives a model nothing to go on from.",
        place: "prompt",
        hint: "Begin it with the model's begin-of-text token.",
      });
    }
    if (!(maxRefusals >= 0)) {
      throw new InvalidInputError({
        message: `maxRefusals (${maxRefusals}) must be at least 0.`,
        place: "maxRefusals",
      });
    }
    if ((options.stop ?? []).length > 0) {
      throw new InvalidInputError({
        message: "Stop texts and a monitor cannot both say where an output ends.",
        place: "stop",
        hint: "Make them part of a constraint: free text until the stop text.",
      });
    }
    this.#options = options;
    this.#vocabulary = vocabulary;
    this.#matcher = matcher;
    this.#maxTokens = tokenBudget({ sequence: options, contextLength: model.contextLength, place: "" });
    this.#eosTokens = new Set(options.eosTokens ?? [...model.eosTokens, ...vocabulary.eosTokens]);
    const scratch = new SamplerScratch(model.vocabularySize);
    this.#mask = scratch.mask;
    this.#sampler = new Sampler(sampling, scratch);
    this.#sampler.addPrompt(prompt);
    this.#session = options.session ?? model.createSession();
    this.#promptLength = this.#session.length + prompt.length;
  }

  /** @returns all events of the output, the last of which tells how it ended */
  async run(): Promise<DecodeEvent[]> {
    const startedAt = performance.now();
    this.#takeForced();
    if (!(await this.#accepts(false))) this.#refuseAll();
    for (;;) {
      if (this.#options.signal?.aborted === true) return this.#finish("aborted", startedAt);
      if (this.#isAtEnd()) {
        if (await this.#accepts(true)) return this.#finish("end", startedAt);
        this.#takeBack();
        continue;
      }
      if (this.#matcher === undefined && this.#tokens.length >= this.#maxTokens)
        return this.#finish("length", startedAt);
      const outcome = await this.#choose();
      if (outcome === "end") return this.#finish("end", startedAt);
      if (outcome === "aborted") return this.#finish("aborted", startedAt);
    }
  }

  /** Gives back what the sequence holds; a session of the caller stays open. */
  close(): void {
    if (this.#options.session === undefined) this.#session.dispose();
  }

  /** Draws a token here; takes back the one before when there is none that the monitor lets pass. */
  async #choose(): Promise<"moved" | "end" | "aborted"> {
    const choice = this.#choiceHere();
    const allowed = await this.#allowedAt(choice);
    if (allowed !== undefined && allowed.length === 0) {
      this.#choices.pop();
      this.#takeBack();
      return "moved";
    }
    let { logits } = choice;
    try {
      logits ??= await this.#feedTo(choice);
    } catch (error) {
      if (error instanceof AbortedError && this.#options.signal?.aborted === true) return "aborted";
      throw error;
    }
    const startedAt = performance.now();
    const token = this.#sampler.sample(logits, allowed);
    this.#sampledTokens++;
    this.#sampleMs += performance.now() - startedAt;
    choice.taken = token;
    if (this.#eosTokens.has(token)) {
      if (await this.#accepts(true)) {
        this.#matcher?.consume(token);
        return "end";
      }
      this.#refuse(choice);
      return "moved";
    }
    this.#matcher?.consume(token);
    this.#push(token, false);
    this.#takeForced();
    if (!(await this.#accepts(false))) this.#refuse(choice);
    return "moved";
  }

  #choiceHere(): Choice {
    const last = this.#choices.at(-1);
    if (last !== undefined && last.tokenCount === this.#tokens.length) return last;
    const choice: Choice = {
      tokenCount: this.#tokens.length,
      refused: new Set(),
      taken: undefined,
      logits: undefined,
      continuations: undefined,
    };
    this.#choices.push(choice);
    const old = this.#choices.at(-1 - KEPT_LOGITS);
    if (old !== undefined) old.logits = undefined;
    return choice;
  }

  /** What may be drawn; `undefined` for every token. */
  async #allowedAt(choice: Choice): Promise<TokenId[] | undefined> {
    const { monitor } = this.#options;
    const { text } = this;
    if (monitor.continuations !== undefined && !this.#endsInsideCharacter()) {
      choice.continuations ??= Promise.resolve(monitor.continuations({ text, isComplete: false }));
    }
    const continuations = await choice.continuations;
    if (this.#matcher === undefined && choice.refused.size === 0 && continuations === undefined) return undefined;
    const startedAt = performance.now();
    const tokens = this.#matcher === undefined ? this.#allTokens() : this.#masked(this.#matcher);
    const left = choice.refused.size === 0 ? tokens : tokens.filter((token) => !choice.refused.has(token));
    const kept = continuations === undefined ? left : tokensTowards(continuations, left, this.#vocabulary);
    this.#maskMs += performance.now() - startedAt;
    return kept;
  }

  #allTokens(): TokenId[] {
    return Array.from({ length: this.#options.model.vocabularySize }, (_, token) => token);
  }

  #masked(matcher: Matcher): TokenId[] {
    const list = matcher.allowed();
    if (list !== undefined) return [...list];
    this.#mask.fill(0);
    matcher.fillMask(this.#mask);
    const tokens: TokenId[] = [];
    for (let w = 0; w < this.#mask.length; w++) {
      for (let word = this.#mask[w]; word !== 0; word &= word - 1)
        tokens.push((w << 5) | (31 - Math.clz32(word & -word)));
    }
    return tokens;
  }

  /** Feeds what the model has not seen of the tokens before `choice`. */
  async #feedTo(choice: Choice): Promise<Float32Array> {
    const { model, prompt, signal } = this.#options;
    const session = this.#session;
    const length = this.#promptLength + choice.tokenCount;
    // Logits that were given up are asked for again by way of the last token.
    if (session.length >= length) session.rewind(session.length - length + 1);
    const outputFed = session.length - this.#promptLength;
    const pending =
      outputFed >= 0
        ? this.#tokens.slice(outputFed, choice.tokenCount)
        : [...prompt.slice(prompt.length + outputFed), ...this.#tokens.slice(0, choice.tokenCount)];
    this.#refuseFullContext(session.length + pending.length);
    const callsBefore = model.stats.calls;
    const startedAt = performance.now();
    const [logits] = await session.feed(pending, { signal });
    this.#modelMs += performance.now() - startedAt;
    this.#modelCalls += model.stats.calls - callsBefore;
    choice.logits = logits;
    return logits;
  }

  #refuseFullContext(needed: number): void {
    const { contextLength } = this.#options.model;
    if (needed <= contextLength) return;
    throw new LimitExceededError({
      message: `The output has ${this.#tokens.length} tokens, is not complete, and the model's context of ${contextLength} tokens is full.`,
      limit: "contextLength",
      allowed: contextLength,
      needed,
      hint: "Make the matcher with a budget: then outputs are completed in time.",
    });
  }

  #takeForced(): void {
    const matcher = this.#matcher;
    if (matcher === undefined || this.#options.jumpForward === false) return;
    const startedAt = performance.now();
    for (let taken = true; taken;) {
      taken = false;
      for (const token of matcher.forcedTokens()) {
        if (!matcher.consume(token)) break;
        this.#push(token, true);
        taken = true;
      }
    }
    this.#maskMs += performance.now() - startedAt;
  }

  #push(token: TokenId, isForced: boolean): void {
    const sampler = this.#sampler;
    const isRated = !isForced && sampler.options.logProbabilities === true;
    this.#tokens.push(token);
    sampler.push(token);
    this.#events.push({
      type: "token",
      token,
      isForced,
      logProbability: isForced ? undefined : sampler.logProbability,
      constrainedLogProbability: isRated ? sampler.constrainedLogProbability : undefined,
      modelLogProbability: isRated ? sampler.modelLogProbability : undefined,
    });
  }

  /** Takes back the token of the last choice, and marks it as refused there. */
  #takeBack(): void {
    const choice = this.#choices.at(-1);
    if (choice === undefined) this.#refuseAll();
    this.#refuse(choice);
  }

  #refuse(choice: Choice): void {
    const { maxRefusals = DEFAULT_MAX_REFUSALS } = this.#options;
    if (++this.#refusals > maxRefusals) {
      throw new LimitExceededError({
        message: `The monitor refused more than maxRefusals (${maxRefusals}) tokens; the output so far: ${JSON.stringify(this.text)}.`,
        limit: "maxRefusals",
        allowed: maxRefusals,
        hint: "Tell what may come next with `continuations`, or narrow the constraint.",
      });
    }
    choice.refused.add(choice.taken!);
    choice.taken = undefined;
    const count = this.#tokens.length - choice.tokenCount;
    this.#matcher?.rollback(count);
    this.#sampler.pop(count);
    this.#tokens.length -= count;
    this.#events.length -= count;
    const fedTooMany = this.#session.length - (this.#promptLength + choice.tokenCount);
    if (fedTooMany > 0) this.#session.rewind(fedTooMany);
  }

  #refuseAll(): never {
    throw new UnsatisfiableError({
      message: `The monitor refuses every text that the constraint allows (${this.#refusals} tokens were refused).`,
      place: "monitor",
    });
  }

  /** True where nothing can follow. Where something may, ending is a token to be drawn. */
  #isAtEnd(): boolean {
    return this.#matcher?.isFinished() === true;
  }

  /** The output so far, in whole characters. */
  get text(): string {
    return decodeUtf8(this.#bytes(), true);
  }

  #endsInsideCharacter(): boolean {
    const bytes = this.#bytes();
    return decodeUtf8(bytes, true) !== decodeUtf8(bytes, false);
  }

  #bytes(): Uint8Array {
    const parts = this.#tokens
      .filter((token) => token < this.#vocabulary.size)
      .map((token) => this.#vocabulary.bytes(token));
    return new Uint8Array(Buffer.concat(parts));
  }

  #accepts(isComplete: boolean): boolean | Promise<boolean> {
    const text = isComplete ? decodeUtf8(this.#bytes(), false) : this.text;
    return this.#options.monitor.accepts({ text, isComplete });
  }

  #finish(reason: FinishReason, startedAt: number): DecodeEvent[] {
    const text = decodeUtf8(this.#bytes(), false);
    const unfedFrom = Math.max(0, this.#session.length - this.#promptLength);
    const totalMs = performance.now() - startedAt;
    return [
      ...this.#events,
      ...(text === "" ? [] : [{ type: "text" as const, text }]),
      {
        type: "finish",
        reason,
        tokens: this.#tokens,
        text,
        seed: this.#sampler.seed,
        unfedTokens:
          this.#session.length < this.#promptLength
            ? [...this.#options.prompt, ...this.#tokens]
            : this.#tokens.slice(unfedFrom),
        usage: {
          promptTokens: this.#options.prompt.length,
          sampledTokens: this.#sampledTokens,
          forcedTokens: this.#events.filter(({ isForced }) => isForced).length,
          modelCalls: this.#modelCalls,
        },
        timings: {
          firstTokenMs: this.#tokens.length === 0 ? undefined : totalMs,
          modelMs: this.#modelMs,
          maskMs: this.#maskMs,
          sampleMs: this.#sampleMs,
          totalMs,
        },
      },
    ];
  }
}

/** @param isOpen whether the beginning of a character at the end is held back */
function decodeUtf8(bytes: Uint8Array, isOpen: boolean): string {
  return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes, { stream: isOpen });
}
