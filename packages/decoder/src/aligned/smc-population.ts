import type { TokenId } from "@espalier/grammar";

/** One run of {@link SmcSampler.run}. */
export interface SmcPopulation {
  /** The particles that came to an end; those of dead ends, whose weight is 0, are left out. */
  readonly particles: readonly WeightedOutput[];
  /**
   * The log of an unbiased estimate of the mass that the model gives to the language: the mean weight of all particles, dead ones
   * included. -Infinity when all are dead.
   */
  readonly logNormaliser: number;
  /** (Σ weight)² / Σ weight², at the end: from 1 to the number of particles; 0 when all are dead. */
  readonly effectiveSize: number;
  /** How often the population was resampled. */
  readonly resamplings: number;
}

export interface WeightedOutput {
  readonly text: string;
  readonly tokens: readonly TokenId[];
  /** See {@link AlignedDraw.logProbability}. */
  readonly logProbability: number;
  /** The log of the weight; its mean over the population, dead particles included, is the normaliser. */
  readonly logWeight: number;
}
