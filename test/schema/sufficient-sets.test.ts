import * as fc from "fast-check";
import { expect, test } from "vitest";
import { sufficientSets, type StepOption } from "../../packages/schema/src/formula/sufficient-sets.ts";
import { runs } from "../support/runs.ts";

// Rests are sets of marks, as bits: a rest is impossible when it has two marks that exclude each other, 0 and 1, 2 and 3, …
const NONE = -1;

function both(a: number, b: number): number {
  const marks = a | b;
  return (marks & (marks >>> 1) & 0x55555555) === 0 ? marks : NONE;
}

interface Choice extends StepOption<number> {
  readonly inner: readonly (readonly Choice[])[];
}

const { lists } = fc.letrec<{ lists: readonly (readonly Choice[])[]; choice: Choice }>((tie) => ({
  choice: fc
    .tuple(
      fc.uniqueArray(fc.integer({ min: 2, max: 7 }), { maxLength: 2 }),
      fc.array(fc.nat(7), { maxLength: 2 }),
      fc.oneof({ maxDepth: 1, depthSize: "small" }, fc.constant([]), tie("lists")),
    )
    .map(([values, marks, inner]): Choice => {
      const rest = marks.reduce((bits, mark) => bits | (1 << mark), 0);
      const sorted = values.toSorted((a, b) => a - b);
      return { values: sorted, rest: both(rest, 0), inner, choices: () => inner };
    }),
  lists: fc.array(fc.array(tie("choice"), { minLength: 1, maxLength: 3 }), { maxLength: 4 }),
}));

/** Every way through all lists: what it demands, as text, if its rest is possible. */
function allWays(pending: readonly (readonly Choice[])[], values: ReadonlySet<number>, rest: number): Set<number>[] {
  if (rest === NONE) return [];
  const [list, ...others] = pending;
  if (list === undefined) return [new Set(values)];
  return list.flatMap((option) =>
    option.rest === NONE
      ? []
      : allWays([...option.inner, ...others], new Set([...values, ...option.values]), both(rest, option.rest)),
  );
}

test("of all ways through the choices, the smallest sets of demands are found", () => {
  let several = 0;
  fc.assert(
    fc.property(lists, (choices) => {
      const ways = allWays(choices, new Set(), 0);
      const minimal = ways.filter((way) => !ways.some((other) => other.size < way.size && isWithin(other, way)));
      const expected = new Set(minimal.map((way) => [...way].sort((a, b) => a - b).join()));
      if (expected.size > 1) several++;
      const found = sufficientSets<number>(
        { values: [], rest: 0, choices: () => choices },
        NONE,
        both,
        () => "all",
        () => {},
      );
      expect(new Set(found.map((values) => values.join()))).toEqual(expected);
    }),
    { numRuns: runs(2_000) },
  );
  expect(several).toBeGreaterThan(100);
});

function isWithin(a: ReadonlySet<number>, b: ReadonlySet<number>): boolean {
  return [...a].every((value) => b.has(value));
}

test("what leaves no choice after many choices is not come upon once for each combination of those", () => {
  const free = (value: number): readonly StepOption<number>[] => [
    { values: [], rest: 0 },
    { values: [value], rest: 0 },
  ];
  let steps = 0;
  const found = sufficientSets<number>(
    { values: [], rest: 1, choices: () => [...Array.from({ length: 40 }, (_, i) => free(100 + i)), forced] },
    NONE,
    both,
    () => "all",
    () => steps++,
  );
  expect(found).toEqual([[7]]);
  expect(steps).toBeLessThan(5_000);
});

/** One of the two cannot be: the rest has the mark that it excludes. */
const forced: readonly StepOption<number>[] = [
  { values: [], rest: 2 },
  { values: [7], rest: 0 },
];
