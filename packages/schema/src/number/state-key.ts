import { fractionBoundsKey, integerBoundsKey, mantissaBoundsKey } from "./bound-keys.ts";
import { containsNumber } from "./conjunction-laws.ts";
import { Decimal } from "./decimal.ts";
import { fractionDivisorKey, integerDivisorKey, mantissaDivisorKey } from "./divisor-keys.ts";
import { exponentsWithin } from "./exponent-range.ts";
import type { Magnitudes } from "./magnitudes.ts";
import { MAX_EXPONENT, type NumberState } from "./number-state.ts";

/**
 * What is still to be read, as text: states with equal keys have equal completions, whichever digits led to them.
 * States with different keys mostly have different completions, but not always. Dead states never have the key of a
 * live one.
 */
export function stateKey(state: NumberState): string {
  switch (state.phase) {
    case "start":
    case "minus":
      return state.phase;
    case "zero":
      return `zero${state.side.id}`;
    case "integer": {
      const { side, digits, count } = state;
      const plain =
        integerBoundsKey(side.set, digits, count) +
        divisorsKey(side.set, (divisor) => integerDivisorKey(divisor, digits));
      return count > 1 ? `i${side.id}${plain}` : `d${side.id}${plain} ${scientificKey(side.set, digits, 0)}`;
    }
    case "fraction": {
      const { side, digits, length, scientific } = state;
      const tag = length === 0 ? "." : "f";
      if (scientific) return `${tag}${side.id}e${scientificKey(side.set, digits, length)}`;
      if (side.set.integerText) return containsNumber(side.set, Decimal.of(digits, -length)) ? tag : "dead";
      const plain =
        fractionBoundsKey(side.set, digits, length) +
        divisorsKey(side.set, (divisor) => fractionDivisorKey(divisor, digits, length));
      return plain === "" ? tag : `${tag}${side.id}${plain}`;
    }
    case "exponent":
      return `${state.minusAllowed ? "e" : "E"}${state.low},${state.high}`;
    case "signed":
      return `s${state.low},${state.high}`;
    case "power":
      return state.power === 0 ? `p0,${state.low},${state.high}` : powerKey(state.low, state.high, state.power);
  }
}

/** What may become of a number with one digit before the point once an exponent follows. */
function scientificKey(set: Magnitudes, digits: bigint, length: number): string {
  if (set.integerText) {
    // Only zeros can follow, so the exponents are known already.
    const range = exponentsWithin(set, Decimal.of(digits, -length), 0, MAX_EXPONENT);
    return range === undefined ? "" : `${range.low},${range.high}`;
  }
  const least = set.lower === undefined || set.lower.value.isZero ? -MAX_EXPONENT : set.lower.value.magnitude;
  const most = set.upper === undefined ? MAX_EXPONENT : Math.min(MAX_EXPONENT, set.upper.value.magnitude);
  return (
    mantissaBoundsKey(set, digits, length) +
    divisorsKey(set, (divisor) => mantissaDivisorKey(divisor, digits, length, least, most))
  );
}

function divisorsKey(set: Magnitudes, keyOf: (divisor: Decimal) => string): string {
  // No completion is a multiple: the end where members have to be, no demand at all where they must not.
  let key = set.multipleOf === undefined ? "" : keyOf(set.multipleOf) || "dead";
  for (const [i, divisor] of set.notMultipleOf.entries()) {
    const part = keyOf(divisor);
    if (part !== "") key += `!${i}${part}`;
  }
  return key;
}

/**
 * For each number of digits that may still follow, which of these are right: "*" for all, "-" for none. "" when
 * nothing is.
 */
export function powerKey(low: number, high: number, power: number): string {
  let key = "";
  let alive = false;
  for (let scale = 1; power * scale <= MAX_EXPONENT; scale *= 10) {
    const from = Math.max(low - power * scale, 0);
    const to = Math.min(high - power * scale, scale - 1);
    alive ||= from <= to;
    key += from > to ? "-" : from === 0 && to === scale - 1 ? "*" : `${from}~${to};`;
  }
  return alive ? key.replace(/-+$/, "") : "";
}
