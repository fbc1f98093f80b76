import type { DiffusionModel, LanguageModel } from "@espalier/decoder";
import type { Tokenizer, Vocabulary } from "@espalier/grammar";
import type { ChatTemplate } from "./chat-template.ts";

/** What models of either kind have in common. */
interface ModelParts {
  readonly vocabulary: Vocabulary;
  readonly tokenizer: Tokenizer;
  /** How messages become text; without one, prompts are plain text that the model goes on from. */
  readonly chatTemplate?: ChatTemplate | undefined;
}

/**
 * All that generating takes: a model, its vocabulary and its tokenizer, and the layout of its conversations. Shared by any
 * number of calls. {@link loadModel} makes one from a folder; a plain object with these fields will do as well.
 */
export interface Model extends ModelParts {
  readonly languageModel: LanguageModel;
  readonly diffusionModel?: undefined;
}

/** As {@link Model}, for a model that fills a canvas instead of writing token after token. */
export interface DiffusionTextModel extends ModelParts {
  readonly diffusionModel: DiffusionModel;
  readonly languageModel?: undefined;
}

/** Where a loaded model came from, and how to be rid of it. */
interface Loaded {
  /** An absolute path. */
  readonly folder: string;
  /** Releases the model's memory. Further calls do nothing. */
  dispose(): Promise<void>;
}

/** A model that {@link loadModel} has loaded. */
export interface LoadedModel extends Model, Loaded {}

/** A masked-diffusion model that {@link loadModel} or {@link loadDiffusionModel} has loaded. */
export interface LoadedDiffusionModel extends DiffusionTextModel, Loaded {}
