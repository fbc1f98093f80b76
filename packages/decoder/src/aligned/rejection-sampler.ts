import type { AlignedSamplerOptions } from "./aligned-options.ts";
import { WalkingSampler } from "./walking-sampler.ts";

/**
 * Exact draws from the target: rejection sampling in which an invalid prefix, once seen, is never proposed again (unless more
 * prefixes were walked than are remembered).
 *
 * A walk draws from the model, less what is known to be invalid. Where it comes to a prefix for the first time, the model says how
 * much mass the constraint removes there, and the walk is rejected with that probability, all of the removed mass being learned at
 * once. So each accepted walk is an independent, exact draw from the target (every weight is 1), and the chance of acceptance rises
 * with what is learned: it is the mass of the language divided by its upper bound. Rejected walks cost the model calls of the
 * prefixes that they reached.
 */
export class RejectionSampler extends WalkingSampler {
  constructor(options: AlignedSamplerOptions) {
    super(options, { isLearning: true, isRejecting: true, isExploring: false });
  }
}
