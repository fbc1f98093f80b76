import type { SamplerScratch } from "./sampler-scratch.ts";

/** Below this many candidates, bins do not pay for being cleared. */
const FEW = 256;
/** Bins per unit of (scaled) logit: 1,024 bins reach 64 units below the maximum, the last one takes the rest. */
const BINS_PER_UNIT = 16;

/**
 * The logit `t` at which the candidates, from the likeliest down, reach `target`: those above `t` weigh less than `target`,
 * those at or above `t` at least that much. Below all candidates, or the lowest of them, when all together do not.
 *
 * Work: two passes over the candidates, then an expected-linear selection among those that share the deciding bin. No sort.
 *
 * @param count candidates in `scratch.logits`
 * @param weights by candidate, or `undefined` when each weighs 1
 * @param maximum the largest logit
 * @param scale what distances between logits are multiplied by before binning (1 / temperature)
 * @internal
 */
export function selectThreshold(
  scratch: SamplerScratch,
  count: number,
  weights: Float64Array | undefined,
  target: number,
  maximum: number,
  scale: number,
): number {
  const { logits, selectionKeys: keys, selectionWeights, bins } = scratch;
  if (count <= FEW) {
    for (let index = 0; index < count; index++) {
      keys[index] = logits[index];
      selectionWeights[index] = weights === undefined ? 1 : weights[index];
    }
    return selectFrom(keys, selectionWeights, count, target);
  }

  const last = bins.length - 1;
  const density = scale * BINS_PER_UNIT;
  bins.fill(0);
  for (let index = 0; index < count; index++) {
    const distance = (maximum - logits[index]) * density;
    bins[distance < last ? distance | 0 : last] += weights === undefined ? 1 : weights[index];
  }
  let above = 0;
  let bin = 0;
  while (bin < last && above + bins[bin] < target) above += bins[bin++];

  let members = 0;
  for (let index = 0; index < count; index++) {
    const distance = (maximum - logits[index]) * density;
    if ((distance < last ? distance | 0 : last) !== bin) continue;
    keys[members] = logits[index];
    selectionWeights[members++] = weights === undefined ? 1 : weights[index];
  }
  return selectFrom(keys, selectionWeights, members, target - above);
}

/** Weighted quickselect, largest first, with three-way partitions: equal keys stay together. Reorders both arrays. */
function selectFrom(keys: Float32Array, weights: Float64Array, count: number, target: number): number {
  let low = 0;
  let high = count;
  let missing = target;
  // What is left when sums taken in another order fall short of the target by a rounding error.
  let pivot = -Infinity;
  while (low < high) {
    pivot = medianOfThree(keys[low], keys[(low + high) >> 1], keys[high - 1]);
    let above = low;
    let below = high;
    let weightAbove = 0;
    let weightEqual = 0;
    for (let index = low; index < below;) {
      const key = keys[index];
      const weight = weights[index];
      if (key > pivot) {
        weightAbove += weight;
        swap(keys, weights, index++, above++);
      } else if (key < pivot) {
        swap(keys, weights, index, --below);
      } else {
        weightEqual += weight;
        index++;
      }
    }
    if (weightAbove >= missing) {
      high = above;
    } else if (weightAbove + weightEqual >= missing) {
      return pivot;
    } else {
      missing -= weightAbove + weightEqual;
      low = below;
    }
  }
  return pivot;
}

function medianOfThree(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}

function swap(keys: Float32Array, weights: Float64Array, a: number, b: number): void {
  const key = keys[a];
  const weight = weights[a];
  keys[a] = keys[b];
  weights[a] = weights[b];
  keys[b] = key;
  weights[b] = weight;
}
