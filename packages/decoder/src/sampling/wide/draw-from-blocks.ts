import type { TokenId } from "@espalier/grammar";
import type { Random } from "../random.ts";
import { BLOCK } from "./block-kernel-module.ts";
import type { BlockKernel } from "./block-kernel.ts";

/** More than the relative error of a block's sum. */
const BOUND = 1 + 1e-4;

export interface BlockDraw {
  readonly token: TokenId;
  /** Relative error below 1e-6: that of the blocks' sums. */
  readonly logProbability: number;
}

/**
 * Draws a token with probability proportional to e^((logit - maximum) · scale), from the kernel's logits and mask.
 *
 * By rejection: a block is drawn by its sum, which is in single precision, and taken with the probability that makes up for the
 * difference to its exact sum. So the draw is as exact as sums in double precision, with about 32 exponentials instead of one for each token.
 * @internal
 */
export function drawFromBlocks(kernel: BlockKernel, maximum: number, scale: number, random: Random): BlockDraw {
  const { logits, mask, sums, blockCount } = kernel;
  const total = kernel.weigh(maximum, scale);
  for (;;) {
    const point = random.nextFloat64() * total;
    let block = 0;
    for (let below = sums[0]; below <= point && block < blockCount - 1;) below += sums[++block];
    let exact = 0;
    for (let word = mask[block] | 0; word !== 0; word &= word - 1) {
      exact += Math.exp((logits[block * BLOCK + 31 - Math.clz32(word & -word)] - maximum) * scale);
    }
    // One number decides both whether the block is taken and, if so, which of its tokens.
    let rest = random.nextFloat64() * sums[block] * BOUND;
    if (rest >= exact) continue;
    for (let word = mask[block] | 0; word !== 0; word &= word - 1) {
      const token = block * BLOCK + 31 - Math.clz32(word & -word);
      const weight = Math.exp((logits[token] - maximum) * scale);
      rest -= weight;
      if (rest < 0) return { token, logProbability: Math.log(weight / total) };
    }
  }
}
