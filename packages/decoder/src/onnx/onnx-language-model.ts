import { AbortedError, InvalidInputError, ModelError, type TokenId } from "@espalier/grammar";
import { checkFeed } from "../models/check-feed.ts";
import type { FeedBatchOptions, FeedRequest, LanguageModel, ModelStats } from "../models/language-model.ts";
import type { ModelSession } from "../models/model-session.ts";
import { EMPTY_VIEW, type CacheView } from "./key-value-cache.ts";
import type { OnnxRunner } from "./onnx-runner.ts";
import { OnnxSession } from "./onnx-session.ts";
import { paddingIsExact } from "./padding-probe.ts";
import { planCalls } from "./plan-calls.ts";

export interface OnnxLanguageModelOptions {
  readonly runner: OnnxRunner;
  readonly release: () => Promise<void>;
  readonly file: string;
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly eosTokens: readonly TokenId[];
  readonly bosToken: TokenId | undefined;
  readonly maxTokensPerCall: number;
}

/** What is left of one request while a batch is under way. */
interface Progress {
  readonly session: OnnxSession;
  /** All that is to go through the model: the request's tokens, after the prefix for models without cache. */
  readonly tokens: readonly TokenId[];
  readonly positions: number;
  readonly logits: Float32Array[];
  view: CacheView;
  fed: number;
}

/** A causal language model run by onnxruntime. @internal Made by `loadOnnxModel`. */
export class OnnxLanguageModel implements LanguageModel {
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly eosTokens: readonly TokenId[];
  readonly bosToken: TokenId | undefined;
  readonly #runner: OnnxRunner;
  readonly #release: () => Promise<void>;
  readonly #file: string;
  readonly #maxTokensPerCall: number;
  #isPaddingExact: Promise<boolean> | undefined;
  #isDisposed = false;
  #calls = 0;
  #tokens = 0;
  #paddingTokens = 0;

  constructor(options: OnnxLanguageModelOptions) {
    this.vocabularySize = options.vocabularySize;
    this.contextLength = options.contextLength;
    this.eosTokens = options.eosTokens;
    this.bosToken = options.bosToken;
    this.#runner = options.runner;
    this.#release = options.release;
    this.#file = options.file;
    this.#maxTokensPerCall = options.maxTokensPerCall;
  }

  get stats(): ModelStats {
    return { calls: this.#calls, tokens: this.#tokens, paddingTokens: this.#paddingTokens };
  }

  createSession(): ModelSession {
    this.#checkLive();
    return new OnnxSession(this);
  }

  async feedBatch(requests: readonly FeedRequest[], options: FeedBatchOptions = {}): Promise<Float32Array[][]> {
    this.#checkLive();
    const { vocabularySize, contextLength } = this;
    const begun: OnnxSession[] = [];
    try {
      for (const { session, tokens, positions = 1 } of requests) {
        if (!(session instanceof OnnxSession) || session.model !== this) {
          throw new InvalidInputError({
            message: "A batch takes sessions of this model only.",
            place: "session",
          });
        }
        session.begin();
        begun.push(session);
        checkFeed({ tokens, positions, vocabularySize, contextLength, length: session.length });
      }
      const all = requests.map((request) => this.#progress(request));
      for (;;) {
        const active = all.filter(({ fed, tokens }) => fed < tokens.length);
        if (active.length === 0) break;
        await this.#step(active, options.signal);
      }
      all.forEach(({ session, view }, index) => session.commit(requests[index].tokens, view));
      return all.map(({ logits }) => logits);
    } finally {
      for (const session of begun) session.end();
    }
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    await this.#release();
  }

  #progress({ session, tokens, positions = 1 }: FeedRequest): Progress {
    const own = session as OnnxSession;
    const isCached = this.#runner.signature.caches.length > 0;
    return {
      session: own,
      tokens: isCached ? tokens : [...own.tokens, ...tokens],
      positions,
      logits: [],
      view: isCached ? own.view : EMPTY_VIEW,
      fed: 0,
    };
  }

  /** Feeds each request its next tokens: as many as fit one call. */
  async #step(active: readonly Progress[], signal: AbortSignal | undefined): Promise<void> {
    const isCached = this.#runner.signature.caches.length > 0;
    const limit = isCached ? Math.max(1, Math.floor(this.#maxTokensPerCall / active.length)) : Infinity;
    const parts = active.map((progress) => ({
      progress,
      length: progress.view.length,
      count: Math.min(limit, progress.tokens.length - progress.fed),
    }));
    const isRagged = parts.some(({ length, count }) => length !== parts[0].length || count !== parts[0].count);
    const padding = isRagged && (await this.#mayPad());
    for (const group of planCalls(parts, { padding, maxRows: this.#runner.signature.maxRows })) {
      AbortedError.throwIfAborted(signal);
      this.#checkLive();
      const rows = group.map(({ progress, count }) => {
        const { view, tokens, positions, fed } = progress;
        const firstWanted = Math.max(fed, tokens.length - positions);
        return {
          view,
          tokens: tokens.slice(fed, fed + count),
          positions: Math.max(0, fed + count - firstWanted),
        };
      });
      const results = await this.#runner.run(rows, padding);
      this.#calls++;
      const columns = Math.max(...group.map(({ count }) => count));
      group.forEach(({ progress, count }, index) => {
        progress.view = isCached ? results[index].view : EMPTY_VIEW;
        progress.logits.push(...results[index].logits);
        progress.fed += count;
        this.#tokens += count;
        this.#paddingTokens += columns - count;
      });
    }
  }

  #mayPad(): Promise<boolean> {
    return (this.#isPaddingExact ??= paddingIsExact(this.#runner, this));
  }

  #checkLive(): void {
    if (!this.#isDisposed) return;
    throw new ModelError({
      message: `The model ${this.#file} has been disposed of.`,
      place: this.#file,
    });
  }
}
