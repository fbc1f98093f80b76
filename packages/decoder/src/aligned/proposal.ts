import type { Random } from "../sampling/random.ts";
import { indexOfToken, type LocalDistribution } from "./local-distribution.ts";
import type { PrefixNode } from "./prefix-node.ts";

/** The index that stands for ending the text. */
export const END = -1;

/** Draws what follows a prefix, each way weighted by its probability and by what is known of the mass behind it. */
export class Proposal {
  /** After {@link draw}: the log-probability with which it was drawn. */
  logProposal: number = Number.NaN;
  /** The log of the sum of all weights; -Infinity when there is nothing to draw. */
  logTotal: number = -Infinity;
  #weights: Float64Array = new Float64Array(64);
  #count = 0;
  #maximum = -Infinity;
  #sum = 0;

  /**
   * Sets the weights of what may follow `node`. O(allowed tokens + children).
   * @param isLearning false for the model's own probabilities, renormalised over what is allowed
   */
  weigh(node: PrefixNode, distribution: LocalDistribution, isLearning: boolean): void {
    const { logProbabilities, logEnd } = distribution;
    const count = logProbabilities.length;
    if (this.#weights.length <= count) this.#weights = new Float64Array(count * 2);
    const weights = this.#weights;
    weights.set(logProbabilities);
    weights[count] = logEnd;
    if (isLearning && node.children !== undefined) {
      for (const child of node.children.values()) {
        const index = indexOfToken(distribution, child.token);
        if (index >= 0) weights[index] += child.logUpper;
      }
    }
    let maximum = -Infinity;
    for (let index = 0; index <= count; index++) {
      if (weights[index] > maximum) maximum = weights[index];
    }
    this.#count = count;
    this.#maximum = maximum;
    this.logTotal = -Infinity;
    if (maximum === -Infinity) return;
    let sum = 0;
    for (let index = 0; index <= count; index++) sum += weights[index] = Math.exp(weights[index] - maximum);
    this.#sum = sum;
    this.logTotal = maximum + Math.log(sum);
  }

  /** An index of the distribution's tokens, or {@link END}. Only after {@link weigh}, where there is something to draw. */
  draw(random: Random): number {
    const point = random.nextFloat64() * this.#sum;
    let drawn = -1;
    let below = 0;
    for (let index = 0; index <= this.#count; index++) {
      if (this.#weights[index] === 0) continue;
      drawn = index;
      below += this.#weights[index];
      if (below > point) break;
    }
    this.logProposal = Math.log(this.#weights[drawn]) + this.#maximum - this.logTotal;
    return drawn === this.#count ? END : drawn;
  }
}
