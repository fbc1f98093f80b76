import type {
  FeedBatchOptions,
  FeedOptions,
  FeedRequest,
  LanguageModel,
  ModelSession,
  ModelStats,
} from "../../../packages/decoder/src/index.ts";
import type { TokenId } from "../../../packages/grammar/src/index.ts";
import { seededRandom } from "../support/random.ts";

/** How much likelier the script's tokens are than the likeliest noise. */
const LEAD = 10;

/**
 * A model that takes no time: logits are made beforehand, and a step changes two of them; they are in the processor's cache, as those
 * are that a model has just written. It says the tokens of a script, then end of text. What a call with it takes is the decoder's own work.
 */
export class InstantModel implements LanguageModel {
  readonly vocabularySize: number;
  readonly contextLength = 1_000_000;
  readonly eosTokens: readonly TokenId[];
  readonly bosToken = undefined;
  readonly #logits: Float32Array;
  /** What the step before changed, as it was. */
  #noise: { readonly token: TokenId; readonly logit: number } | undefined;
  /** What the next session says. */
  script: readonly TokenId[] = [];
  calls = 0;
  /** When the decoder got logits last, and what it did from then until it asked again, in milliseconds. */
  #answeredAt = 0;
  readonly stepMs: number[] = [];

  constructor(vocabularySize: number, eosToken: TokenId) {
    this.vocabularySize = vocabularySize;
    this.eosTokens = [eosToken];
    const random = seededRandom(1);
    this.#logits = Float32Array.from({ length: vocabularySize }, () => (random() + random() + random() - 1.5) * 8);
  }

  get stats(): ModelStats {
    return { calls: this.calls, tokens: 0, paddingTokens: 0 };
  }

  createSession(): ModelSession {
    this.#answeredAt = 0;
    return new InstantSession(this);
  }

  feedBatch(requests: readonly FeedRequest[], _options?: FeedBatchOptions): Promise<Float32Array[][]> {
    const now = performance.now();
    if (this.#answeredAt > 0) this.stepMs.push(now - this.#answeredAt);
    const answers = requests.map(({ session, tokens }) => [
      this.logitsAfter((session as InstantSession).append(tokens)),
    ]);
    this.calls++;
    this.#answeredAt = performance.now();
    return Promise.resolve(answers);
  }

  /** The logits after a prompt of one token and `length - 1` tokens of output. */
  logitsAfter(length: number): Float32Array {
    const logits = this.#logits;
    if (this.#noise !== undefined) logits[this.#noise.token] = this.#noise.logit;
    const token = this.script[length - 1] ?? this.eosTokens[0];
    this.#noise = { token, logit: logits[token] };
    logits[token] = 12 + LEAD;
    return logits;
  }

  dispose(): Promise<void> {
    return Promise.resolve();
  }
}

class InstantSession implements ModelSession {
  readonly model: LanguageModel;
  length = 0;

  constructor(model: LanguageModel) {
    this.model = model;
  }

  append(tokens: readonly TokenId[]): number {
    return (this.length += tokens.length);
  }

  async feed(tokens: readonly TokenId[], options: FeedOptions = {}): Promise<Float32Array[]> {
    return (await this.model.feedBatch([{ session: this, tokens }], options))[0];
  }

  rewind(count: number): void {
    this.length -= count;
  }

  fork(): ModelSession {
    const copy = new InstantSession(this.model);
    copy.length = this.length;
    return copy;
  }

  dispose(): void {
    this.length = 0;
  }
}
