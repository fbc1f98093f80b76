import * as fc from "fast-check";

/** Characters that formats are particular about, and strangers that look like them. */
const STRANGERS = [
  ..."09azAZfgTtZz:-+.,/@#%?&=[](){}<>|^~!*_'\"\\ \n\t\u0000",
  "\u00e9",
  "\u0663",
  "\uff10",
  "\u2028",
  "\u212a",
  "\ud83d\ude00",
];

/** One to three characters of a text inserted, deleted, replaced, doubled or swapped with their neighbours. */
export function mutationOf(texts: fc.Arbitrary<string>): fc.Arbitrary<string> {
  const edit = fc.record({
    kind: fc.nat(4),
    place: fc.nat(0xffff),
    stranger: fc.constantFrom(...STRANGERS),
  });
  return fc.tuple(texts, fc.array(edit, { minLength: 1, maxLength: 3 })).map(([text, edits]) => {
    const characters = [...text];
    for (const { kind, place, stranger } of edits) {
      const at = place % (characters.length + 1);
      if (kind === 0) characters.splice(at, 0, stranger);
      else if (kind === 1) characters.splice(at, 1);
      else if (kind === 2) characters.splice(at, 1, stranger);
      else if (kind === 3) characters.splice(at, 0, ...characters.slice(at, at + 1 + (place % 5)));
      else characters.splice(at, 2, ...characters.slice(at, at + 2).reverse());
    }
    return characters.join("");
  });
}
