import type { CharactersExpression } from "../cfg/grammar.ts";
import { type EscapeTable, type ReadCharacter, readCharacter } from "./escapes.ts";
import { charactersOf } from "./expressions.ts";
import type { SourceText } from "./source-text.ts";

/**
 * A class `[…]` or `[^…]`, whose brackets stand at `from` and `to - 1`.
 * @param numbered whether `#x41` is a character, as in the EBNF of the W3C
 * @throws InvalidInputError for an empty class or a range whose ends are the wrong way round
 */
export function readCharacterClass(
  source: SourceText,
  from: number,
  to: number,
  table: EscapeTable | undefined,
  numbered = false,
): CharactersExpression {
  const negated = source.text[from + 1] === "^";
  const end = to - 1;
  const ranges: [number, number][] = [];
  const read = (offset: number): ReadCharacter =>
    (numbered ? readNumbered(source, offset) : undefined) ?? readCharacter(source, offset, table);
  for (let offset = from + (negated ? 2 : 1); offset < end;) {
    const start = offset;
    const low = read(offset);
    offset += low.length;
    let high = low;
    if (source.text[offset] === "-" && offset + 1 < end) {
      high = read(offset + 1);
      offset += 1 + high.length;
    }
    if (high.codePoint < low.codePoint) {
      throw source.invalid(start, `The range ${source.text.slice(start, offset)} runs backwards`);
    }
    ranges.push([low.codePoint, high.codePoint]);
  }
  if (ranges.length === 0) throw source.invalid(from, "A class needs a character or a range");
  return charactersOf(ranges, negated);
}

/** `#x` and hexadecimal digits. */
export function readNumbered(source: SourceText, offset: number): ReadCharacter | undefined {
  if (source.text[offset] !== "#" || source.text[offset + 1] !== "x") return undefined;
  const digits = /^[0-9a-fA-F]{1,16}/.exec(source.text.slice(offset + 2, offset + 18))?.[0];
  if (digits === undefined) return undefined;
  const codePoint = Number.parseInt(digits, 16);
  if (codePoint > 0x10_ffff) throw source.invalid(offset, `The number #x${digits} is no character of Unicode`);
  return { codePoint, length: 2 + digits.length };
}
