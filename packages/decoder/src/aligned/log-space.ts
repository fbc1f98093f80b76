/** log(exp(a) + exp(b)). @internal */
export function logAdd(a: number, b: number): number {
  if (a < b) return logAdd(b, a);
  return b === -Infinity ? a : a + Math.log1p(Math.exp(b - a));
}

/** log Σ exp(value) of the first `count` values; -Infinity when all are, or there are none. @internal */
export function logSum(values: Float64Array, count: number): number {
  let maximum = -Infinity;
  for (let index = 0; index < count; index++) {
    if (values[index] > maximum) maximum = values[index];
  }
  if (maximum === -Infinity) return -Infinity;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += Math.exp(values[index] - maximum);
  return maximum + Math.log(sum);
}
