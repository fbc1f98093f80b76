import type { TokenId } from "@espalier/grammar";
import type { MassEstimate } from "./mass-estimate.ts";

/** One output of an {@link AlignedSampler}. */
export interface AlignedDraw {
  readonly text: string;
  /** The tokens of the text, without the one that ends it. */
  readonly tokens: readonly TokenId[];
  /**
   * The log-probability that the model, left alone, writes these tokens and then ends the text: all end-of-text tokens taken
   * together, and under the distribution that {@link AlignedSamplerOptions.sampling} makes of the logits.
   */
  readonly logProbability: number;
  /**
   * The log of the draw's weight. Averages over draws, weighted by the exponentials of these, tend to averages under the target
   * distribution; equal weights mean draws from the target itself.
   */
  readonly logWeight: number;
  /** What is known of the model's mass on the language after this draw. */
  readonly mass: MassEstimate;
  /** Walks that were begun for this draw: 1, and one for each that was rejected or came to a dead end. For SMC, populations. */
  readonly attempts: number;
}
