import { type ByteMachine, EMPTY, EPSILON, InvalidInputError, type Term, TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";

const MAX_CODE_POINT = 0x10_ffff;

/** Decimal numbers of at least `least`, without leading zeros: states are the number so far. */
function atLeast(least: number): ByteMachine {
  return {
    key: `at least ${least}`,
    next(state, byte) {
      if (byte < 0x30 || byte > 0x39 || state > 10 * least) return -1;
      // State 0 is the start; n + 1 is the number n.
      if (state === 1) return -1;
      return (state === 0 ? 0 : state - 1) * 10 + (byte - 0x30) + 1;
    },
    accepts: (state) => state > least,
  };
}

describe("codePoints", () => {
  const bound = fc.oneof(
    fc.integer({ min: 0, max: MAX_CODE_POINT }),
    fc.constantFrom(0, 0x7f, 0x80, 0x7ff, 0x800, 0xd7ff, 0xd800, 0xdfff, 0xe000, 0xffff, 0x1_0000, MAX_CODE_POINT),
    fc.integer({ min: 0x3f0, max: 0x4f0 }),
  );
  const ranges = fc.array(
    fc.tuple(bound, bound).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const),
    { maxLength: 6 },
  );

  test("holds the encodings of the ranges, and nothing else", () => {
    fc.assert(
      fc.property(ranges, (list) => {
        const arena = new TermArena();
        const term = arena.codePoints(list);
        const near = list.flatMap(([low, high]) => [
          low - 1,
          low,
          low + 1,
          high - 1,
          high,
          high + 1,
          (low + high) >>> 1,
        ]);
        for (const codePoint of near) {
          if (codePoint < 0 || codePoint > MAX_CODE_POINT || (codePoint >= 0xd800 && codePoint <= 0xdfff)) continue;
          const expected = list.some(([low, high]) => low <= codePoint && codePoint <= high);
          expect([list, codePoint, arena.acceptsText(term, String.fromCodePoint(codePoint))]).toEqual([
            list,
            codePoint,
            expected,
          ]);
        }
        let count = 0;
        let end = -1;
        for (const [low, high] of [...list].sort((a, b) => a[0] - b[0])) {
          const from = Math.max(low, end + 1);
          if (from > high) continue;
          const surrogates = Math.max(0, Math.min(high, 0xdfff) - Math.max(from, 0xd800) + 1);
          count += high - from + 1 - surrogates;
          end = high;
        }
        expect(arena.cardinality(term, 2_000_000)).toBe(count);
        expect(arena.includes(arena.anyCodePoint, term)).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test("any text is what TextDecoder takes for well-formed", () => {
    const arena = new TermArena();
    const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
    const interesting = fc.constantFrom(
      0x41,
      0x7f,
      0x80,
      0x8f,
      0x90,
      0x9f,
      0xa0,
      0xbf,
      0xc0,
      0xc2,
      0xdf,
      0xe0,
      0xe1,
      0xed,
      0xef,
      0xf0,
      0xf1,
      0xf4,
      0xf5,
      0xff,
    );
    const texts = fc.oneof(
      fc.array(interesting, { maxLength: 6 }).map((bytes) => Uint8Array.from(bytes)),
      fc.string({ unit: "grapheme", maxLength: 4 }).map((text) => new TextEncoder().encode(text)),
    );
    const wellFormed = (bytes: Uint8Array): boolean => {
      try {
        decoder.decode(bytes);
        return true;
      } catch {
        return false;
      }
    };
    fc.assert(
      fc.property(texts, (bytes) => {
        expect(arena.accepts(arena.anyText, bytes)).toBe(wellFormed(bytes));
      }),
      { numRuns: 2_000 },
    );
  });
});

describe("words", () => {
  test("holds the words and nothing else, in one state for each residual language", () => {
    const byte = fc.constantFrom(0x61, 0x62, 0x63);
    const word = fc.array(byte, { maxLength: 5 }).map((bytes) => Uint8Array.from(bytes));
    fc.assert(
      fc.property(fc.array(word, { maxLength: 12 }), (words) => {
        const arena = new TermArena();
        const term = arena.words(words);
        const distinct = new Set(words.map((bytes) => Buffer.from(bytes).toString()));
        for (const bytes of words) expect(arena.accepts(term, bytes)).toBe(true);
        expect(arena.cardinality(term, 100)).toBe(distinct.size);
        // Equal sets, equal terms, however they are listed.
        expect(arena.words([...words].reverse().concat(words))).toBe(term);
        // A minimal automaton: prefixes lead to one state exactly when they have the same completions.
        const states = new Map<string, Term>();
        for (const member of distinct) {
          for (let length = 0; length <= member.length; length++) {
            const prefix = member.slice(0, length);
            const completions = [...distinct].filter((one) => one.startsWith(prefix)).map((one) => one.slice(length));
            const key = completions.sort().join(",");
            const state = [...Buffer.from(prefix)].reduce((at, each) => arena.next(at, each), term);
            expect(states.get(key) ?? state).toBe(state);
            states.set(key, state);
          }
        }
        expect(new Set(states.values()).size).toBe(states.size);
      }),
      { numRuns: 300 },
    );
  });

  test("takes text as UTF-8", () => {
    const arena = new TermArena();
    const term = arena.words(["é", "è", ""]);
    expect(arena.acceptsText(term, "é") && arena.acceptsText(term, "")).toBe(true);
    expect(arena.words([])).toBe(EMPTY);
    expect(arena.words([""])).toBe(EPSILON);
  });
});

describe("machines", () => {
  test("combine with other terms", () => {
    const arena = new TermArena();
    const number = arena.machine(atLeast(25), 0);
    expect(arena.machine(atLeast(25), 0)).toBe(number);
    for (let n = 0; n < 400; n++) expect(arena.acceptsText(number, `${n}`)).toBe(n >= 25);
    const even = arena.concat(
      arena.anyText,
      arena.union(...["0", "2", "4", "6", "8"].map((digit) => arena.text(digit))),
    );
    const both = arena.intersect(number, even, arena.repeat(arena.anyCodePoint, 0, 2));
    expect(arena.cardinality(both, 1_000)).toBe(37);
    expect(Buffer.from(arena.shortest(both) ?? []).toString()).toBe("26");
    const below = arena.difference(arena.words(Array.from({ length: 30 }, (_, n) => `${n}`)), number);
    expect(arena.cardinality(below, 1_000)).toBe(25);
    expect(arena.isEmpty(arena.intersect(number, arena.words(["7", "24", "025"])))).toBe(true);
    expect(arena.machine(atLeast(25), -1)).toBe(EMPTY);
  });

  test("may answer with terms", () => {
    const arena = new TermArena();
    const afterX: ByteMachine = {
      key: "x, then any text",
      next: (state, byte) => (state === 0 && byte === 0x78 ? 1 : -1),
      accepts: () => false,
      isLive: () => true,
      asTerm: (state) => (state === 1 ? arena.anyText : undefined),
    };
    const term = arena.machine(afterX, 0);
    expect(arena.next(term, 0x78)).toBe(arena.anyText);
    expect(arena.next(term, 0x79)).toBe(EMPTY);
    expect(arena.stats.emptinessSearches).toBe(0);
  });
});

describe("laws that keep states few", () => {
  const arena = new TermArena();
  const a = arena.text("a");
  const b = arena.text("b");
  const star = (term: Term): Term => arena.repeat(term, 0, Infinity);

  test.each<[string, Term, Term]>([
    ["a?|a{2,3} is a{0,3}", arena.union(arena.repeat(a, 0, 1), arena.repeat(a, 2, 3)), arena.repeat(a, 0, 3)],
    [
      "b|a{1,2}b is a{0,2}b",
      arena.union(b, arena.concat(arena.repeat(a, 1, 2), b)),
      arena.concat(arena.repeat(a, 0, 2), b),
    ],
    ["a*a* is a*", arena.concat(star(a), star(a)), star(a)],
    ["aa* is a+", arena.concat(a, star(a)), arena.repeat(a, 1, Infinity)],
    ["(a+)+ is a+", arena.repeat(arena.repeat(a, 1, Infinity), 1, Infinity), arena.repeat(a, 1, Infinity)],
    ["(a{2}){3} is a{6}", arena.repeat(arena.repeat(a, 2, 2), 3, 3), arena.repeat(a, 6, 6)],
    ["(a{0,5}){0,5} is a{0,25}", arena.repeat(arena.repeat(a, 0, 5), 0, 5), arena.repeat(a, 0, 25)],
    ["(a?){3,4} is a{0,4}", arena.repeat(arena.repeat(a, 0, 1), 3, 4), arena.repeat(a, 0, 4)],
    ["text & word is word", arena.intersect(arena.anyText, arena.text("wörd")), arena.text("wörd")],
    ["text | word is text", arena.union(arena.text("wörd"), arena.anyText), arena.anyText],
    ["word - text is empty", arena.difference(arena.text("wörd"), arena.anyText), EMPTY],
    ["a & b is empty", arena.intersect(a, b), EMPTY],
    ["a{3,5} & b{0,2} is empty", arena.intersect(arena.repeat(a, 3, 5), arena.repeat(b, 0, 2)), EMPTY],
    ["any text twice is any text", arena.concat(arena.anyText, arena.anyText), arena.anyText],
    ["any text, a step on", arena.derive(arena.derive(arena.anyText, 0xc3), 0xa9), arena.anyText],
  ])("%s", (_, term, expected) => {
    expect(arena.toString(term)).toBe(arena.toString(expected));
    expect(term).toBe(expected);
  });

  test.each<[string, Term, readonly number[]]>([
    ["a{2}|a{4} keeps its gap", arena.union(arena.repeat(a, 2, 2), arena.repeat(a, 4, 4)), [2, 4]],
    ["(a{2,3}){2} has none", arena.repeat(arena.repeat(a, 2, 3), 2, 2), [4, 5, 6]],
    ["(a{3,4}){1,2} keeps its gap", arena.repeat(arena.repeat(a, 3, 4), 1, 2), [3, 4, 6, 7, 8]],
    ["(a{2})? keeps its gap", arena.repeat(arena.repeat(a, 2, 2), 0, 1), [0, 2]],
  ])("%s", (_, term, lengths) => {
    const accepted = Array.from({ length: 12 }, (__, n) => n).filter((n) => arena.acceptsText(term, "a".repeat(n)));
    expect(accepted).toEqual(lengths);
  });
});

test("includes knows languages that are equal however they are written", () => {
  const arena = new TermArena();
  const hidden = arena.union(arena.complement(arena.text("a")), arena.text("a"));
  const halves = arena.union(
    arena.repeat(arena.repeat(arena.anyCodePoint, 2, 2), 0, Infinity),
    arena.concat(arena.anyCodePoint, arena.repeat(arena.repeat(arena.anyCodePoint, 2, 2), 0, Infinity)),
  );
  for (const all of [arena.anyText, arena.anyBytes, hidden, halves])
    expect(arena.includes(all, arena.anyText)).toBe(true);
  expect(arena.includes(arena.text("a"), arena.anyText)).toBe(false);
});

test("shortest prefers letters, and counts bytes", () => {
  const arena = new TermArena();
  const shortest = (term: Term): string => Buffer.from(arena.shortest(term) ?? []).toString();
  expect(shortest(arena.repeat(arena.anyCodePoint, 3, 5))).toBe("aaa");
  expect(
    shortest(
      arena.codePoints([
        [0x00, 0x2f],
        [0x41, 0x5a],
      ]),
    ),
  ).toBe("A");
  expect(shortest(arena.union(arena.text("é"), arena.text("xyz")))).toBe("é");
  expect(arena.shortest(EMPTY)).toBeUndefined();
  expect(arena.shortest(EPSILON)?.length).toBe(0);
  const long = arena.concat(arena.repeat(arena.text("ab"), 2_000, 3_000), arena.text("!"));
  expect(arena.shortest(long)?.length).toBe(4_001);
});

test("cardinality stops at its limit", () => {
  const arena = new TermArena();
  expect(arena.cardinality(arena.anyText, 1_000_000)).toBe(1_000_000);
  expect(arena.cardinality(arena.repeat(arena.text("a"), 0, Infinity), 1e9)).toBe(1e9);
  expect(arena.cardinality(arena.repeat(arena.text("a"), 0, 5_000), 1e9)).toBe(5_001);
  expect(arena.cardinality(arena.repeat(arena.byteRange(0x61, 0x62), 10, 10), 1e9)).toBe(1_024);
  expect(arena.cardinality(arena.repeat(arena.anyCodePoint, 0, 50_000), 100)).toBe(100);
});

test("looks inside", () => {
  const arena = new TermArena();
  const repeat = arena.repeat(arena.text("ab"), 2, Infinity);
  expect(arena.kindOf(repeat)).toBe("repeat");
  expect(arena.countsOf(repeat)).toEqual({ min: 2, max: Infinity });
  expect(arena.childrenOf(repeat)).toEqual([arena.text("ab")]);
  expect(arena.bytesOf(arena.byteRange(0x20, 0x3f))).toEqual(Uint32Array.of(0, 0xffff_ffff, 0, 0, 0, 0, 0, 0));
  expect(arena.byteSet(Uint32Array.of(0, 0xffff_ffff, 0, 0, 0, 0, 0, 0))).toBe(arena.byteRange(0x20, 0x3f));
  expect([arena.minLength(repeat), arena.maxLength(repeat)]).toEqual([4, Infinity]);
  expect(arena.classRepresentatives(repeat)).toEqual([0x00, 0x61]);
  expect(arena.isTextual(repeat)).toBe(true);
  expect(arena.isTextual(arena.byteRange(0x80, 0x80))).toBe(false);
});

test("prints", () => {
  const arena = new TermArena();
  const x = arena.text("x");
  const print = (term: Term): string => arena.toString(term);
  expect(print(arena.concat(arena.byteRange(0x61, 0x7a), arena.repeat(x, 1, 3)))).toBe("[a-z]x{1,3}");
  expect(print(arena.repeat(arena.text("ab"), 0, Infinity))).toBe("(ab)*");
  expect(print(arena.words(["ab", "ac", "b"]))).toBe("{a→[bc] b→ε}");
  expect(print(arena.complement(x))).toBe("¬(x)");
  expect(print(arena.difference(arena.repeat(x, 2, 2), arena.text("é")))).toBe("(x{2}&¬(\\xc3\\xa9))");
  expect(arena.toDot(arena.concat(arena.text("a"), arena.repeat(arena.text("b"), 0, 1)))).toMatchInlineSnapshot(`
    "digraph {
      rankdir=LR;
      s0 [shape=circle, label="ab?"];
      s0 -> s1 [label="a"];
      s1 [shape=doublecircle, label="b?"];
      s1 -> s2 [label="b"];
      s2 [shape=doublecircle, label="ε"];
    }"
  `);
});

test("a machine that throws leaves the arena usable", () => {
  const arena = new TermArena();
  const broken: ByteMachine = {
    key: "broken",
    next() {
      throw new InvalidInputError({ message: "Broken." });
    },
    accepts: () => false,
  };
  const term = arena.union(arena.machine(broken, 0), arena.text("a"));
  expect(() => arena.next(term, 0x61)).toThrow(InvalidInputError);
  expect(arena.acceptsText(arena.text("ab"), "ab")).toBe(true);
});
