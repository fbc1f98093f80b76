import { resolve } from "node:path";
import { loadOnnxModel, type LoadOnnxModelOptions } from "@espalier/decoder";
import { loadVocabulary, ModelError, type TokenId } from "@espalier/grammar";
import { bundledModelFolder } from "./bundled-model.ts";
import { ChatTemplate } from "./chat-template.ts";
import { loadChatTemplate } from "./load-chat-template.ts";
import type { LoadedModel } from "./model.ts";

export interface LoadModelOptions extends LoadOnnxModelOptions {
  /**
   * The layout of conversations, as a Jinja template; `false` for none.
   * @defaultValue `chat_template.jinja` of the folder, or `chat_template` of its `tokenizer_config.json`
   */
  readonly chatTemplate?: string | false | undefined;
  /** The tokens that end a text. @defaultValue those that the folder's files name */
  readonly eosTokens?: readonly TokenId[] | undefined;
}

/**
 * Loads a language model from a folder in the layout of Hugging Face ONNX exports: `config.json`, `tokenizer.json`,
 * `onnx/model.onnx` and, where they are, `generation_config.json`, `tokenizer_config.json`, `chat_template.jinja`.
 *
 * Without a folder, the small model that comes with the library, which turns short texts into JSON.
 *
 * @example
 * const model = await loadModel();
 * const other = await loadModel("./SmolLM2-360M-Instruct", { dtype: "q8" });
 *
 * @throws ModelError when a file is missing, truncated or damaged, or the files do not fit each other; `place` is the file
 * @throws UnsupportedError when it is not a causal language model, or the kind of tokenizer is not supported
 * @throws InvalidInputError when an option is out of range, or a file is malformed
 * @throws AbortedError when the signal has fired
 */
export async function loadModel(folder?: string | undefined, options: LoadModelOptions = {}): Promise<LoadedModel> {
  const { chatTemplate: givenTemplate, eosTokens, ...onnxOptions } = options;
  const place = resolve(folder ?? bundledModelFolder());
  const languageModel = await loadOnnxModel(place, onnxOptions);
  try {
    const vocabulary = await loadVocabulary(place, { eosTokens, signal: options.signal });
    const { tokenizer } = vocabulary;
    if (tokenizer === undefined) {
      throw new ModelError({ message: `The model folder ${place} has no tokenizer.`, place });
    }
    return {
      folder: place,
      languageModel,
      vocabulary,
      tokenizer,
      chatTemplate: await templateOf(place, givenTemplate),
      dispose: () => languageModel.dispose(),
    };
  } catch (error) {
    await languageModel.dispose();
    throw error;
  }
}

function templateOf(
  folder: string,
  given: string | false | undefined,
): Promise<ChatTemplate | undefined> | ChatTemplate | undefined {
  if (given === false) return undefined;
  if (given === undefined) return loadChatTemplate(folder);
  return new ChatTemplate(given, { place: "chatTemplate" });
}
