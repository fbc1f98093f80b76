/**
 * log Σ exp(logit), over all logits; -Infinity when all are. A token's log-probability is its logit minus this.
 * Two passes, one exponential each.
 */
export function logSumExp(logits: Float32Array, count: number = logits.length): number {
  let maximum = -Infinity;
  for (let index = 0; index < count; index++) {
    if (logits[index] > maximum) maximum = logits[index];
  }
  if (maximum === -Infinity) return -Infinity;
  let sum = 0;
  for (let index = 0; index < count; index++) sum += Math.exp(logits[index] - maximum);
  return maximum + Math.log(sum);
}
