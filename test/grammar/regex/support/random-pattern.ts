import * as fc from "fast-check";

/** Characters that texts are made of: word and other, a line end, two to four bytes, and such as fold to ASCII letters. */
export const TEXT_CHARACTERS = ["a", "b", "_", "1", " ", "\n", "é", "K", "s", "\u017f", "\u212a", "😀"] as const;

const COMMON_ATOMS = [
  ...["a", "b", "_", "1", " ", "\\n", "é", "k", "S", "\\u017f", ".", "(?:)"],
  ...["[ab]", "[^a]", "[a-z]", "[^\\n]", "[\\s\\S]", "\\w", "\\W", "\\d", "\\s", "\\S"],
];
const PAIR_ATOMS = ["😀", "[😀é]", "\\ud83d", "[^\\ude00]", "\\ud83d\\ude00"];
const PROPERTY_ATOMS = ["\\p{L}", "\\P{L}", "\\p{Lu}", "\\p{Script=Greek}", "[^\\p{L}_]"];
const SET_ATOMS = ["[\\w--[a-k]]", "[\\p{L}&&[^a]]", "[a\\q{ab|b_|é}]", "[[a-z]--\\q{b}]"];
const QUANTIFIERS = ["*", "+", "?", "{2}", "{0,2}", "{1,3}", "{2,}", "*?", "+?", "{0}"];

interface Ingredients {
  readonly atoms: readonly string[];
  readonly assertions: boolean;
}

function patterns({ atoms, assertions }: Ingredients): fc.Arbitrary<string> {
  const { pattern } = fc.letrec<{ pattern: string }>((tie) => {
    const atom = fc.constantFrom(...atoms);
    const inner = tie("pattern");
    const plain = [
      { weight: 4, arbitrary: atom },
      { weight: 4, arbitrary: fc.tuple(inner, inner).map(([a, b]) => a + b) },
      { weight: 2, arbitrary: fc.tuple(inner, inner).map(([a, b]) => `(?:${a}|${b})`) },
      { weight: 1, arbitrary: inner.map((a) => `(${a})`) },
      { weight: 3, arbitrary: fc.tuple(inner, fc.constantFrom(...QUANTIFIERS)).map(([a, q]) => `(?:${a})${q}`) },
    ];
    const asserting = [
      { weight: 2, arbitrary: fc.constantFrom("^", "$", "\\b", "\\B") },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom("=", "!"), inner).map(([kind, a]) => `(?${kind}${a})`) },
      { weight: 2, arbitrary: fc.tuple(fc.constantFrom("<=", "<!"), inner).map(([kind, a]) => `(?${kind}${a})`) },
    ];
    return {
      pattern: fc.oneof({ maxDepth: 5, depthSize: "small" }, ...plain, ...(assertions ? asserting : [])),
    };
  });
  return pattern;
}

/** A pattern and its flags, valid for the running engine. */
export function regexSources(assertions: boolean): fc.Arbitrary<{ source: string; flags: string }> {
  const withFlags = (flags: readonly string[], atoms: readonly string[]) =>
    fc.record({ source: patterns({ atoms: [...COMMON_ATOMS, ...atoms], assertions }), flags: fc.constantFrom(...flags) });
  return fc.oneof(
    withFlags(["u", "iu", "su", "mu"], ["😀", ...PROPERTY_ATOMS]),
    withFlags(["v", "iv"], ["😀", ...PROPERTY_ATOMS, ...SET_ATOMS]),
    withFlags(["", "i", "s", "m"], PAIR_ATOMS),
  );
}

export const shortTexts: fc.Arbitrary<string[]> = fc.array(
  fc.array(fc.constantFrom(...TEXT_CHARACTERS), { maxLength: 5 }).map((characters) => characters.join("")),
  { minLength: 12, maxLength: 12 },
);

/**
 * What `RegExp.prototype.test` should say. With u and v a match may begin at any code point, but V8 also tries the positions between
 * two surrogates (`/\B/u.test("a😀b")` is true there), so those starts are tried one by one here.
 */
export function engineFinds(source: string, flags: string, text: string): boolean {
  if (!/[uv]/.test(flags)) return new RegExp(source, flags).test(text);
  const sticky = new RegExp(source, `${flags}y`);
  for (let at = 0; at <= text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
    sticky.lastIndex = at;
    if (sticky.test(text)) return true;
  }
  return false;
}
