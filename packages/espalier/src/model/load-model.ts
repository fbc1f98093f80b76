import { resolve } from "node:path";
import { isDiffusionFolder, loadOnnxDiffusionModel, loadOnnxModel, type LoadOnnxModelOptions } from "@espalier/decoder";
import { AbortedError, loadVocabulary, ModelError, type TokenId } from "@espalier/grammar";
import { bundledModelFolder } from "./bundled-model.ts";
import { ChatTemplate } from "./chat-template.ts";
import { loadChatTemplate } from "./load-chat-template.ts";
import type { LoadedDiffusionModel, LoadedModel } from "./model.ts";

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
 * Loads a model from a folder in the layout of Hugging Face ONNX exports: `config.json`, `tokenizer.json`,
 * `onnx/model.onnx` and, where they are, `generation_config.json`, `tokenizer_config.json`, `chat_template.jinja`.
 * Whether it writes token after token or fills a canvas (masked diffusion) is told by `config.json`.
 *
 * Without a folder, the small language model that comes with the library, which turns short texts into JSON.
 *
 * @example
 * const model = await loadModel();
 * const other = await loadModel("./SmolLM2-360M-Instruct", { dtype: "q8" });
 *
 * @throws ModelError when a file is missing, truncated or damaged, or the files do not fit each other; `place` is the file
 * @throws UnsupportedError when it is neither kind of model, or the kind of tokenizer is not supported
 * @throws InvalidInputError when an option is out of range, or a file is malformed
 * @throws AbortedError when the signal has fired
 */
export async function loadModel(folder?: undefined, options?: LoadModelOptions): Promise<LoadedModel>;
export async function loadModel(
  folder: string | undefined,
  options?: LoadModelOptions,
): Promise<LoadedModel | LoadedDiffusionModel>;
export async function loadModel(
  folder?: string | undefined,
  options: LoadModelOptions = {},
): Promise<LoadedModel | LoadedDiffusionModel> {
  const place = resolve(folder ?? bundledModelFolder("extract-ar"));
  AbortedError.throwIfAborted(options.signal);
  if (await isDiffusionFolder(place)) return loadDiffusionModel(place, options);
  const languageModel = await loadOnnxModel(place, onnxOptions(options));
  return { languageModel, ...(await loadTextParts(place, languageModel, options)) };
}

/**
 * Loads a masked-diffusion model, as {@link loadModel} does, with the type of one. Without a folder, the small one that comes with
 * the library, the twin of the language model that `loadModel` loads.
 *
 * @example
 * const model = await loadDiffusionModel();
 * const { value } = await generate({ model, prompt: "Ada Lovelace, 36", output: json(schema) });
 */
export async function loadDiffusionModel(
  folder?: string | undefined,
  options: LoadModelOptions = {},
): Promise<LoadedDiffusionModel> {
  const place = resolve(folder ?? bundledModelFolder("extract-diffusion"));
  const { maxTokensPerCall: _, ...others } = onnxOptions(options);
  const diffusionModel = await loadOnnxDiffusionModel(place, others);
  return { diffusionModel, ...(await loadTextParts(place, diffusionModel, options)) };
}

/** The options without those that are not the decoder's. */
function onnxOptions(options: LoadModelOptions): LoadOnnxModelOptions {
  return { ...options, chatTemplate: undefined, eosTokens: undefined } as LoadOnnxModelOptions;
}

type TextParts = Pick<LoadedModel, "folder" | "vocabulary" | "tokenizer" | "chatTemplate" | "dispose">;

/** What a folder holds beside the model; disposes of the model when that fails. */
async function loadTextParts(
  place: string,
  model: { dispose(): Promise<void> },
  { chatTemplate, eosTokens, signal }: LoadModelOptions,
): Promise<TextParts> {
  try {
    const vocabulary = await loadVocabulary(place, { eosTokens, signal });
    const { tokenizer } = vocabulary;
    if (tokenizer === undefined) {
      throw new ModelError({ message: `The model folder ${place} has no tokenizer.`, place });
    }
    return {
      folder: place,
      vocabulary,
      tokenizer,
      chatTemplate: await templateOf(place, chatTemplate),
      dispose: () => model.dispose(),
    };
  } catch (error) {
    await model.dispose();
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
