import type { ExactTarget } from "./setting.ts";

/**
 * How unlikely the counts are if outcomes come from the target: chi-square, as standard deviations above what is to be expected
 * (Wilson and Hilferty's transformation to a normal distribution). Outcomes expected fewer than 5 times are put together.
 * An outcome that is not in the target is infinitely unlikely.
 */
export function chiSquareDeviation(counts: ReadonlyMap<string, number>, target: ExactTarget): number {
  for (const key of counts.keys()) if (!target.outcomes.has(key)) return Infinity;
  const draws = [...counts.values()].reduce((sum, seen) => sum + seen, 0);
  let statistic = 0;
  let cells = 0;
  let rare = { expected: 0, seen: 0 };
  for (const [key, probability] of target.outcomes) {
    const expected = (probability / target.mass) * draws;
    const seen = counts.get(key) ?? 0;
    if (expected < 5) {
      rare = { expected: rare.expected + expected, seen: rare.seen + seen };
      continue;
    }
    statistic += (seen - expected) ** 2 / expected;
    cells++;
  }
  if (rare.expected >= 5) {
    statistic += (rare.seen - rare.expected) ** 2 / rare.expected;
    cells++;
  }
  const freedom = cells - 1;
  if (freedom < 1) throw new Error(`${cells} cells are too few for a test.`);
  const variance = 2 / (9 * freedom);
  return (Math.cbrt(statistic / freedom) - (1 - variance)) / Math.sqrt(variance);
}

/** By how many of its own standard errors the mean of `values` differs from `expected`. */
export function deviation(values: readonly number[], expected: number): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return Math.abs(mean - expected) / Math.sqrt(variance / values.length + 1e-24);
}

export function count(keys: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}
