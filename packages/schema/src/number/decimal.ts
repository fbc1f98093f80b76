import { InvalidInputError, LimitExceededError } from "@espalier/grammar";
import { powerOfTen } from "./power-of-ten.ts";

/** Digits that a decimal may need in plain notation, before and after the point: what keeps BigInt work bounded. */
export const MAX_NUMBER_DIGITS = 20_000;

const NUMBER_TEXT = /^(-?)(0|[1-9][0-9]*)(?:\.([0-9]+))?(?:[eE]([+-]?[0-9]+))?$/;

/**
 * An exact decimal number, `coefficient · 10^exponent`. Kept in lowest terms (the coefficient does not end in 0,
 * and zero is 0 · 10^0), so that equal numbers have equal fields.
 */
export class Decimal {
  static readonly zero: Decimal = new Decimal(0n, 0, 1);
  static readonly one: Decimal = new Decimal(1n, 0, 1);
  readonly coefficient: bigint;
  readonly exponent: number;
  /** Digits of the coefficient. */
  readonly digitCount: number;

  private constructor(coefficient: bigint, exponent: number, digitCount: number) {
    this.coefficient = coefficient;
    this.exponent = exponent;
    this.digitCount = digitCount;
  }

  /**
   * The number `coefficient · 10^exponent`.
   * @throws LimitExceededError when it has more than {@link MAX_NUMBER_DIGITS} digits on either side of the point
   */
  static of(coefficient: bigint, exponent: number): Decimal {
    if (coefficient === 0n) return Decimal.zero;
    const digits = (coefficient < 0n ? -coefficient : coefficient).toString();
    let end = digits.length;
    while (digits.charCodeAt(end - 1) === 0x30) end--;
    const zeros = digits.length - end;
    if (Math.max(exponent + digits.length, -exponent - zeros, end) > MAX_NUMBER_DIGITS) tooLong();
    return new Decimal(zeros === 0 ? coefficient : coefficient / powerOfTen(zeros), exponent + zeros, end);
  }

  /**
   * Reads a JSON number, of which 1, 1.0 and 1e0 are spellings of one.
   * @throws InvalidInputError when `text` is not a JSON number
   * @throws LimitExceededError when it has more than {@link MAX_NUMBER_DIGITS} digits
   */
  static parse(text: string): Decimal {
    if (text.length > 2 * MAX_NUMBER_DIGITS) tooLong();
    const match = NUMBER_TEXT.exec(text);
    if (match === null) throw new InvalidInputError({ message: `${JSON.stringify(text)} is not a JSON number.` });
    const [, sign, whole, fraction = "", power = "0"] = match;
    const coefficient = BigInt(sign + whole + fraction);
    if (coefficient === 0n) return Decimal.zero;
    const exponent = Number(power);
    // Infinity, when the exponent itself is endless, is caught here too.
    if (Math.abs(exponent) > 2 * MAX_NUMBER_DIGITS) tooLong();
    return Decimal.of(coefficient, exponent - fraction.length);
  }

  /**
   * The number that JavaScript prints for `value`: 0.1 is a tenth, not the nearest double.
   * @throws InvalidInputError for NaN and the infinities
   */
  static fromNumber(value: number): Decimal {
    if (!Number.isFinite(value)) throw new InvalidInputError({ message: `${value} is not a JSON number.` });
    return Decimal.parse(String(value));
  }

  get isZero(): boolean {
    return this.coefficient === 0n;
  }

  get isNegative(): boolean {
    return this.coefficient < 0n;
  }

  get isInteger(): boolean {
    return this.exponent >= 0;
  }

  /** e in the scientific notation d.ddd · 10^e of a number other than 0. */
  get magnitude(): number {
    return this.exponent + this.digitCount - 1;
  }

  negate(): Decimal {
    return this.isZero ? this : new Decimal(-this.coefficient, this.exponent, this.digitCount);
  }

  plus(other: Decimal): Decimal {
    if (this.isZero) return other;
    if (other.isZero) return this;
    const exponent = Math.min(this.exponent, other.exponent);
    return Decimal.of(this.scaledTo(exponent) + other.scaledTo(exponent), exponent);
  }

  times(factor: bigint): Decimal {
    return Decimal.of(this.coefficient * factor, this.exponent);
  }

  /**
   * The integer n with n · 10^exponent equal to this number, for an exponent no greater than its own (or the number
   * 0).
   */
  scaledTo(exponent: number): bigint {
    return this.isZero ? 0n : this.coefficient * powerOfTen(this.exponent - exponent);
  }

  /** Negative, zero or positive as this number is less than, equal to or greater than the other. */
  compare(other: Decimal): number {
    const sign = signOf(this);
    if (sign !== signOf(other)) return sign - signOf(other);
    if (sign === 0) return 0;
    if (this.magnitude !== other.magnitude) return sign * (this.magnitude - other.magnitude);
    const exponent = Math.min(this.exponent, other.exponent);
    const mine = this.scaledTo(exponent);
    const theirs = other.scaledTo(exponent);
    return mine < theirs ? -1 : mine > theirs ? 1 : 0;
  }

  equals(other: Decimal): boolean {
    return this.coefficient === other.coefficient && this.exponent === other.exponent;
  }

  /** The shortest JSON text of the number; plain notation where two are equally short. */
  toString(): string {
    const sign = this.isNegative ? "-" : "";
    const digits = (this.isNegative ? -this.coefficient : this.coefficient).toString();
    const scientific = `${digits[0]}${digits.length > 1 ? `.${digits.slice(1)}` : ""}e${this.magnitude}`;
    if (plainLength(digits.length, this.exponent) > scientific.length) return sign + scientific;
    if (this.exponent >= 0) return sign + digits + "0".repeat(this.exponent);
    const padded = digits.padStart(1 - this.exponent, "0");
    return `${sign}${padded.slice(0, this.exponent)}.${padded.slice(this.exponent)}`;
  }
}

function plainLength(digitCount: number, exponent: number): number {
  return exponent >= 0 ? digitCount + exponent : Math.max(digitCount, 1 - exponent) + 1;
}

function signOf(value: Decimal): number {
  return value.coefficient < 0n ? -1 : value.coefficient > 0n ? 1 : 0;
}

function tooLong(): never {
  throw new LimitExceededError({
    message: `A number has more digits than maxNumberDigits (${MAX_NUMBER_DIGITS}) allows.`,
    limit: "maxNumberDigits",
    allowed: MAX_NUMBER_DIGITS,
    hint: "Write numbers of a magnitude that programs can read, such as those of doubles.",
  });
}
