/** A character by its number: `\x1B`, `\u2028` or `\U0001F600`. */
export function numbered(codePoint: number): string {
  const digits = codePoint.toString(16).toUpperCase();
  if (codePoint <= 0xff) return `\\x${digits.padStart(2, "0")}`;
  return codePoint <= 0xffff ? `\\u${digits.padStart(4, "0")}` : `\\U${digits.padStart(8, "0")}`;
}

/** Characters that an editor does not show, or shows as something else. */
export function isHidden(codePoint: number): boolean {
  return (
    codePoint < 0x20 ||
    (codePoint >= 0x7f && codePoint <= 0xa0) ||
    (codePoint >= 0xd800 && codePoint <= 0xdfff) ||
    /[\p{Cf}\p{Cn}\p{Co}\p{Zl}\p{Zp}\p{Zs}\p{M}]/u.test(String.fromCodePoint(codePoint).replace(" ", ""))
  );
}

const NAMED: ReadonlyMap<number, string> = new Map([
  [0x0a, "\\n"],
  [0x0d, "\\r"],
  [0x09, "\\t"],
]);

/** One character; `special` ones by `escape`. */
export function spellCharacter(codePoint: number, special: string, escape: (character: string) => string): string {
  const named = NAMED.get(codePoint);
  if (named !== undefined) return named;
  if (isHidden(codePoint)) return numbered(codePoint);
  const character = String.fromCodePoint(codePoint);
  return special.includes(character) ? escape(character) : character;
}
