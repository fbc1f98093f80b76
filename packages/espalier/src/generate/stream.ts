import { decode, type DecodeFinishEvent } from "@espalier/decoder";
import { AbortedError } from "@espalier/grammar";
import { PartialJsonReader } from "../partial/partial-json-reader.ts";
import type { GenerateOptions } from "./generate-options.ts";
import type { GenerateResult } from "./generate-result.ts";
import { prepare } from "./prepare.ts";
import { streamCanvas } from "./stream-canvas.ts";
import type { PartialEvent, StreamEvent } from "./stream-event.ts";

/**
 * Generates as {@link generate} does, piece by piece: texts, for JSON the value so far, and last what `generate` returns.
 * Of a masked-diffusion model, what comes is the canvas after each step instead of texts.
 * Everything is checked when the iteration begins; breaking it off closes the generation.
 *
 * @example
 * for await (const event of stream({ model, prompt, output: json(schema) })) {
 *   if (event.type === "partial") console.log(event.value);
 * }
 *
 * Errors: see {@link generate}.
 */
export async function* stream<Value, Partial = unknown>(
  options: GenerateOptions<Value, Partial>,
): AsyncGenerator<StreamEvent<Value, Partial>, void, undefined> {
  const { model } = options;
  if (model?.diffusionModel !== undefined) {
    yield* streamCanvas({ ...options, model });
    return;
  }
  const startedAt = performance.now();
  const prepared = prepare({ ...options, model });
  const decodeStartedAt = performance.now();
  const reader = options.output.kind === "json" ? new PartialJsonReader() : undefined;
  for await (const event of decode(prepared.decode)) {
    if (event.type === "text") {
      yield { type: "text", text: event.text };
      if (reader !== undefined) {
        reader.push(event.text);
        yield partialEvent<Partial>(reader);
      }
    } else if (event.type === "finish") {
      const { reason } = event;
      if (reason === "aborted") {
        AbortedError.throwIfAborted(options.signal);
        throw new AbortedError({ message: "The generation was aborted." });
      }
      if (reader !== undefined) {
        reader.end();
        if (reader.hasNews) yield partialEvent<Partial>(reader);
      }
      const value = await options.output.finish(event.text);
      const beforeDecodingMs = decodeStartedAt - startedAt;
      yield {
        type: "finish",
        result: {
          value,
          text: event.text,
          finishReason: reason,
          seed: event.seed,
          usage: usageOf(event),
          timings: {
            compileMs: prepared.compileMs,
            firstTokenMs:
              event.timings.firstTokenMs === undefined ? undefined : event.timings.firstTokenMs + beforeDecodingMs,
            modelMs: event.timings.modelMs,
            maskMs: event.timings.maskMs,
            totalMs: performance.now() - startedAt,
          },
        },
      };
    }
  }
}

function usageOf(event: DecodeFinishEvent): GenerateResult<unknown>["usage"] {
  const { promptTokens, forcedTokens, modelCalls } = event.usage;
  return { promptTokens, outputTokens: event.tokens.length, forcedTokens, modelCalls };
}

function partialEvent<Partial>(reader: PartialJsonReader): PartialEvent<Partial> {
  return {
    type: "partial",
    value: reader.value as Partial | undefined,
    complete: reader.complete,
    completed: reader.takeCompleted(),
  };
}
