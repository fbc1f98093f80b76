const powers: bigint[] = [1n];

/** Powers up to this one are kept; beyond it only odd inputs go. */
const KEPT = 1_100;

/** 10^exponent for a non-negative exponent. */
export function powerOfTen(exponent: number): bigint {
  if (exponent > KEPT) return 10n ** BigInt(exponent);
  for (let next = powers.length; next <= exponent; next++) powers.push(powers[next - 1] * 10n);
  return powers[exponent];
}
