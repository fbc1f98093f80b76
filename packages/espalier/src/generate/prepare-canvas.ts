import type { DiffusionDecodeOptions } from "@espalier/decoder";
import { AbortedError, type Constraint, InvalidInputError, type Vocabulary } from "@espalier/grammar";
import type { DiffusionTextModel } from "../model/model.ts";
import { cachedConstraint } from "../output/constraint-cache.ts";
import { buildPrompt } from "../prompt/build-prompt.ts";
import type { GenerateOptions } from "./generate-options.ts";
import { checkMaxTokens, checkShape } from "./prepare.ts";

const DEFAULT_CANVAS = 96;
/** Where a constraint needs more than the default, there is room for half as much again, in steps of this many positions. */
const CANVAS_STEP = 32;

const SAMPLING_OPTIONS = [
  "topK",
  "topP",
  "minP",
  "repetitionPenalty",
  "frequencyPenalty",
  "presencePenalty",
  "stop",
] as const;

/** @internal */
export interface PreparedCanvas {
  readonly decode: DiffusionDecodeOptions;
  /** What tokens say: that of the constraint spells special tokens that its format is made of. */
  readonly vocabulary: Vocabulary;
  readonly compileMs: number;
}

/** Everything that can be refused before the decoder begins, is refused here. @internal */
export function prepareCanvas(
  options: GenerateOptions<unknown> & { readonly model: DiffusionTextModel },
): PreparedCanvas {
  checkShape(options);
  const { model, output, signal, prompt, messages, maxTokens, temperature, seed, promptHelper = true } = options;
  for (const name of SAMPLING_OPTIONS) {
    if (options[name] === undefined) continue;
    throw new InvalidInputError({
      message: `The option ${name} is for language models; a masked-diffusion model takes temperature and seed.`,
      place: name,
    });
  }
  if (options.monitor !== undefined) {
    throw new InvalidInputError({
      message: "A monitor reads text from its beginning on; a masked-diffusion model writes in any order.",
      place: "monitor",
    });
  }
  AbortedError.throwIfAborted(signal);
  const startedAt = performance.now();
  const constraint = cachedConstraint(output, model.vocabulary, signal);
  const compileMs = performance.now() - startedAt;
  const instruction = promptHelper ? output.instruction() : undefined;
  const tokens = buildPrompt(model, { prompt, messages, instruction });
  if (maxTokens !== undefined) checkMaxTokens(maxTokens);
  if (maxTokens === 0) {
    throw new InvalidInputError({ message: "maxTokens (0) leaves no canvas: give at least 1.", place: "maxTokens" });
  }
  const room = Math.max(1, model.diffusionModel.contextLength - tokens.length);
  const vocabulary = constraint?.vocabulary ?? model.vocabulary;
  const decode: DiffusionDecodeOptions = {
    ...options.diffusion,
    model: model.diffusionModel,
    vocabulary,
    prompt: tokens,
    constraint,
    canvas: Math.min(maxTokens ?? defaultLength(constraint), room),
    temperature,
    seed,
    signal,
  };
  return { decode, vocabulary, compileMs };
}

function defaultLength(constraint: Constraint | undefined): number {
  const needed = constraint?.matcher().minTokensToFinish() ?? 0;
  if (needed * 1.5 <= DEFAULT_CANVAS) return DEFAULT_CANVAS;
  return Math.ceil((needed * 1.5) / CANVAS_STEP) * CANVAS_STEP;
}
