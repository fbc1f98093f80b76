import { EMPTY_VIEW, type CacheView } from "./key-value-cache.ts";
import type { OnnxRunner } from "./onnx-runner.ts";

/** Deviation, as a part of the logits' own spread, below which it is rounding. */
const TOLERANCE = 0.02;

/**
 * Whether sequences of different lengths can share a call of this model: padding masked out, positions given.
 *
 * Not every export can (some know only how many columns are masked, some number positions by column), and metadata does
 * not tell. So the model is asked: two short sequences, in one padded batch and each alone, must get the same logits.
 * Costs five calls of a few tokens, once, when a batch first needs it.
 * @internal
 */
export async function paddingIsExact(
  runner: OnnxRunner,
  model: { readonly vocabularySize: number; readonly contextLength: number },
): Promise<boolean> {
  const { attentionMaskType, maxRows } = runner.signature;
  if (attentionMaskType === undefined || maxRows < 2 || model.contextLength < 8) return false;
  const token = (id: number): number => id % model.vocabularySize;
  const isCached = runner.signature.caches.length > 0;
  // Steps of a batch: both rows padded in turn, so that holes lie before, between and after what counts.
  const steps = isCached
    ? [
        [[1], [4, 5, 6]],
        [[2, 3], [1]],
        [[7], [2, 8]],
      ]
    : [[[1, 2, 3], [4]]];
  try {
    let views: CacheView[] = [EMPTY_VIEW, EMPTY_VIEW];
    let batched: Float32Array[] = [];
    for (const step of steps) {
      const rows = step.map((ids, row) => ({
        view: views[row],
        tokens: ids.map(token),
        positions: 1,
      }));
      const results = await runner.run(rows, true);
      views = results.map(({ view }) => view);
      batched = results.map(({ logits }) => logits[0]);
    }
    for (const row of [0, 1]) {
      const tokens = steps.flatMap((step) => step[row].map(token));
      const [alone] = await runner.run([{ view: EMPTY_VIEW, tokens, positions: 1 }], false);
      if (deviation(batched[row], alone.logits[0]) > TOLERANCE) return false;
    }
    return true;
  } catch {
    // A model that cannot run the batch at all: it will be fed one sequence at a time, where failures are reported.
    return false;
  }
}

/** The greatest difference, relative to the spread (standard deviation) of the expected logits. */
function deviation(actual: Float32Array, expected: Float32Array): number {
  let mean = 0;
  for (const logit of expected) mean += logit / expected.length;
  let variance = 0;
  let greatest = 0;
  for (let index = 0; index < expected.length; index++) {
    variance += (expected[index] - mean) ** 2 / expected.length;
    greatest = Math.max(greatest, Math.abs(actual[index] - expected[index]));
  }
  return greatest / Math.sqrt(variance);
}
