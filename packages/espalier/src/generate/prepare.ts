import type { DecodeOptions } from "@espalier/decoder";
import { AbortedError, type Constraint, InvalidInputError, LimitExceededError, type Matcher } from "@espalier/grammar";
import { cachedConstraint } from "../output/constraint-cache.ts";
import type { Model } from "../model/model.ts";
import { buildPrompt } from "../prompt/build-prompt.ts";
import type { GenerateOptions } from "./generate-options.ts";

const DEFAULT_MAX_TOKENS = 512;

export interface Prepared {
  readonly decode: DecodeOptions;
  readonly compileMs: number;
}

/** Everything that can be refused before the first model call, is refused here. @internal */
export function prepare(options: GenerateOptions<unknown> & { readonly model: Model }): Prepared {
  checkShape(options);
  const { model, output, signal, stop, monitor, promptHelper = true } = options;
  const {
    model: _,
    output: __,
    signal: ___,
    stop: ____,
    promptHelper: _____,
    monitor: ______,
    diffusion,
    ...others
  } = options;
  if (diffusion !== undefined) {
    throw new InvalidInputError({
      message: "The option diffusion is for masked-diffusion models; this model writes token after token.",
      place: "diffusion",
    });
  }
  const { prompt, messages, maxTokens = DEFAULT_MAX_TOKENS, temperature = 0, ...sampling } = others;
  AbortedError.throwIfAborted(signal);

  const startedAt = performance.now();
  const constraint = cachedConstraint(output, model.vocabulary, signal);
  const compileMs = performance.now() - startedAt;
  const instruction = promptHelper ? output.instruction() : undefined;
  const tokens = buildPrompt(model, { prompt, messages, instruction });
  checkMaxTokens(maxTokens);
  // The last token of output need not be fed: prompt and output may exceed the context by one.
  const room = model.languageModel.contextLength - tokens.length + 1;
  const decode: DecodeOptions = {
    model: model.languageModel,
    // That of the constraint spells special tokens that its format is made of.
    vocabulary: constraint?.vocabulary ?? model.vocabulary,
    eosTokens: model.vocabulary.eosTokens,
    prompt: tokens,
    matcher: constraint && matcherWithin(constraint, maxTokens, room),
    maxTokens: Math.max(0, Math.min(maxTokens, room)),
    sampling: { ...sampling, temperature },
    stop: stop?.length === 0 ? undefined : stop,
    signal,
    monitor,
  };
  return { decode, compileMs };
}

/** @throws LimitExceededError for `maxTokens`, or `contextLength` where that is the narrower of the two. */
function matcherWithin(constraint: Constraint, maxTokens: number, room: number): Matcher | undefined {
  // Without room for the prompt, the decoder says so.
  if (room < 1 || maxTokens <= room) return constraint.matcher({ maxTokens });
  try {
    return constraint.matcher({ maxTokens: room });
  } catch (error) {
    if (!(error instanceof LimitExceededError) || error.limit !== "maxTokens") throw error;
    throw new LimitExceededError({
      message: `The output needs at least ${error.needed} tokens; the prompt leaves ${room} of the model's context.`,
      limit: "contextLength",
      allowed: room,
      needed: error.needed,
      hint: "Shorten the prompt, or take a model with a longer context.",
      cause: error,
    });
  }
}

/** @internal */
export function checkMaxTokens(maxTokens: number): void {
  if (Number.isInteger(maxTokens) && maxTokens >= 0) return;
  throw new InvalidInputError({
    message: `maxTokens (${maxTokens}) must be an integer, at least 0.`,
    place: "maxTokens",
  });
}

/** @internal */
export function checkShape({ model, output }: Partial<GenerateOptions<unknown>>): void {
  if ((model?.languageModel ?? model?.diffusionModel) === undefined || model?.vocabulary === undefined) {
    throw new InvalidInputError({
      message: "Generating takes a model.",
      place: "model",
      hint: "Load one: const model = await loadModel().",
    });
  }
  if (typeof output?.finish !== "function") {
    throw new InvalidInputError({
      message:
        "Generating takes an output: json(schema), regex(pattern), choice([…]), grammar(…), toolCalls({ … }), thinking(…) or text().",
      place: "output",
    });
  }
}
