import { AbortedError, InvalidInputError, ModelError, UnsupportedError } from "@espalier/grammar";
import type { DiffusionModel } from "../diffusion/model/diffusion-model.ts";
import { findModelFile } from "./find-model-file.ts";
import type { LoadOnnxModelOptions } from "./load-onnx-model.ts";
import { readModelSignature } from "./model-signature.ts";
import { OnnxDiffusionModel } from "./onnx-diffusion-model.ts";
import { checkFolder, createSession, importOnnxruntime } from "./open-session.ts";
import { readModelConfig } from "./read-model-config.ts";
import { TensorFactory } from "./tensor-factory.ts";

export type LoadOnnxDiffusionModelOptions = Omit<LoadOnnxModelOptions, "maxTokensPerCall">;

/**
 * Loads a masked-diffusion model from a folder in the layout of Hugging Face ONNX exports: `config.json` with `mask_token_id`,
 * `generation_config.json` and `onnx/model.onnx`, which takes `input_ids` (and `attention_mask` and `position_ids` where it asks
 * for them) and gives `logits` for every position, row `i` about position `i`.
 *
 * @throws ModelError when a file is missing, truncated or damaged, or the files do not fit each other; `place` is the file
 * @throws UnsupportedError when the model caches keys and values or has other inputs: it is no masked-diffusion model
 * @throws InvalidInputError when an option is out of range
 * @throws AbortedError when the signal has fired
 */
export async function loadOnnxDiffusionModel(
  folder: string,
  options: LoadOnnxDiffusionModelOptions = {},
): Promise<DiffusionModel> {
  AbortedError.throwIfAborted(options.signal);
  for (const name of ["threads", "contextLength"] as const) {
    const value = options[name];
    if (value === undefined || (Number.isInteger(value) && value >= 1)) continue;
    throw new InvalidInputError({ message: `${name} (${value}) must be an integer, at least 1.`, place: name });
  }
  await checkFolder(folder);
  const config = await readModelConfig(folder);
  const { maskToken, padToken, eosTokens } = config;
  if (maskToken === undefined) {
    throw new ModelError({ message: `${config.file} does not give the model's mask_token_id.`, place: config.file });
  }
  const file = await findModelFile(folder, options);
  AbortedError.throwIfAborted(options.signal);
  const onnxruntime = await importOnnxruntime();
  const session = await createSession(onnxruntime, file, options);
  try {
    AbortedError.throwIfAborted(options.signal);
    const signature = readModelSignature(session, config, file);
    if (signature.caches.length > 0 || signature.logitsToKeep !== undefined) {
      throw new UnsupportedError({
        message: `${file} takes past keys and values: it is a causal language model, not a masked-diffusion model.`,
        place: file,
      });
    }
    const vocabularySize = signature.logitsWidth ?? config.vocabularySize;
    const contextLength = options.contextLength ?? config.contextLength;
    if (vocabularySize === undefined || contextLength === undefined) {
      throw new ModelError({
        message: `${config.file} does not give the model's ${vocabularySize === undefined ? "vocab_size" : "max_position_embeddings"}.`,
        place: config.file,
      });
    }
    if (maskToken >= vocabularySize) {
      throw new ModelError({
        message: `${config.file} says mask_token_id ${maskToken}, but ${file} gives ${vocabularySize} logits.`,
        place: config.file,
        hint: "Both files must come from the same export.",
      });
    }
    const tensors = new TensorFactory(onnxruntime.Tensor);
    return new OnnxDiffusionModel({
      session,
      signature,
      tensors,
      file,
      vocabularySize,
      contextLength,
      maskToken,
      eosTokens,
      padToken,
    });
  } catch (error) {
    await session.release();
    throw error;
  }
}
