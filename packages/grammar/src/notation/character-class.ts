import type { CharactersExpression } from "../cfg/grammar.ts";
import { type EscapeTable, type ReadCharacter, readCharacter } from "./escapes.ts";
import { charactersOf } from "./expressions.ts";
import type { SourceText } from "./source-text.ts";

export interface ClassSyntax {
  readonly escapes: EscapeTable | undefined;
  /** Whether `#x41` is a character, as in the EBNF of the W3C. */
  readonly numbered: boolean;
  /** Called for a range whose ends are the wrong way round, which is left out if this does not throw. */
  readonly onBackward: (offset: number, range: string) => void;
}

/**
 * A class `[…]` or `[^…]`, whose brackets stand at `from` and `to - 1`.
 * @throws InvalidInputError for a class without characters
 */
export function readCharacterClass(
  source: SourceText,
  from: number,
  to: number,
  { escapes, numbered, onBackward }: ClassSyntax,
): CharactersExpression {
  const negated = source.text[from + 1] === "^";
  const end = to - 1;
  const ranges: [number, number][] = [];
  let backward: string | undefined;
  const read = (offset: number): ReadCharacter =>
    (numbered ? readNumbered(source, offset) : undefined) ?? readCharacter(source, offset, escapes);
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
      backward = source.text.slice(start, offset);
      onBackward(start, backward);
    } else ranges.push([low.codePoint, high.codePoint]);
  }
  if (ranges.length === 0) {
    const why = backward === undefined ? "" : `, but ${backward} runs backwards`;
    throw source.invalid(from, `A class needs a character or a range${why}`);
  }
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
