import { Decimal } from "./decimal.ts";
import { exponentsWithin } from "./exponent-range.ts";
import { MAX_EXPONENT, type NumberState, type Side } from "./number-state.ts";

/** The bytes of numbers, numbered: the ten digits, and then these. */
export const POINT = 10;
export const EXPONENT_MARK = 11;
export const PLUS = 12;
export const MINUS = 13;

/**
 * What follows a state on a byte of a number as to the notation; whether that can become a member is another
 * question. Undefined where the notation ends.
 */
export function stepNumber(
  state: NumberState,
  symbol: number,
  sides: readonly [positive: Side | undefined, negative: Side | undefined],
): NumberState | undefined {
  const digit = symbol < 10 ? symbol : -1;
  switch (state.phase) {
    case "start":
      if (symbol === MINUS) return sides[1] === undefined ? undefined : { phase: "minus" };
      return firstDigit(sides[0], digit);
    case "minus":
      return firstDigit(sides[1], digit);
    case "zero":
      if (symbol !== POINT) return undefined;
      return { phase: "fraction", side: state.side, digits: 0n, length: 0, scientific: false };
    case "integer": {
      const { side, digits, count } = state;
      if (digit >= 0) return { phase: "integer", side, digits: digits * 10n + BigInt(digit), count: count + 1 };
      if (symbol === POINT) return { phase: "fraction", side, digits, length: 0, scientific: count === 1 };
      return symbol === EXPONENT_MARK && count === 1 ? exponentAfter(side, digits, 0) : undefined;
    }
    case "fraction": {
      const { side, digits, length, scientific } = state;
      if (symbol === EXPONENT_MARK) return scientific && length > 0 ? exponentAfter(side, digits, length) : undefined;
      if (digit < 0 || (digit > 0 && side.set.integerText)) return undefined;
      return { phase: "fraction", side, digits: digits * 10n + BigInt(digit), length: length + 1, scientific };
    }
    case "exponent": {
      const { low, high, minusAllowed } = state;
      if (symbol === MINUS) {
        return minusAllowed ? { phase: "signed", low: Math.max(0, -high), high: -low } : undefined;
      }
      const signed = { phase: "signed", low: Math.max(0, low), high } as const;
      return symbol === PLUS ? signed : stepNumber(signed, symbol, sides);
    }
    case "signed":
      if (digit < 0 || state.low > state.high) return undefined;
      return { phase: "power", low: state.low, high: state.high, power: digit };
    case "power": {
      const power = state.power * 10 + digit;
      return digit < 0 || power > MAX_EXPONENT ? undefined : { ...state, power };
    }
  }
}

function firstDigit(side: Side | undefined, digit: number): NumberState | undefined {
  if (side === undefined || digit < 0) return undefined;
  if (digit === 0) return { phase: "zero", side };
  return { phase: "integer", side, digits: BigInt(digit), count: 1 };
}

function exponentAfter(side: Side, digits: bigint, length: number): NumberState | undefined {
  const least = side.set.integerText ? 0 : -MAX_EXPONENT;
  const range = exponentsWithin(side.set, Decimal.of(digits, -length), least, MAX_EXPONENT);
  return range && { phase: "exponent", ...range, minusAllowed: !side.set.integerText };
}
