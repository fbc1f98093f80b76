import { AbortedError, InvalidInputError, ModelError, type TokenId } from "@espalier/grammar";
import { checkFeed, checkRewind } from "./check-feed.ts";
import { checkLogits } from "./check-logits.ts";
import type { FeedBatchOptions, FeedRequest, LanguageModel, ModelStats } from "./language-model.ts";
import type { FeedOptions, ModelSession } from "./model-session.ts";

export interface FunctionModelOptions {
  /** Logits per position. */
  readonly vocabularySize: number;
  /**
   * The logits of what follows `prefix` (all tokens of the session, the first one first): `vocabularySize` numbers.
   * They are copied. Called once for each position asked for.
   */
  readonly logits: (prefix: readonly TokenId[]) => ArrayLike<number>;
  /** @defaultValue 4096 */
  readonly contextLength?: number | undefined;
  /** @defaultValue none */
  readonly eosTokens?: readonly TokenId[] | undefined;
  /** @defaultValue none */
  readonly bosToken?: TokenId | undefined;
}

/**
 * A {@link LanguageModel} whose logits a plain function gives: scripted, random or exact models for tests and experiments.
 *
 * @example
 * const script = [7, 3, 0];
 * const model = functionModel({
 *   vocabularySize: 8,
 *   eosTokens: [0],
 *   logits: (prefix) => Array.from({ length: 8 }, (_, token) => (token === script[prefix.length - 1] ? 10 : 0)),
 * });
 */
export function functionModel(options: FunctionModelOptions): LanguageModel {
  return new FunctionModel(options);
}

class FunctionModel implements LanguageModel {
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly eosTokens: readonly TokenId[];
  readonly bosToken: TokenId | undefined;
  readonly #logits: FunctionModelOptions["logits"];
  #calls = 0;
  #tokens = 0;
  #isDisposed = false;

  constructor(options: FunctionModelOptions) {
    this.vocabularySize = options.vocabularySize;
    this.contextLength = options.contextLength ?? 4096;
    this.eosTokens = options.eosTokens ?? [];
    this.bosToken = options.bosToken;
    this.#logits = options.logits;
  }

  get stats(): ModelStats {
    return { calls: this.#calls, tokens: this.#tokens, paddingTokens: 0 };
  }

  createSession(): ModelSession {
    return new FunctionSession(this, []);
  }

  // oxlint-disable-next-line require-await -- failures must reject, not throw
  async feedBatch(requests: readonly FeedRequest[], options: FeedBatchOptions = {}): Promise<Float32Array[][]> {
    if (this.#isDisposed) {
      throw new ModelError({ message: "The model has been disposed of." });
    }
    if (requests.length === 0) return [];
    const sessions = new Set<FunctionSession>();
    for (const { session, tokens, positions = 1 } of requests) {
      if (!(session instanceof FunctionSession) || session.model !== this || sessions.has(session)) {
        throw new InvalidInputError({
          message: "A batch takes sessions of this model, each at most once.",
          place: "session",
        });
      }
      sessions.add(session);
      const { vocabularySize, contextLength } = this;
      checkFeed({ tokens, positions, vocabularySize, contextLength, length: session.length });
    }
    AbortedError.throwIfAborted(options.signal);
    const answers = requests.map(({ session, tokens, positions = 1 }) =>
      this.#answer((session as FunctionSession).prefix(), tokens, positions),
    );
    for (const { session, tokens } of requests) {
      (session as FunctionSession).append(tokens);
      this.#tokens += tokens.length;
    }
    this.#calls++;
    return answers;
  }

  // oxlint-disable-next-line require-await
  async dispose(): Promise<void> {
    this.#isDisposed = true;
  }

  #answer(prefix: TokenId[], tokens: readonly TokenId[], positions: number): Float32Array[] {
    const answer: Float32Array[] = [];
    tokens.forEach((token, index) => {
      prefix.push(token);
      if (index < tokens.length - positions) return;
      const logits = Float32Array.from(this.#logits(prefix));
      if (logits.length !== this.vocabularySize) {
        throw new ModelError({
          message: `The function gave ${logits.length} logits for a vocabulary of ${this.vocabularySize} tokens.`,
          place: "logits",
        });
      }
      checkLogits(logits, "functionModel");
      answer.push(logits);
    });
    return answer;
  }
}

class FunctionSession implements ModelSession {
  readonly model: LanguageModel;
  #tokens: TokenId[] | undefined;

  constructor(model: LanguageModel, tokens: TokenId[]) {
    this.model = model;
    this.#tokens = tokens;
  }

  get length(): number {
    return this.#tokens?.length ?? 0;
  }

  /** A copy of the tokens. */
  prefix(): TokenId[] {
    return [...this.#live()];
  }

  append(tokens: readonly TokenId[]): void {
    for (const token of tokens) this.#live().push(token);
  }

  async feed(tokens: readonly TokenId[], options: FeedOptions = {}): Promise<Float32Array[]> {
    const request = { session: this, tokens, positions: options.positions };
    const [logits] = await this.model.feedBatch([request], { signal: options.signal });
    return logits;
  }

  rewind(count: number): void {
    const tokens = this.#live();
    checkRewind(count, tokens.length);
    tokens.length -= count;
  }

  fork(): ModelSession {
    return new FunctionSession(this.model, this.prefix());
  }

  dispose(): void {
    this.#tokens = undefined;
  }

  #live(): TokenId[] {
    if (this.#tokens !== undefined) return this.#tokens;
    throw new ModelError({ message: "The session has been disposed of." });
  }
}
