import {
  AsapSampler,
  MaskedSampler,
  RejectionSampler,
  SmcSampler,
  type AlignedDraw,
  type AlignedSampler,
  type AlignedSamplerOptions,
  type SamplingOptions,
  type SmcSamplerOptions,
} from "@espalier/decoder";
import { AbortedError, InvalidInputError } from "@espalier/grammar";
import type { Model } from "../model/model.ts";
import { cachedConstraint } from "../output/constraint-cache.ts";
import type { Output } from "../output/output.ts";
import { buildPrompt } from "../prompt/build-prompt.ts";
import type { GeneratePrompt } from "./generate-options.ts";
import { checkShape } from "./prepare.ts";

/** How aligned samples are drawn; see {@link AlignSettings.method}. */
export type AlignMethod = "asap" | "rejection" | "smc" | "masked";

const SAMPLERS: Readonly<Record<AlignMethod, new (options: SmcSamplerOptions) => AlignedSampler>> = {
  asap: AsapSampler,
  rejection: RejectionSampler,
  smc: SmcSampler,
  masked: MaskedSampler,
};

export interface AlignSettings<Value>
  extends
    Omit<SamplingOptions, "logProbabilities">,
    Pick<AlignedSamplerOptions, "maxTokens" | "budget" | "maxSteps" | "maxPrefixes" | "maxCachedBytes">,
    Pick<SmcSamplerOptions, "particles"> {
  /** A language model. (A masked-diffusion model draws from its distribution over valid canvases by itself, above temperature 0.) */
  readonly model: Model;
  /** What to write: any output but free text, from which nothing is removed. */
  readonly output: Output<Value>;
  /**
   * - `asap`: one walk a draw, from an approximation that converges (Park et al., 2024)
   * - `rejection`: exact from the first draw, with as many walks as it takes
   * - `smc`: populations of particles, weighted
   * - `masked`: what plain masking does, with the weights that undo it
   * @defaultValue "rejection"
   */
  readonly method?: AlignMethod | undefined;
  /** What logits are divided by; must be above 0. @defaultValue 1 */
  readonly temperature?: number | undefined;
  /** Looked at while compiling; {@link AlignedOutputs.draw} takes one of its own. */
  readonly signal?: AbortSignal | undefined;
  /** Whether to tell the model what to write, as `generate` does. @defaultValue true */
  readonly promptHelper?: boolean | undefined;
}

export type AlignOptions<Value> = AlignSettings<Value> & GeneratePrompt;

/** A draw with the value of its text. */
export interface AlignedOutput<Value> extends AlignedDraw {
  readonly value: Value;
}

/** Draws for one prompt and one output. Keep it: what one draw learns serves the next. */
export interface AlignedOutputs<Value> {
  /** Probabilities, mass, work: see `AlignedSampler`. */
  readonly sampler: AlignedSampler;
  /**
   * The next output.
   * @throws OutputRejectedError when the schema library's own validator refuses the value; what `AlignedSampler.draw` throws
   */
  draw(options?: { readonly signal?: AbortSignal | undefined }): Promise<AlignedOutput<Value>>;
  /** Closes the model's sessions. The model stays open. */
  dispose(): void;
}

/**
 * Samples outputs from the model's own distribution, given that they are valid, where `generate` above temperature 0 samples token by token
 * from what masks leave: that prefers beginnings after which the model would rarely have stayed valid.
 *
 * @example
 * const outputs = align({ model, prompt: "Roll a die.", output: choice(["1", "2", "3", "4", "5", "6"]) });
 * const { value, logProbability, mass } = await outputs.draw();
 * outputs.dispose();
 *
 * @throws InvalidInputError for free text, a masked-diffusion model, temperature 0, options out of range
 * @throws LimitExceededError when the output does not fit `maxTokens` or the context
 * @throws what `generate` throws while compiling
 */
export function align<Value>(options: AlignOptions<Value>): AlignedOutputs<Value> {
  checkShape(options);
  const { model, output, prompt, messages, method = "rejection", signal, promptHelper = true } = options;
  if ((model as Partial<Model>).languageModel === undefined) {
    throw new InvalidInputError({
      message: "Aligned samplers are for language models, which write token after token.",
      place: "model",
      hint: "A masked-diffusion model samples from its distribution over valid canvases with generate, above temperature 0.",
    });
  }
  if (!Object.hasOwn(SAMPLERS, method)) {
    throw new InvalidInputError({
      message: `There is no method ${JSON.stringify(method)} of aligned sampling.`,
      place: "method",
      hint: `There are: ${Object.keys(SAMPLERS).join(", ")}.`,
    });
  }
  AbortedError.throwIfAborted(signal);
  const constraint = cachedConstraint(output, model.vocabulary, signal);
  if (constraint === undefined) {
    throw new InvalidInputError({
      message: "Free text has no constraint, so there is nothing to align: all of the model's distribution is valid.",
      place: "output",
      hint: "Use generate with a temperature above 0.",
    });
  }
  const instruction = promptHelper ? output.instruction() : undefined;
  const tokens = buildPrompt(model, { prompt, messages, instruction });
  const { temperature = 1, seed, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty } = options;
  const { maxTokens, budget, maxSteps, maxPrefixes, maxCachedBytes, particles } = options;
  const sampler = new SAMPLERS[method]({
    model: model.languageModel,
    vocabulary: constraint.vocabulary,
    constraint,
    prompt: tokens,
    maxTokens,
    budget,
    maxSteps,
    maxPrefixes,
    maxCachedBytes,
    particles,
    eosTokens: model.vocabulary.eosTokens,
    sampling: { temperature, seed, topK, topP, minP, repetitionPenalty, frequencyPenalty, presencePenalty },
  });
  return {
    sampler,
    draw: async (drawOptions) => {
      const draw = await sampler.draw(drawOptions);
      return { ...draw, value: await output.finish(draw.text) };
    },
    dispose: () => {
      sampler.dispose();
    },
  };
}
