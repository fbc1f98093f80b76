import { expect, test } from "vitest";
import { foldedText } from "../../../packages/grammar/src/cfg/folded-text.ts";

/** All characters that are not the same in every case. */
const characters = Array.from({ length: 0x20000 }, (_, codePoint) => codePoint)
  .filter((codePoint) => codePoint < 0xd800 || codePoint > 0xdfff)
  .map((codePoint) => String.fromCodePoint(codePoint))
  .filter((character) => character.toLowerCase() !== character || character.toUpperCase() !== character);

for (const flags of ["gi", "giu"]) {
  test(`characters that match each other with the flags ${flags} are folded alike`, () => {
    const all = characters.join("");
    for (const character of characters) {
      const folded = foldedText(character);
      for (const [other] of all.matchAll(new RegExp(character, flags))) {
        expect({ character, other, folded: foldedText(other) }).toEqual({ character, other, folded });
      }
    }
  });
}
