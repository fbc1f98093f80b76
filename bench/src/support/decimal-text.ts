/** A decimal as an integer times a power of ten. */
export interface Decimal {
  readonly digits: bigint;
  readonly exponent: number;
}

/** The decimal that a JSON number spells, its digits without trailing zeros: equal numbers, equal parts. */
export function parseDecimal(text: string): Decimal {
  const [, sign, whole, fraction = "", power = "0"] = /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text)!;
  const all = whole + fraction;
  const significant = all.replace(/0+$/, "");
  if (/^0*$/.test(significant)) return { digits: 0n, exponent: 0 };
  return {
    digits: BigInt(`${sign}${significant}`),
    exponent: Number(power) - fraction.length + (all.length - significant.length),
  };
}

/** Whether a JSON number is, as a double's shortest spelling, still the same number. */
export function isExactInDoubles(text: string): boolean {
  const value = Number(text);
  if (!Number.isFinite(value)) return false;
  const [a, b] = [parseDecimal(text), parseDecimal(String(value))];
  return a.digits === b.digits && a.exponent === b.exponent;
}

/** Whether `value` is a whole multiple of `divisor`, exactly, both read as their shortest spelling. */
export function isMultipleOf(value: number, divisor: number): boolean {
  if (!Number.isFinite(value)) return false;
  const [a, b] = [parseDecimal(String(value)), parseDecimal(String(divisor))];
  const exponent = Math.min(a.exponent, b.exponent);
  const scale = ({ digits, exponent: own }: Decimal): bigint => digits * 10n ** BigInt(own - exponent);
  return scale(a) % scale(b) === 0n;
}
