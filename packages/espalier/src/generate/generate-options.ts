import type { DiffusionDecodeOptions, Monitor, SamplingOptions } from "@espalier/decoder";
import type { ChatMessage } from "../model/chat-template.ts";
import type { DiffusionTextModel, Model } from "../model/model.ts";
import type { Output } from "../output/output.ts";

/** What to generate from: a text, or a conversation. */
export type GeneratePrompt =
  | { readonly prompt: string; readonly messages?: undefined }
  | { readonly messages: readonly ChatMessage[]; readonly prompt?: undefined };

/** How a masked-diffusion model fills its canvas; see `decodeDiffusion`. */
export type DiffusionSettings = Pick<
  DiffusionDecodeOptions,
  "policy" | "blockLength" | "proposals" | "confidence" | "candidates" | "maxStates" | "beamWidth"
>;

export interface GenerateSettings<Value, Partial = unknown> extends Omit<SamplingOptions, "logProbabilities"> {
  readonly model: Model | DiffusionTextModel;
  /** What to write: {@link json}, {@link regex}, {@link choice}, {@link grammar}, {@link toolCalls}, {@link thinking} or {@link text}. */
  readonly output: Output<Value, Partial>;
  /**
   * The most tokens of output. A constrained output is always complete within it, or refused before the first model call;
   * free text is cut off. Never more than the model's context has room for.
   *
   * For a masked-diffusion model it is the length of the canvas.
   * @defaultValue 512; for a masked-diffusion model 96, or more where the constraint needs it
   */
  readonly maxTokens?: number | undefined;
  /**
   * What logits are divided by; 0 takes the likeliest token each time.
   * @defaultValue 0
   */
  readonly temperature?: number | undefined;
  /** Texts that end free text; not part of it. Not for constrained outputs, whose end is part of what they say. */
  readonly stop?: readonly string[] | undefined;
  /**
   * Consulted after every sampled token, beside the constraint; what it refuses is taken back. Streams then come in one piece.
   * @defaultValue none
   */
  readonly monitor?: Monitor | undefined;
  /** For masked-diffusion models only. */
  readonly diffusion?: DiffusionSettings | undefined;
  /** Ends the generation with an AbortedError; looked at while compiling and before each model call. */
  readonly signal?: AbortSignal | undefined;
  /**
   * Whether to tell the model what to write (a JSON Schema as a short type, the choices) in a system message.
   * @defaultValue true
   */
  readonly promptHelper?: boolean | undefined;
}

export type GenerateOptions<Value, Partial = unknown> = GenerateSettings<Value, Partial> & GeneratePrompt;
