import { AbortedError, InvalidInputError, ModelError } from "@espalier/grammar";
import type { InferenceSession } from "onnxruntime-node";
import type { LanguageModel } from "../models/language-model.ts";
import { findModelFile, type OnnxDtype } from "./find-model-file.ts";
import { readModelSignature } from "./model-signature.ts";
import { OnnxLanguageModel } from "./onnx-language-model.ts";
import { OnnxRunner } from "./onnx-runner.ts";
import { checkFolder, createSession, importOnnxruntime } from "./open-session.ts";
import { readModelConfig } from "./read-model-config.ts";
import { TensorFactory } from "./tensor-factory.ts";

export interface LoadOnnxModelOptions {
  /**
   * Which of the folder's files: `fp32` is `onnx/model.onnx`, `fp16` is `onnx/model_fp16.onnx`, `q8` is
   * `onnx/model_quantized.onnx`, and so on.
   * @defaultValue `fp32`, or the only file there is
   */
  readonly dtype?: OnnxDtype | undefined;
  /** The model file by name, relative to the folder or to its `onnx` folder; overrides `dtype`. */
  readonly file?: string | undefined;
  /**
   * Threads for one operator.
   * @defaultValue onnxruntime's own: the number of physical cores
   */
  readonly threads?: number | undefined;
  /**
   * The most tokens (of all sequences together) in one model call; longer prompts take several, between which the
   * `AbortSignal` is looked at. Bounds the memory of a call: exports give logits for every position.
   * @defaultValue as many as give 256 MB of logits, from 16 to 2048
   */
  readonly maxTokensPerCall?: number | undefined;
  /** Overrides what `config.json` says, e.g. to save memory. */
  readonly contextLength?: number | undefined;
  /** Passed on to onnxruntime: execution providers, optimisation level, and so on. */
  readonly sessionOptions?: InferenceSession.SessionOptions | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Bytes of logits that one call may give, unless told otherwise. */
const LOGIT_BYTES_PER_CALL = 256 * 2 ** 20;

/**
 * Loads a causal language model from a folder in the layout of Hugging Face ONNX exports: `config.json`,
 * `generation_config.json` and `onnx/model.onnx` (or another dtype; or beside `config.json`), external data beside it.
 *
 * Key-value caches are inputs `past_key_values.*` and outputs `present.*`, [batch, heads, positions, dimension], in single
 * or half precision; `position_ids`, `attention_mask`, `use_cache_branch` and `num_logits_to_keep` are fed where the
 * model takes them. Without caches, the whole prefix is fed each time. Runs on the CPU unless `sessionOptions` name
 * another execution provider; a model call occupies the thread that makes it.
 *
 * @throws ModelError when a file is missing, truncated or damaged, or the files do not fit each other; `place` is the file
 * @throws UnsupportedError when the model has inputs that a causal language model does not take
 * @throws InvalidInputError when an option is out of range
 * @throws AbortedError when the signal has fired
 */
export async function loadOnnxModel(folder: string, options: LoadOnnxModelOptions = {}): Promise<LanguageModel> {
  AbortedError.throwIfAborted(options.signal);
  for (const name of ["threads", "maxTokensPerCall", "contextLength"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    throw new InvalidInputError({
      message: `${name} (${value}) must be an integer, at least 1.`,
      place: name,
    });
  }
  await checkFolder(folder);
  const config = await readModelConfig(folder);
  const file = await findModelFile(folder, options);
  AbortedError.throwIfAborted(options.signal);
  const onnxruntime = await importOnnxruntime();
  const session = await createSession(onnxruntime, file, options);
  try {
    AbortedError.throwIfAborted(options.signal);
    const signature = readModelSignature(session, config, file);
    const vocabularySize = signature.logitsWidth ?? config.vocabularySize;
    const contextLength = options.contextLength ?? config.contextLength;
    if (vocabularySize === undefined || contextLength === undefined) {
      throw new ModelError({
        message: `${config.file} does not give the model's ${vocabularySize === undefined ? "vocab_size" : "max_position_embeddings"}.`,
        place: config.file,
        hint: vocabularySize === undefined ? undefined : "Pass the option contextLength.",
      });
    }
    if (config.vocabularySize !== undefined && config.vocabularySize !== vocabularySize) {
      throw new ModelError({
        message: `${config.file} says vocab_size ${config.vocabularySize}, but ${file} gives ${vocabularySize} logits.`,
        place: config.file,
        hint: "Both files must come from the same export.",
      });
    }
    const runner = new OnnxRunner({
      session,
      signature,
      tensors: new TensorFactory(onnxruntime.Tensor),
      vocabularySize,
      file,
    });
    const affordable = Math.floor(LOGIT_BYTES_PER_CALL / 4 / vocabularySize);
    return new OnnxLanguageModel({
      runner,
      release: () => session.release(),
      file,
      vocabularySize,
      contextLength,
      eosTokens: config.eosTokens,
      bosToken: config.bosToken,
      maxTokensPerCall: options.maxTokensPerCall ?? Math.min(2048, Math.max(16, affordable)),
    });
  } catch (error) {
    await session.release();
    throw error;
  }
}
