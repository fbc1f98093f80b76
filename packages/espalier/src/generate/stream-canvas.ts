import { decodeDiffusion, type CanvasEvent } from "@espalier/decoder";
import { LimitExceededError, type Vocabulary } from "@espalier/grammar";
import type { DiffusionTextModel } from "../model/model.ts";
import type { GenerateOptions } from "./generate-options.ts";
import { prepareCanvas } from "./prepare-canvas.ts";
import type { CanvasSnapshot, FinishEvent } from "./stream-event.ts";

/** Generates with a masked-diffusion model. @internal */
export async function* streamCanvas<Value>(
  options: GenerateOptions<Value> & { readonly model: DiffusionTextModel },
): AsyncGenerator<CanvasSnapshot | FinishEvent<Value>, void, undefined> {
  const startedAt = performance.now();
  const { decode, vocabulary, compileMs } = prepareCanvas(options);
  const decodeStartedAt = performance.now();
  let firstTokenMs: number | undefined;
  try {
    for await (const event of decodeDiffusion(decode)) {
      if (event.type === "canvas") {
        firstTokenMs ??= performance.now() - startedAt;
        yield snapshot(event, vocabulary);
        continue;
      }
      const { usage, timings, text, tokens, seed, reason } = event;
      const value = await options.output.finish(text);
      yield {
        type: "finish",
        result: {
          value,
          text,
          finishReason: reason,
          seed,
          usage: {
            promptTokens: usage.promptTokens,
            outputTokens: tokens.length,
            forcedTokens: usage.forcedTokens,
            modelCalls: usage.modelCalls,
          },
          timings: {
            compileMs,
            firstTokenMs,
            modelMs: timings.modelMs,
            maskMs: timings.constraintMs,
            totalMs: decodeStartedAt - startedAt + timings.totalMs,
          },
        },
      };
    }
  } catch (error) {
    throw namedByOption(error, options.maxTokens);
  }
}

function snapshot({ tokens, proposal, committed, modelCalls }: CanvasEvent, vocabulary: Vocabulary): CanvasSnapshot {
  const end = proposal.findIndex((token) => vocabulary.eosTokens.includes(token));
  const text = end === -1 ? proposal : proposal.slice(0, end);
  return {
    type: "canvas",
    pieces: tokens.map((token) => (token === undefined ? undefined : vocabulary.decode([token]))),
    outlook: vocabulary.decode(text),
    committed,
    modelCalls,
  };
}

/** A canvas that is too short is too short a `maxTokens`, or too little room in the context. */
function namedByOption(error: unknown, maxTokens: number | undefined): unknown {
  if (!(error instanceof LimitExceededError) || error.limit !== "canvasLength") return error;
  const isContext = maxTokens === undefined || error.allowed < maxTokens;
  return new LimitExceededError({
    message: isContext
      ? `The output needs ${error.needed} tokens; the prompt leaves ${error.allowed} of the model's context.`
      : `maxTokens (${maxTokens}) is too small: the output needs ${error.needed} tokens.`,
    limit: isContext ? "contextLength" : "maxTokens",
    allowed: error.allowed,
    needed: error.needed,
    hint: isContext ? "Shorten the prompt, or take a model with a longer context." : `Allow ${error.needed} tokens.`,
    cause: error,
  });
}
