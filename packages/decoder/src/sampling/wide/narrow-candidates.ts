import type { SamplerScratch } from "../sampler-scratch.ts";
import { selectThreshold } from "../select-threshold.ts";
import { BLOCK } from "./block-kernel-module.ts";
import type { BlockKernel } from "./block-kernel.ts";

export interface Truncation {
  readonly topK: number;
  readonly topP: number;
  readonly minP: number;
  /** 1 / temperature; Infinity when greedy. */
  readonly scale: number;
}

export interface NarrowCandidates {
  /** Candidates in `scratch.tokens` and `scratch.logits`. */
  readonly count: number;
  /** What all candidates weigh, those left behind included, the likeliest weighing 1, up to {@link SUM_ERROR}; `undefined` where only these count. */
  readonly total: number | undefined;
}

/** More than the relative error of the kernel's sum of all weights, which is in single precision. @internal */
export const SUM_ERROR: number = 1e-6;
/** How far below the maximum (in scaled logits) a nucleus is looked for at first; then twice as far, and so on. */
const FIRST_REACH = 6;
const LAST_REACH = 100;

/**
 * Copies those allowed tokens into the scratch that top-k, top-p or min-p may leave, so that nothing else is looked at one by one.
 * The kernel has been given logits and mask. Work: the blocks, and the tokens of those blocks that have a candidate.
 *
 * @returns `undefined` when nothing is truncated, or too little to be worth it
 * @internal
 */
export function narrowCandidates(
  kernel: BlockKernel,
  scratch: SamplerScratch,
  maximum: number,
  { topK, topP, minP, scale }: Truncation,
): NarrowCandidates | undefined {
  if (scale === Infinity) return { count: gatherFrom(kernel, scratch, maximum), total: undefined };
  if (topK <= kernel.blockCount) {
    scratch.logits.set(kernel.maxima);
    // The k likeliest tokens are at least as likely as the k-th likeliest of the blocks' own likeliest.
    const threshold = selectThreshold(scratch, kernel.blockCount, undefined, topK, maximum, 1);
    return { count: gatherFrom(kernel, scratch, threshold), total: undefined };
  }
  if (topK !== Infinity) return undefined;
  if (topP < 1) {
    const total = kernel.weigh(maximum, scale);
    for (let reach = FIRST_REACH; reach < LAST_REACH; reach *= 2) {
      const count = gatherFrom(kernel, scratch, maximum - reach / scale);
      let mass = 0;
      for (let index = 0; index < count; index++) mass += Math.exp((scratch.logits[index] - maximum) * scale);
      if (mass >= topP * total * (1 + SUM_ERROR)) return { count, total };
    }
    return undefined;
  }
  if (minP > 0) {
    const threshold = maximum + Math.log(minP) / scale;
    const margin = SUM_ERROR * (Math.abs(threshold) + 1 / scale);
    return { count: gatherFrom(kernel, scratch, threshold - margin), total: undefined };
  }
  return undefined;
}

/** Copies the allowed tokens with logits of at least `threshold`, above -Infinity, in ascending order; returns how many. */
function gatherFrom(kernel: BlockKernel, scratch: SamplerScratch, threshold: number): number {
  const { logits, mask, maxima, blockCount } = kernel;
  const { tokens, logits: kept } = scratch;
  let count = 0;
  for (let block = 0; block < blockCount; block++) {
    if (!(maxima[block] >= threshold) || maxima[block] === -Infinity) continue;
    for (let word = mask[block] | 0; word !== 0; word &= word - 1) {
      const token = block * BLOCK + 31 - Math.clz32(word & -word);
      const logit = logits[token];
      if (!(logit >= threshold) || logit === -Infinity) continue;
      tokens[count] = token;
      kept[count++] = logit;
    }
  }
  return count;
}
