import { AbortedError, InvalidInputError, ModelError } from "@espalier/grammar";
import type { LanguageModel } from "../models/language-model.ts";
import { SamplerScratch } from "../sampling/sampler-scratch.ts";
import type { DecodeEvent } from "./decode-event.ts";
import type { DecodeBatchOptions } from "./decode-options.ts";
import { SequenceDecoder } from "./sequence-decoder.ts";

/** Scratch is in use only between two awaits: all decoding with a model can share one. */
const scratches = new WeakMap<LanguageModel, SamplerScratch>();

/** An event, and the index of its sequence in `sequences`. */
export interface DecodeBatchEvent {
  readonly index: number;
  readonly event: DecodeEvent;
}

/**
 * Decodes several sequences together: one model call a step for all that still run. Each has its own matcher, sampling
 * and end, and gives what it would alone, up to the rounding of the model's batched arithmetic (none in `functionModel`).
 *
 * Events of one sequence come in order, its `finish` event last. Everything is checked before the first model call. An error ends
 * all sequences; breaking off the iteration, or an error, closes every session that was made here.
 *
 * @throws InvalidInputError for an empty prompt, options out of range, stop texts with a matcher or without a vocabulary
 * @throws LimitExceededError when a constraint cannot be met within `maxTokens` or the context; `needed` says what would do
 * @throws ModelError when the model fails, gives NaN, or has fewer logits than the vocabulary has tokens
 * @throws UnsatisfiableError when a constraint allows no token
 */
export async function* decodeBatch(options: DecodeBatchOptions): AsyncGenerator<DecodeBatchEvent, void, undefined> {
  const { model, sequences, maxBatchSize = Infinity, signal } = options;
  const decoders = makeDecoders(options);
  const running = new Set<number>();
  let begun = 0;
  try {
    for (;;) {
      while (running.size < maxBatchSize && begun < sequences.length) {
        const index = begun++;
        const decoder = decoders[index];
        if (signal?.aborted === true || decoder.isAborted) decoder.abort();
        else decoder.start();
        for (const event of decoder.takeEvents()) yield { index, event };
        if (!decoder.isFinished) running.add(index);
      }
      for (const index of running) {
        const decoder = decoders[index];
        if (signal?.aborted !== true && !decoder.isAborted) continue;
        decoder.abort();
        for (const event of decoder.takeEvents()) yield { index, event };
      }
      retire(decoders, running);
      if (running.size === 0) {
        if (begun === sequences.length) return;
        continue;
      }

      const batch = [...running];
      const callsBefore = model.stats.calls;
      const startedAt = performance.now();
      let answers: Float32Array[][];
      try {
        answers = await model.feedBatch(
          batch.map((index) => ({
            session: decoders[index].session,
            tokens: decoders[index].pending,
          })),
          { signal: batch.length === 1 ? (sequences[batch[0]].signal ?? signal) : signal },
        );
      } catch (error) {
        // The signal fired between two calls of a long prompt: the next round ends the sequences.
        if (error instanceof AbortedError && (signal?.aborted || decoders[batch[0]].isAborted)) continue;
        throw error;
      }
      const modelMs = performance.now() - startedAt;
      const calls = model.stats.calls - callsBefore;
      for (const [row, index] of batch.entries()) {
        const decoder = decoders[index];
        decoder.advance(answers[row][0], modelMs, calls);
        for (const event of decoder.takeEvents()) yield { index, event };
      }
      retire(decoders, running);
    }
  } finally {
    for (const decoder of decoders) decoder.close();
  }
}

function retire(decoders: readonly SequenceDecoder[], running: Set<number>): void {
  for (const index of running) {
    if (!decoders[index].isFinished) continue;
    decoders[index].close();
    running.delete(index);
  }
}

function makeDecoders(options: DecodeBatchOptions): SequenceDecoder[] {
  const { model, vocabulary, sequences, maxBatchSize } = options;
  if (maxBatchSize !== undefined && !(maxBatchSize >= 1)) {
    throw new InvalidInputError({
      message: `maxBatchSize (${maxBatchSize}) must be at least 1.`,
      place: "maxBatchSize",
    });
  }
  if (vocabulary !== undefined && vocabulary.size > model.vocabularySize) {
    throw new ModelError({
      message: `The vocabulary has ${vocabulary.size} tokens, but the model gives ${model.vocabularySize} logits.`,
      place: "vocabulary",
      hint: "Load the tokenizer from the model's own folder.",
    });
  }
  let scratch = scratches.get(model);
  if (scratch === undefined) scratches.set(model, (scratch = new SamplerScratch(model.vocabularySize)));
  const context = {
    shared: options,
    eosTokens: new Set(options.eosTokens ?? [...model.eosTokens, ...(vocabulary?.eosTokens ?? [])]),
    scratch,
  };
  return sequences.map(
    (sequence, index) => new SequenceDecoder(sequence, context, sequences.length === 1 ? "" : `sequences[${index}]`),
  );
}
