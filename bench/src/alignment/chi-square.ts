/** Expected counts below this are put together. */
const LEAST_EXPECTED = 5;

export interface ChiSquare {
  readonly statistic: number;
  readonly degreesOfFreedom: number;
  /** Probability of so large a statistic when outcomes come from the target (Wilson and Hilferty's approximation). */
  readonly probability: number;
}

/** Whether outcomes came as often as `target` (key to log-probability) says. */
export function chiSquare(keys: readonly string[], target: ReadonlyMap<string, number>): ChiSquare {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  let statistic = 0;
  let cells = 0;
  const add = (seen: number, expected: number): void => {
    statistic += (seen - expected) ** 2 / expected;
    cells++;
  };
  let rareSeen = 0;
  let rareExpected = 0;
  for (const [key, logProbability] of target) {
    const expected = Math.exp(logProbability) * keys.length;
    const seen = counts.get(key) ?? 0;
    counts.delete(key);
    if (expected >= LEAST_EXPECTED) {
      add(seen, expected);
      continue;
    }
    rareSeen += seen;
    rareExpected += expected;
  }
  // What the target does not have at all.
  if (counts.size > 0) return { statistic: Infinity, degreesOfFreedom: 1, probability: 0 };
  if (rareExpected > 0) add(rareSeen, rareExpected);
  const degreesOfFreedom = Math.max(1, cells - 1);
  const spread = 2 / (9 * degreesOfFreedom);
  const deviation = (Math.cbrt(statistic / degreesOfFreedom) - (1 - spread)) / Math.sqrt(spread);
  return { statistic, degreesOfFreedom, probability: upperTail(deviation) };
}

/** Probability that a standard normal number is larger (Abramowitz and Stegun, 26.2.17; error below 1e-7). */
function upperTail(deviation: number): number {
  if (deviation < 0) return 1 - upperTail(-deviation);
  const t = 1 / (1 + 0.2316419 * deviation);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-deviation * deviation) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}
