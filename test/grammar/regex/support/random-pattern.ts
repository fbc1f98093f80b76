import * as fc from "fast-check";

/** Characters that texts are made of: word and other, a line end, two to four bytes, and such as fold to ASCII letters. */
export const TEXT_CHARACTERS = ["a", "b", "_", "1", " ", "\n", "é", "K", "s", "\u017f", "\u212a", "😀"] as const;

const COMMON_ATOMS = [
  ...["a", "b", "_", "1", " ", "\\n", "é", "k", "S", "\\u017f", ".", "(?:)"],
  ...["[ab]", "[^a]", "[a-z]", "[^\\n]", "[\\s\\S]", "\\w", "\\W", "\\d", "\\s", "\\S"],
];
const PAIR_ATOMS = ["😀", "[😀é]", "\\ud83d", "[^\\ude00]", "\\ud83d\\ude00"];
const PROPERTY_ATOMS = ["\\p{L}", "\\P{L}", "\\p{Lu}", "\\p{Script=Greek}", "[^\\p{L}_]"];
/** Classes that only v knows, and the same in the language of u. */
const SET_ATOMS: readonly (readonly [string, string])[] = [
  ["[\\w--[a-k]]", "[0-9A-Z_l-z]"],
  ["[\\p{L}&&[^a]]", "(?:(?!a)\\p{L})"],
  ["[a\\q{ab|b_|é}]", "(?:ab|b_|é|a)"],
  ["[[a-z]--\\q{b}]", "[ac-z]"],
];
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

/** A pattern with flags to compile, and one for the engine to judge by. */
export interface RegexSource {
  readonly source: string;
  readonly flags: string;
  readonly oracle: { readonly source: string; readonly flags: string };
}

/**
 * Patterns and flags. Those with v are judged by the engine's u: V8 11 misreads some with v (see `regex-properties.test.ts`). For the same
 * reason i does not come with v here; `cases.txt` has some such cases.
 */
export function regexSources(assertions: boolean): fc.Arbitrary<RegexSource> {
  const withFlags = (flags: readonly string[], atoms: readonly string[]): fc.Arbitrary<RegexSource> =>
    fc
      .tuple(patterns({ atoms: [...COMMON_ATOMS, ...atoms], assertions }), fc.constantFrom(...flags))
      .map(([source, chosen]) => ({ source, flags: chosen, oracle: judgedBy(source, chosen) }));
  return fc.oneof(
    withFlags(["u", "iu", "su", "mu"], ["😀", ...PROPERTY_ATOMS]),
    withFlags(["v"], ["😀", ...PROPERTY_ATOMS, ...SET_ATOMS.map(([atom]) => atom)]),
    withFlags(["", "i", "s", "m"], PAIR_ATOMS),
  );
}

function judgedBy(source: string, flags: string): RegexSource["oracle"] {
  if (!flags.includes("v")) return { source, flags };
  const translated = SET_ATOMS.reduce((text, [atom, equal]) => text.replaceAll(atom, equal), source);
  return { source: translated, flags: flags.replace("v", "u") };
}

export const shortTexts: fc.Arbitrary<string[]> = fc.array(
  fc.array(fc.constantFrom(...TEXT_CHARACTERS), { maxLength: 5 }).map((characters) => characters.join("")),
  { minLength: 12, maxLength: 12 },
);

/**
 * What `RegExp.prototype.test` should say. With u and v a match may begin at any code point, but V8 also tries the positions between
 * two surrogates (`/\B/u.test("a😀b")` is true there), so those starts are tried one by one here.
 */
export function engineFinder(source: string, flags: string): (text: string) => boolean {
  if (!/[uv]/.test(flags)) {
    const regex = new RegExp(source, flags);
    return (text) => regex.test(text);
  }
  const sticky = new RegExp(source, `${flags}y`);
  return (text) => {
    for (let at = 0; at <= text.length; at += (text.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) {
      sticky.lastIndex = at;
      if (sticky.test(text)) return true;
    }
    return false;
  };
}
