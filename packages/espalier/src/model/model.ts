import type { LanguageModel } from "@espalier/decoder";
import type { Tokenizer, Vocabulary } from "@espalier/grammar";
import type { ChatTemplate } from "./chat-template.ts";

/**
 * All that generating takes: a model, its vocabulary and its tokenizer, and the layout of its conversations. Shared by any
 * number of calls. {@link loadModel} makes one from a folder; a plain object with these fields will do as well.
 */
export interface Model {
  readonly languageModel: LanguageModel;
  readonly vocabulary: Vocabulary;
  readonly tokenizer: Tokenizer;
  /** How messages become text; without one, prompts are plain text that the model goes on from. */
  readonly chatTemplate?: ChatTemplate | undefined;
}

/** A model that {@link loadModel} has loaded. */
export interface LoadedModel extends Model {
  /** Where it came from: an absolute path. */
  readonly folder: string;
  /** Releases the model's memory. Further calls do nothing. */
  dispose(): Promise<void>;
}
