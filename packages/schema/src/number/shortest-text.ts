import { Decimal } from "./decimal.ts";
import type { NumberMachine } from "./number-machine.ts";

const BYTES = "0123456789.e-+";

/**
 * A shortest text that a machine accepts; among several one that is not negative, and then the one nearest to 0.
 * Undefined for none.
 */
export function shortestText(
  machine: Pick<NumberMachine, "accepts" | "next" | "shortestRests">,
  start: number,
): string | undefined {
  // Level by level, with the best text for each state: of two texts of equal length and equal completions, the one
  // that is nearer to 0 stays so whatever follows.
  let level = new Map<number, string>([[start, ""]]);
  const seen = new Set<number>([start]);
  let best: string | undefined;
  const offer = (text: string): void => {
    if (best === undefined || text.length < best.length || (text.length === best.length && isNicer(text, best))) {
      best = text;
    }
  };
  for (let length = 0; level.size > 0 && (best === undefined || length <= best.length); length++) {
    const following = new Map<number, string>();
    for (const [state, text] of level) {
      if (machine.accepts(state)) {
        offer(text);
        continue;
      }
      const rests = machine.shortestRests(state);
      if (rests !== undefined) {
        for (const rest of rests) offer(text + rest);
        continue;
      }
      for (const symbol of BYTES) {
        const to = machine.next(state, symbol.charCodeAt(0));
        if (to < 0 || seen.has(to)) continue;
        const known = following.get(to);
        if (known === undefined || isNicer(text + symbol, known)) following.set(to, text + symbol);
      }
    }
    for (const state of following.keys()) seen.add(state);
    level = following;
  }
  return best;
}

/** Whether `a`, a text or a prefix of one, is to be preferred to `b`. */
export function isNicer(a: string, b: string): boolean {
  const negative = a.startsWith("-");
  if (negative !== b.startsWith("-")) return !negative;
  const order = magnitudeOf(a).compare(magnitudeOf(b));
  return order < 0 || (order === 0 && a < b);
}

/** Of a prefix that ends in a sign, a point or an e, what it is about to become. */
function magnitudeOf(text: string): Decimal {
  const unsigned = text.replace(/^-/, "");
  return Decimal.parse(/[0-9]$/.test(unsigned) ? unsigned : `${unsigned}${/[-+]$/.test(unsigned) ? 1 : 0}`);
}
