import { AbortedError, ModelError, type TokenId } from "@espalier/grammar";
import { checkLogits } from "../../models/check-logits.ts";
import { checkPredict } from "./check-predict.ts";
import type { DiffusionModel, DiffusionModelStats, PredictOptions } from "./diffusion-model.ts";

export interface FunctionDiffusionModelOptions {
  /** Logits per position. */
  readonly vocabularySize: number;
  readonly maskToken: TokenId;
  /** The logits of the token at `position` of `tokens` (prompt and canvas): `vocabularySize` numbers. They are copied. */
  readonly logits: (tokens: readonly TokenId[], position: number) => ArrayLike<number>;
  /** @defaultValue none */
  readonly eosTokens?: readonly TokenId[] | undefined;
  /** @defaultValue none: end tokens fill the canvas */
  readonly padToken?: TokenId | undefined;
  /** @defaultValue 4096 */
  readonly contextLength?: number | undefined;
}

/**
 * A {@link DiffusionModel} whose logits a plain function gives: for tests and experiments.
 *
 * @example
 * const model = functionDiffusionModel({ vocabularySize: 3, maskToken: 2, eosTokens: [1], logits: () => [0, 1, -Infinity] });
 */
export function functionDiffusionModel(options: FunctionDiffusionModelOptions): DiffusionModel {
  return new FunctionDiffusionModel(options);
}

class FunctionDiffusionModel implements DiffusionModel {
  readonly kind = "diffusion";
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly maskToken: TokenId;
  readonly eosTokens: readonly TokenId[];
  readonly padToken: TokenId | undefined;
  readonly #logits: FunctionDiffusionModelOptions["logits"];
  #calls = 0;
  #positions = 0;
  #isDisposed = false;

  constructor(options: FunctionDiffusionModelOptions) {
    this.vocabularySize = options.vocabularySize;
    this.contextLength = options.contextLength ?? 4096;
    this.maskToken = options.maskToken;
    this.eosTokens = options.eosTokens ?? [];
    this.padToken = options.padToken;
    this.#logits = options.logits;
  }

  get stats(): DiffusionModelStats {
    return { calls: this.#calls, positions: this.#positions };
  }

  // oxlint-disable-next-line require-await -- failures must reject, not throw
  async predict(tokens: readonly TokenId[], options: PredictOptions = {}): Promise<Float32Array[]> {
    if (this.#isDisposed) throw new ModelError({ message: "The model has been disposed of." });
    const { from = 0, signal } = options;
    const { vocabularySize, contextLength } = this;
    checkPredict({ tokens, from, vocabularySize, contextLength });
    AbortedError.throwIfAborted(signal);
    const rows: Float32Array[] = [];
    for (let position = from; position < tokens.length; position++) {
      const row = Float32Array.from(this.#logits(tokens, position));
      if (row.length !== vocabularySize) {
        throw new ModelError({
          message: `The function gave ${row.length} logits for a vocabulary of ${vocabularySize} tokens.`,
          place: "logits",
        });
      }
      checkLogits(row, "functionDiffusionModel");
      rows.push(row);
    }
    this.#calls++;
    this.#positions += tokens.length;
    return rows;
  }

  // oxlint-disable-next-line require-await
  async dispose(): Promise<void> {
    this.#isDisposed = true;
  }
}
