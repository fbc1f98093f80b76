/**
 * Which particle each of `weights.length` new ones descends from, ascending: particle i has floor or ceil of n·wᵢ/Σw descendants, that many on
 * average (Kitagawa, "Monte Carlo filter and smoother", 1996; one random number for the whole population). O(n).
 * @param weights not negative, at least one positive
 * @param point uniform over [0, 1)
 * @internal
 */
export function systematicResampling(weights: Float64Array, point: number): Int32Array {
  const count = weights.length;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += weights[index];
  const ancestors = new Int32Array(count);
  let ancestor = 0;
  let below = weights[0];
  for (let index = 0; index < count; index++) {
    const mark = ((index + point) / count) * sum;
    while (below <= mark && ancestor < count - 1) below += weights[++ancestor];
    ancestors[index] = ancestor;
  }
  // Rounding may carry the last mark past the sum, onto particles without weight.
  for (let index = count - 1; index >= 0 && weights[ancestors[index]] === 0; index--) {
    ancestors[index] = lastWithWeight(weights);
  }
  return ancestors;
}

function lastWithWeight(weights: Float64Array): number {
  let index = weights.length - 1;
  while (index > 0 && weights[index] === 0) index--;
  return index;
}
