import type { AlignedSamplerOptions } from "./aligned-options.ts";
import { WalkingSampler } from "./walking-sampler.ts";

/**
 * Adaptive sampling with approximate expected futures (Park, Wang, Berg-Kirkpatrick, Polikarpova, D'Antoni: "Grammar-Aligned
 * Decoding", NeurIPS 2024).
 *
 * The first draw is plain masking. Each draw then takes away, from every prefix that it walked, the mass that turned out to lie
 * outside the language; later draws weigh tokens by what is left behind them. The proposals tend to the target as the prefixes that
 * have mass are walked; before that, draws carry weights that make up for the difference.
 *
 * A draw takes one model call for each prefix that is not kept; a draw is never rejected, only begun again at a dead end. Beyond the
 * paper: after a draw for which nothing had to be asked, the next one first asks the model once, about the prefix behind which most mass
 * is undecided. Walks alone go there as seldom as the language is unlikely.
 */
export class AsapSampler extends WalkingSampler {
  constructor(options: AlignedSamplerOptions) {
    super(options, { isLearning: true, isRejecting: false, isExploring: true });
  }
}
