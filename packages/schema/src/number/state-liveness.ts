import { containsNumber } from "./conjunction-laws.ts";
import { Decimal } from "./decimal.ts";
import { exponentsWithin } from "./exponent-range.ts";
import { MAX_EXPONENT, type NumberState } from "./number-state.ts";
import { hasMemberBetween, reachesMember } from "./reach.ts";
import { powerKey } from "./state-key.ts";

/**
 * Whether the text read so far is the beginning of a number in the set, decided by arithmetic. A prefix with digits
 * D stands for the intervals [D · 10^j, (D + 1) · 10^j): all j ≥ 0 in the integer part, j = -f after f fraction
 * digits, and all j that an exponent can bring about where one can follow.
 */
export function isLiveState(state: NumberState): boolean {
  switch (state.phase) {
    case "start":
    case "minus":
      return true;
    case "zero":
      if (state.side.set.integerText) return containsNumber(state.side.set, Decimal.zero);
      return hasMemberBetween(state.side.set, Decimal.zero, Decimal.one);
    case "integer": {
      const { side, digits, count } = state;
      // The scientific texts of integers have no fraction and add nothing to the plain ones.
      return reachesMember(side.set, digits, count === 1 && !side.set.integerText ? -MAX_EXPONENT : 0, Infinity);
    }
    case "fraction": {
      const { side, digits, length, scientific } = state;
      const { set } = side;
      if (scientific) {
        if (!set.integerText) return reachesMember(set, digits, -MAX_EXPONENT - length, MAX_EXPONENT - length);
        return exponentsWithin(set, Decimal.of(digits, -length), 0, MAX_EXPONENT) !== undefined;
      }
      if (set.integerText) return containsNumber(set, Decimal.of(digits, -length));
      return hasMemberBetween(set, Decimal.of(digits, -length), Decimal.of(digits + 1n, -length));
    }
    case "exponent":
    case "signed":
      return state.low <= state.high;
    case "power":
      return state.power === 0 || powerKey(state.low, state.high, state.power) !== "";
  }
}

/** Whether the text read so far is a number in the set. */
export function isAcceptingState(state: NumberState): boolean {
  switch (state.phase) {
    case "zero":
      return containsNumber(state.side.set, Decimal.zero);
    case "integer":
      return containsNumber(state.side.set, Decimal.of(state.digits, 0));
    case "fraction":
      return state.length > 0 && containsNumber(state.side.set, Decimal.of(state.digits, -state.length));
    case "power":
      return state.low <= state.power && state.power <= state.high;
    default:
      return false;
  }
}
