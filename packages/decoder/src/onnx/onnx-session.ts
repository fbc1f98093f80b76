import { InvalidInputError, ModelError, type TokenId } from "@espalier/grammar";
import { checkRewind } from "../models/check-feed.ts";
import type { LanguageModel } from "../models/language-model.ts";
import type { FeedOptions, ModelSession } from "../models/model-session.ts";
import { EMPTY_VIEW, truncateView, type CacheView } from "./key-value-cache.ts";

/** A sequence of an ONNX model: its tokens, and its view of a block of the cache. @internal */
export class OnnxSession implements ModelSession {
  readonly model: LanguageModel;
  #tokens: TokenId[];
  #view: CacheView;
  #isBusy = false;
  #isDisposed = false;

  constructor(model: LanguageModel, tokens: TokenId[] = [], view: CacheView = EMPTY_VIEW) {
    this.model = model;
    this.#tokens = tokens;
    this.#view = view;
  }

  get length(): number {
    return this.#tokens.length;
  }

  get tokens(): readonly TokenId[] {
    return this.#tokens;
  }

  /** The cached columns of the tokens that are not rewound. */
  get view(): CacheView {
    return truncateView(this.#view, Math.min(this.#view.length, this.#tokens.length));
  }

  /** Marks the session as being fed. @throws when it is already, or is disposed of */
  begin(): void {
    this.#checkUsable();
    this.#isBusy = true;
  }

  end(): void {
    this.#isBusy = false;
  }

  /** Takes over what a feed has brought. */
  commit(tokens: readonly TokenId[], view: CacheView): void {
    if (this.#isDisposed) return;
    for (const token of tokens) this.#tokens.push(token);
    this.#view = view;
  }

  async feed(tokens: readonly TokenId[], options: FeedOptions = {}): Promise<Float32Array[]> {
    const request = { session: this, tokens, positions: options.positions };
    const [logits] = await this.model.feedBatch([request], { signal: options.signal });
    return logits;
  }

  rewind(count: number): void {
    this.#checkUsable();
    checkRewind(count, this.#tokens.length);
    this.#view = truncateView(this.#view, Math.min(this.#view.length, this.length - count));
    this.#tokens.length -= count;
  }

  fork(): ModelSession {
    this.#checkUsable();
    return new OnnxSession(this.model, [...this.#tokens], this.#view);
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#tokens = [];
    this.#view = EMPTY_VIEW;
  }

  #checkUsable(): void {
    if (this.#isDisposed) throw new ModelError({ message: "The session has been disposed of." });
    if (this.#isBusy) {
      throw new InvalidInputError({
        message: "The session is being fed already.",
        place: "session",
        hint: "Await one call before the next, and let no session occur twice in a batch.",
      });
    }
  }
}
