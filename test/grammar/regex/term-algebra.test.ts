import { EMPTY, type Term, TermArena } from "@espalier/grammar";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { runs } from "../../support/runs.ts";

const WORDS = wordsUpTo(["a", "b", "c"], 4);

/** A language over {a, b, c}, as a function to a term and as the set of its members of at most four letters. */
interface Language {
  readonly shown: string;
  build(arena: TermArena): Term;
  readonly members: ReadonlySet<string>;
}

const letters: fc.Arbitrary<Language> = fc.subarray(["a", "b", "c"], { minLength: 1 }).map((set) => ({
  shown: `[${set.join("")}]`,
  build: (arena: TermArena) => arena.unionAll(set.map((letter) => arena.text(letter))),
  members: new Set(set),
}));

const words: fc.Arbitrary<Language> = fc.uniqueArray(fc.constantFrom(...WORDS), { maxLength: 5 }).map((list) => ({
  shown: `words(${list.join(",")})`,
  build: (arena: TermArena) => arena.words(list),
  members: new Set(list),
}));

const nothing: fc.Arbitrary<Language> = fc.constant({
  shown: "ε",
  build: () => 1,
  members: new Set([""]),
});

const languages: fc.Arbitrary<Language> = fc.letrec<{ language: Language }>((tie) => {
  const inner = tie("language");
  return {
    language: fc.oneof(
      { maxDepth: 4, depthSize: "small" },
      letters,
      words,
      nothing,
      fc.tuple(inner, inner).map(([x, y]) => both("·", x, y, (arena, a, b) => arena.concat(a, b), concatenated(x, y))),
      fc.tuple(inner, inner).map(([x, y]) =>
        both(
          "|",
          x,
          y,
          (arena, a, b) => arena.union(a, b),
          keep((word) => x.members.has(word) || y.members.has(word)),
        ),
      ),
      fc.tuple(inner, inner).map(([x, y]) =>
        both(
          "&",
          x,
          y,
          (arena, a, b) => arena.intersect(a, b),
          keep((word) => x.members.has(word) && y.members.has(word)),
        ),
      ),
      fc.tuple(inner, inner).map(([x, y]) =>
        both(
          "-",
          x,
          y,
          (arena, a, b) => arena.difference(a, b),
          keep((word) => x.members.has(word) && !y.members.has(word)),
        ),
      ),
      inner.map((x) => ({
        shown: `¬(${x.shown})`,
        build: (arena: TermArena) => arena.complement(x.build(arena)),
        members: keep((word) => !x.members.has(word)),
      })),
      fc.tuple(inner, fc.nat(3), fc.constantFrom(0, 1, 2, Infinity)).map(([x, min, more]) => ({
        shown: `(${x.shown}){${min},${min + more}}`,
        build: (arena: TermArena) => arena.repeat(x.build(arena), min, min + more),
        members: repeated(x, min, min + more),
      })),
    ),
  };
}).language;

function both(
  sign: string,
  x: Language,
  y: Language,
  combine: (arena: TermArena, a: Term, b: Term) => Term,
  members: ReadonlySet<string>,
): Language {
  return {
    shown: `(${x.shown} ${sign} ${y.shown})`,
    build: (arena) => combine(arena, x.build(arena), y.build(arena)),
    members,
  };
}

function keep(holds: (word: string) => boolean): Set<string> {
  return new Set(WORDS.filter(holds));
}

function concatenated(x: { members: ReadonlySet<string> }, y: { members: ReadonlySet<string> }): Set<string> {
  const members = new Set<string>();
  for (const head of x.members) for (const tail of y.members) if ((head + tail).length <= 4) members.add(head + tail);
  return members;
}

function repeated(x: Language, min: number, max: number): Set<string> {
  const members = new Set<string>();
  let power = new Set([""]);
  // After min + 4 rounds another adds nothing within four letters.
  for (let count = 0; count <= Math.min(max, min + 4); count++) {
    if (count >= min) for (const word of power) members.add(word);
    power = concatenated({ members: power }, x);
  }
  return members;
}

test("terms have the members that brute force finds", () => {
  fc.assert(
    fc.property(languages, (language) => {
      const arena = new TermArena();
      const term = language.build(arena);
      const accepted = WORDS.filter((word) => arena.acceptsText(term, word));
      expect([language.shown, accepted]).toEqual([language.shown, WORDS.filter((word) => language.members.has(word))]);
    }),
    { numRuns: 1_000 },
  );
});

test("emptiness, next, shortest and cardinality agree with brute force on words of at most four letters", () => {
  fc.assert(
    fc.property(languages, (language) => {
      const arena = new TermArena();
      const term = arena.intersect(language.build(arena), arena.repeat(arena.byteRange(0x61, 0x63), 0, 4));
      const members = [...language.members];
      expect([language.shown, arena.isEmpty(term)]).toEqual([language.shown, members.length === 0]);
      expect(arena.cardinality(term, 1_000)).toBe(members.length);
      expect(arena.cardinality(term, 3)).toBe(Math.min(3, members.length));
      const shortest = arena.shortest(term);
      if (shortest === undefined) expect(members).toEqual([]);
      else {
        expect(members).toContain(Buffer.from(shortest).toString());
        expect(shortest.length).toBe(Math.min(...members.map((member) => member.length)));
      }
      for (const word of WORDS) {
        let at = arena.isEmpty(term) ? EMPTY : term;
        for (const byte of Buffer.from(word)) at = arena.next(at, byte);
        expect([word, at !== EMPTY]).toEqual([word, members.some((member) => member.startsWith(word))]);
      }
      expect(arena.minLength(term)).toBeLessThanOrEqual(Math.min(...members.map((member) => member.length)));
      expect(arena.maxLength(term)).toBeGreaterThanOrEqual(Math.max(0, ...members.map((member) => member.length)));
    }),
    { numRuns: 500 },
  );
});

test("inclusion agrees with brute force", () => {
  fc.assert(
    fc.property(languages, languages, (x, y) => {
      const arena = new TermArena();
      const short = arena.repeat(arena.byteRange(0x61, 0x63), 0, 4);
      const included = arena.includes(x.build(arena), arena.intersect(y.build(arena), short));
      expect(included).toBe([...y.members].every((member) => x.members.has(member)));
    }),
    { numRuns: 500 },
  );
});

test("equal up to the laws of union and intersection, equal terms", () => {
  fc.assert(
    fc.property(languages, languages, languages, (x, y, z) => {
      const arena = new TermArena();
      const [a, b, c] = [x.build(arena), y.build(arena), z.build(arena)];
      expect(arena.intersect(a, b)).toBe(arena.intersect(b, a));
      expect(arena.union(a, a)).toBe(a);
      expect(arena.union(a, b)).toBe(arena.union(b, a));
      expect(arena.union(a, EMPTY)).toBe(a);
      expect(arena.union(a, arena.anyBytes)).toBe(arena.anyBytes);
      expect(arena.intersect(a, arena.anyBytes)).toBe(a);
      expect(arena.isEmpty(arena.intersect(a, arena.complement(a)))).toBe(true);
      expect(arena.includes(arena.union(a, arena.complement(a)), arena.anyBytes)).toBe(true);
      expect(arena.complement(arena.complement(a))).toBe(a);
      const left = arena.concat(arena.concat(a, b), c);
      const right = arena.concat(a, arena.concat(b, c));
      expect(arena.includes(left, right) && arena.includes(right, left)).toBe(true);
    }),
    { numRuns: 500 },
  );
});

function wordsUpTo(alphabet: readonly string[], length: number): string[] {
  let level = [""];
  const all = [""];
  for (let i = 0; i < length; i++) {
    level = level.flatMap((word) => alphabet.map((letter) => word + letter));
    all.push(...level);
  }
  return all;
}

test("bounds on the number of code points, and what is outside of some, are one bound or two", () => {
  const bound = fc
    .tuple(fc.nat(6), fc.oneof(fc.nat(6), fc.constant(Infinity)))
    .filter(([least, most]) => least <= most);
  fc.assert(
    fc.property(
      fc.array(bound, { minLength: 1, maxLength: 3 }),
      fc.array(bound, { maxLength: 3 }),
      (inside, outside) => {
        const arena = new TermArena();
        const lengths = ([least, most]: readonly [number, number]): Term =>
          arena.repeat(arena.anyCodePoint, least, most);
        const term = arena.intersect(
          ...inside.map(lengths),
          ...outside.map((each) => arena.complement(lengths(each))),
          arena.anyText,
        );
        for (let length = 0; length <= 9; length++) {
          const within = ([least, most]: readonly [number, number]): boolean => least <= length && length <= most;
          const expected = inside.every(within) && !outside.some(within);
          expect({ inside, outside, length, is: arena.acceptsText(term, "é".repeat(length)) }).toEqual({
            inside,
            outside,
            length,
            is: expected,
          });
        }
      },
    ),
  );
});

test("what is outside of a long bound is known to be empty or not without a search", () => {
  const arena = new TermArena();
  const lengths = (least: number, most: number): Term => arena.repeat(arena.anyCodePoint, least, most);
  const outside = arena.intersect(arena.anyText, arena.complement(lengths(1, 500)));
  const [first, second] = Buffer.from("é");
  expect(arena.isEmpty(arena.next(arena.next(outside, first), second))).toBe(false);
  expect(arena.intersect(lengths(2, 400), arena.complement(lengths(1, 500)))).toBe(EMPTY);
  expect(arena.intersect(lengths(2, 600), arena.complement(lengths(1, 500)))).toBe(lengths(501, 600));
  expect(arena.stats.statesSearched).toBe(0);
});

test("texts of a pattern within a bound on their length are known to be there without a search", () => {
  const bound = fc.tuple(fc.nat(3), fc.nat(8)).map(([least, more]) => [least, least + more] as const);
  let live = 0;
  fc.assert(
    fc.property(languages, bound, fc.constantFrom("", "é"), (language, [least, most], start) => {
      const arena = new TermArena();
      const pattern = arena.concat(arena.text(start), language.build(arena));
      const bounded = arena.intersect(pattern, arena.repeat(arena.anyCodePoint, least, most));
      const isEmpty = arena.isEmpty(bounded);
      if (!isEmpty && arena.stats.statesSearched === 0) live++;
      const isThere = [...language.members].some((word) => {
        const length = word.length + start.length;
        return least <= length && length <= most;
      });
      // Members that are longer, or of other letters, are not listed.
      const isListed = most <= 4 && !language.shown.includes("¬");
      if (isThere || isListed) expect({ least, most, isEmpty }).toEqual({ least, most, isEmpty: !isThere });
      // In the midst of a character.
      if (start !== "") expect(arena.isEmpty(arena.next(bounded, Buffer.from(start)[0]))).toBe(isEmpty);
    }),
    { numRuns: runs(300) },
  );
  expect(live).toBeGreaterThan(50);
});
