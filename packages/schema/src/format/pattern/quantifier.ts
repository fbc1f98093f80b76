import type { Term, TermArena } from "@espalier/grammar";
import { asciiClass } from "../support/ascii-class.ts";
import { optional } from "../support/optional.ts";

const MAX_DIGITS = 4;

/**
 * `*`, `+`, `?`, `{n}`, `{n,}`, `{n,m}`, each perhaps lazy. Counts have up to four digits and no leading zeros; `n ≤ m` is
 * shown by fewer digits, or by comparing the digits when there are at most two.
 */
export function quantifier(arena: TermArena): Term {
  const counts: Term[] = [];
  for (let digits = 1; digits <= MAX_DIGITS; digits++) {
    const longer = [arena.text("")];
    for (let more = digits + 1; more <= MAX_DIGITS; more++) longer.push(numbers(arena, more));
    const bound = arena.concat(arena.text(","), arena.unionAll(longer));
    counts.push(arena.concat(numbers(arena, digits), optional(arena, bound)));
  }
  counts.push(orderedDigits(arena, 0), orderedPairs(arena));
  const braces = arena.concat(arena.text("{"), arena.unionAll(counts), arena.text("}"));
  return arena.concat(arena.union(asciiClass(arena, "*+?"), braces), optional(arena, arena.text("?")));
}

/** Numbers of so many digits. */
function numbers(arena: TermArena, digits: number): Term {
  const digit = asciiClass(arena, "0-9");
  if (digits === 1) return digit;
  return arena.concat(asciiClass(arena, "1-9"), arena.repeat(digit, digits - 1, digits - 1));
}

/** `n,m` with one digit each, `least ≤ n ≤ m`. */
function orderedDigits(arena: TermArena, least: number): Term {
  const pairs: Term[] = [];
  for (let n = least; n <= 9; n++) pairs.push(arena.concat(arena.text(`${n},`), asciiClass(arena, `${n}-9`)));
  return arena.unionAll(pairs);
}

/** `n,m` with two digits each, `n ≤ m`. */
function orderedPairs(arena: TermArena): Term {
  const digit = asciiClass(arena, "0-9");
  const pairs: Term[] = [];
  for (let tens = 1; tens <= 9; tens++) {
    const first = arena.text(String(tens));
    if (tens < 9) {
      pairs.push(arena.concat(first, digit, arena.text(","), asciiClass(arena, `${tens + 1}-9`), digit));
    }
    for (let ones = 0; ones <= 9; ones++) {
      pairs.push(arena.concat(first, arena.text(`${ones},`), first, asciiClass(arena, `${ones}-9`)));
    }
  }
  return arena.unionAll(pairs);
}
