import type { AlignedSamplerOptions } from "./aligned-options.ts";
import { WalkingSampler } from "./walking-sampler.ts";

/**
 * Plain masking, with weights: each token is drawn from the model's probabilities of the allowed tokens, renormalised, as constrained
 * decoders do. It is not aligned, and nothing makes it so, but its weights (the product of what each step renormalised by) tell how
 * far off it is: importance sampling with the masked model as the proposal.
 *
 * A draw takes one model call for each prefix that is not kept; a draw is never rejected.
 */
export class MaskedSampler extends WalkingSampler {
  constructor(options: AlignedSamplerOptions) {
    super(options, { isLearning: false, isRejecting: false, isExploring: false });
  }
}
