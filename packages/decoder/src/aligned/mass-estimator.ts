import { logAdd } from "./log-space.ts";
import type { MassEstimate } from "./mass-estimate.ts";

/** The running mean of unbiased terms, and the tightest bounds seen: both ends are certain at any time, so both are kept for good. */
export class MassEstimator {
  #terms = 0;
  /** log Σ term, log Σ term². */
  #logSum = -Infinity;
  #logSquares = -Infinity;
  #logLower = -Infinity;
  #logUpper = 0;

  /** @param logTerm the log of a number whose expectation is the mass */
  add(logTerm: number): void {
    this.#terms++;
    this.#logSum = logAdd(this.#logSum, logTerm);
    this.#logSquares = logAdd(this.#logSquares, 2 * logTerm);
  }

  bound(logLower: number, logUpper: number): void {
    this.#logLower = Math.max(this.#logLower, logLower);
    this.#logUpper = Math.min(this.#logUpper, logUpper);
  }

  get estimate(): MassEstimate {
    const terms = this.#terms;
    const logMean = this.#logSum - Math.log(terms);
    // Without a term, the middle of what is possible.
    const logMiddle = logAdd(this.#logLower, this.#logUpper) - Math.LN2;
    const logMass = Math.min(this.#logUpper, Math.max(this.#logLower, terms === 0 ? logMiddle : logMean));
    return {
      removed: removed(logMass),
      removedAtLeast: removed(this.#logUpper),
      removedAtMost: removed(this.#logLower),
      logMass,
      relativeError: this.#relativeError(logMean),
      terms,
    };
  }

  /** sqrt((mean of squares / square of mean - 1) / (terms - 1)). */
  #relativeError(logMean: number): number {
    if (this.#terms < 2 || logMean === -Infinity) return Infinity;
    const ratio = Math.exp(this.#logSquares - Math.log(this.#terms) - 2 * logMean);
    return Math.sqrt(Math.max(0, ratio - 1) / (this.#terms - 1));
  }
}

function removed(logMass: number): number {
  // Adding 0 makes 0 of -0.
  return -Math.expm1(logMass) + 0;
}
