/**
 * How much probability the model, left alone, gives to the target language (in the language, within the budget, and ended), and so
 * how much the constraint removes.
 */
export interface MassEstimate {
  /** The mass that the constraint removes: 1 less the estimate of the mass. */
  readonly removed: number;
  /** No less than this is removed. Certain, up to rounding. */
  readonly removedAtLeast: number;
  /** No more than this is removed. Certain, up to rounding. */
  readonly removedAtMost: number;
  /**
   * The log of the estimate of the mass: the mean of unbiased terms, moved between the certain bounds where it lies outside them.
   * Kept as a log, because the mass of a long text is smaller than any double.
   */
  readonly logMass: number;
  /** The standard error of that mean as a part of the mass (0.1 is 10%); Infinity with fewer than two terms. */
  readonly relativeError: number;
  /** Terms in the mean: walks, or populations. */
  readonly terms: number;
}
