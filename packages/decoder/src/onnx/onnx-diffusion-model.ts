import { AbortedError, ModelError, type TokenId } from "@espalier/grammar";
import type { InferenceSession, Tensor } from "onnxruntime-node";
import { checkPredict } from "../diffusion/model/check-predict.ts";
import type { DiffusionModel, DiffusionModelStats, PredictOptions } from "../diffusion/model/diffusion-model.ts";
import { checkLogits } from "../models/check-logits.ts";
import { halvesToFloats } from "./half-floats.ts";
import type { ModelSignature } from "./model-signature.ts";
import type { TensorFactory } from "./tensor-factory.ts";

export interface OnnxDiffusionModelOptions {
  readonly session: InferenceSession;
  readonly signature: ModelSignature;
  readonly tensors: TensorFactory;
  readonly file: string;
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly maskToken: TokenId;
  readonly eosTokens: readonly TokenId[];
  readonly padToken: TokenId | undefined;
}

/** A masked-diffusion model run by onnxruntime. @internal Made by `loadOnnxDiffusionModel`. */
export class OnnxDiffusionModel implements DiffusionModel {
  readonly kind = "diffusion";
  readonly vocabularySize: number;
  readonly contextLength: number;
  readonly maskToken: TokenId;
  readonly eosTokens: readonly TokenId[];
  readonly padToken: TokenId | undefined;
  readonly #options: OnnxDiffusionModelOptions;
  #isDisposed = false;
  #calls = 0;
  #positions = 0;

  constructor(options: OnnxDiffusionModelOptions) {
    this.#options = options;
    this.vocabularySize = options.vocabularySize;
    this.contextLength = options.contextLength;
    this.maskToken = options.maskToken;
    this.eosTokens = options.eosTokens;
    this.padToken = options.padToken;
  }

  get stats(): DiffusionModelStats {
    return { calls: this.#calls, positions: this.#positions };
  }

  async predict(tokens: readonly TokenId[], options: PredictOptions = {}): Promise<Float32Array[]> {
    const { from = 0, signal } = options;
    const { vocabularySize, contextLength } = this;
    const { session, file } = this.#options;
    this.#checkLive();
    checkPredict({ tokens, from, vocabularySize, contextLength });
    AbortedError.throwIfAborted(signal);
    let outputs: InferenceSession.OnnxValueMapType;
    try {
      outputs = await session.run(this.#feeds(tokens), ["logits"]);
    } catch (cause) {
      this.#checkLive();
      throw new ModelError({
        message: `onnxruntime failed while running ${file}: ${(cause as Error).message}`,
        place: file,
        cause,
      });
    }
    this.#calls++;
    this.#positions += tokens.length;
    return this.#rows(outputs["logits"], tokens.length, from);
  }

  async dispose(): Promise<void> {
    if (this.#isDisposed) return;
    this.#isDisposed = true;
    await this.#options.session.release();
  }

  #feeds(tokens: readonly TokenId[]): Record<string, Tensor> {
    const { signature, tensors } = this.#options;
    const shape = [1, tokens.length];
    const feeds: Record<string, Tensor> = {
      input_ids: tensors.integers(signature.inputIdsType, Int32Array.from(tokens), shape),
    };
    if (signature.attentionMaskType !== undefined) {
      feeds["attention_mask"] = tensors.integers(
        signature.attentionMaskType,
        new Int32Array(tokens.length).fill(1),
        shape,
      );
    }
    if (signature.positionIdsType !== undefined) {
      const positions = Int32Array.from(tokens, (_, position) => position);
      feeds["position_ids"] = tensors.integers(signature.positionIdsType, positions, shape);
    }
    return feeds;
  }

  #rows(tensor: Tensor, length: number, from: number): Float32Array[] {
    const { file } = this.#options;
    const width = this.vocabularySize;
    if (tensor.dims.length !== 3 || tensor.dims[0] !== 1 || tensor.dims[1] !== length || tensor.dims[2] !== width) {
      throw new ModelError({
        message: `${file} gave logits of shape [${tensor.dims.join(", ")}], not [1, ${length}, ${width}].`,
        place: file,
        hint: "A masked-diffusion model gives logits for every position; see also vocab_size in config.json.",
      });
    }
    const floats = floatsOf(tensor);
    return Array.from({ length: length - from }, (_, index) => {
      const row = floats.subarray((from + index) * width, (from + index + 1) * width);
      checkLogits(row, file);
      return row;
    });
  }

  #checkLive(): void {
    if (!this.#isDisposed) return;
    const { file } = this.#options;
    throw new ModelError({ message: `The model ${file} has been disposed of.`, place: file });
  }
}

function floatsOf(tensor: Tensor): Float32Array {
  if (tensor.type !== "float16") return tensor.data as Float32Array;
  // Uint16Array or, where the runtime has it, Float16Array: the same bits.
  const { buffer, byteOffset, length } = tensor.data as Uint16Array;
  return halvesToFloats(new Uint16Array(buffer, byteOffset, length));
}
