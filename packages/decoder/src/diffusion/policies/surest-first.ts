/** Indices of `probabilities`, the greatest first, the lowest index among equals. @internal */
export function surestFirst(probabilities: Float64Array): number[] {
  return Array.from(probabilities, (_, index) => index).sort((a, b) => probabilities[b] - probabilities[a] || a - b);
}
