import { isExactInDoubles } from "../support/decimal-text.ts";

const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/gs;

/**
 * A JSON text with those numbers rounded that a double does not hold: what `JSON.parse` makes of it. Undefined when a number is
 * too large to round.
 */
export function roundNumbers(text: string): string | undefined {
  let fits = true;
  const rounded = text.replaceAll(STRING_OR_NUMBER, (part) => {
    if (part.startsWith('"') || isExactInDoubles(part)) return part;
    const value = Number(part);
    fits &&= Number.isFinite(value);
    return String(value);
  });
  return fits ? rounded : undefined;
}
