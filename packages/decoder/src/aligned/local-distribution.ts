/** What may follow a prefix, with the model's log-probabilities over its whole vocabulary: they add up to less than 1 where the constraint removes mass. */
export interface LocalDistribution {
  /** Tokens that the constraint allows and the model gives some probability, ascending. */
  readonly tokens: Int32Array;
  /** By index of `tokens`. */
  readonly logProbabilities: Float64Array;
  /** Log-probability of ending the text here; -Infinity where the language does not allow it. */
  readonly logEnd: number;
}

/** Nothing may follow. */
export const NOTHING_FOLLOWS: LocalDistribution = {
  tokens: new Int32Array(0),
  logProbabilities: new Float64Array(0),
  logEnd: -Infinity,
};

/** Where `token` is in `tokens`; -1 where it is not. O(log n). */
export function indexOfToken({ tokens }: LocalDistribution, token: number): number {
  let low = 0;
  let high = tokens.length - 1;
  while (low <= high) {
    const middle = (low + high) >>> 1;
    if (tokens[middle] === token) return middle;
    if (tokens[middle] < token) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}
