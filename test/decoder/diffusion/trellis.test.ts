import { CanvasDistribution, Random } from "@espalier/decoder";
import { EspalierError, vocabularyFromBytes, type TokenId } from "@espalier/grammar";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../support/runs.ts";
import { isValidCanvas, probabilityOf, validCanvases } from "./support/canvases.ts";
import { regexConstraint } from "./support/languages.ts";

// Tokens 0..4 are text, 5 ends it, 6 pads.
const VOCABULARY = vocabularyFromBytes(["a", "b", "ab", "ba", "aab", undefined, undefined], { eosTokens: [5] });
const PADDING: readonly TokenId[] = [6];
const PATTERNS = ["(ab)*", "a*b?", "(a|b)*abb", "(a{2}|b{3})+", "a?b?a?b?", "[ab]*a[ab]{2}", "(aab|ba)*a?", "b*"];

const logit = fc.oneof(fc.float({ min: -5, max: 5, noNaN: true }), fc.constant(-Infinity));
const row = fc.array(logit, { minLength: 7, maxLength: 7 }).filter((each) => each.some((one) => one > -Infinity));
const task = fc.record({
  pattern: fc.constantFrom(...PATTERNS),
  canvas: fc.array(fc.option(fc.integer({ min: 0, max: 6 }), { nil: undefined, freq: 4 }), {
    minLength: 1,
    maxLength: 4,
  }),
  rows: fc.array(row, { minLength: 4, maxLength: 4 }),
  temperature: fc.constantFrom(0.5, 1, 2),
});

function languageOf(pattern: string) {
  const expression = new RegExp(`^(?:${pattern})$`);
  return { vocabulary: VOCABULARY, isMember: (text: string) => expression.test(text), paddingTokens: PADDING };
}

/** The distribution, or `undefined` when the canvas is refused. */
function distributionOf(
  {
    pattern,
    canvas,
    rows,
    temperature,
  }: { pattern: string; canvas: (number | undefined)[]; rows: number[][]; temperature: number },
  options: { candidates?: number; maxStates?: number; beamWidth?: number } = {},
) {
  const logits = canvas.map((_, position) => Float32Array.from(rows[position]));
  try {
    const constraint = regexConstraint(pattern, VOCABULARY);
    const distribution = new CanvasDistribution({
      constraint,
      canvas,
      logits,
      temperature,
      paddingTokens: PADDING,
      ...options,
    });
    return { logits, distribution };
  } catch (error) {
    if (!EspalierError.isInstance(error)) throw error;
    return { logits, distribution: undefined };
  }
}

describe("against the enumeration of all canvases", () => {
  test("most probable canvas, mass, marginals; refused exactly when there is no valid canvas", () => {
    fc.assert(
      fc.property(task, (input) => {
        const { canvas, temperature } = input;
        const valid = validCanvases(canvas, languageOf(input.pattern));
        const { logits, distribution } = distributionOf(input);
        expect(distribution === undefined).toBe(valid.length === 0);
        if (distribution === undefined) return;
        expect(distribution.isExact).toBe(true);
        const probabilities = valid.map((each) => probabilityOf(each, canvas, logits, temperature));
        const mass = probabilities.reduce((sum, each) => sum + each, 0);
        expect(Math.exp(distribution.logMass)).toBeCloseTo(mass, 6);

        const best = distribution.mostProbable();
        expect(isValidCanvas([...best.tokens], languageOf(input.pattern))).toBe(true);
        expect(Math.exp(best.logProbability)).toBeCloseTo(Math.max(...probabilities), 6);

        if (mass === 0) {
          expect(distribution.marginals(0)).toBeUndefined();
          return;
        }
        canvas.forEach((_, position) => {
          const wanted = new Map<number, number>();
          valid.forEach((each, index) => {
            wanted.set(each[position], (wanted.get(each[position]) ?? 0) + probabilities[index] / mass);
          });
          const { tokens, probabilities: given } = distribution.marginals(position)!;
          expect([...tokens]).toEqual(
            [...wanted.keys()].filter((token) => wanted.get(token)! > 0).sort((a, b) => a - b),
          );
          tokens.forEach((token, index) => expect(given[index]).toBeCloseTo(wanted.get(token)!, 6));
        });
      }),
      { numRuns: runs(120) },
    );
  });

  test("a beam holds valid canvases only, and never less than one", () => {
    fc.assert(
      fc.property(
        task,
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 3 }),
        (input, candidates, maxStates) => {
          const { distribution } = distributionOf(input, { candidates, maxStates });
          const exact = distributionOf(input).distribution;
          expect(distribution === undefined).toBe(exact === undefined);
          if (distribution === undefined) return;
          expect(distribution.isExact).toBe(false);
          const language = languageOf(input.pattern);
          expect(isValidCanvas([...distribution.mostProbable().tokens], language)).toBe(true);
          expect(distribution.logMass).toBeLessThanOrEqual(exact!.logMass + 1e-9);
          const sample = distribution.sample(new Random(1));
          if (sample !== undefined) expect(isValidCanvas([...sample], language)).toBe(true);
        },
      ),
      { numRuns: runs(120) },
    );
  });

  test("a beam with all tokens and room for all states is the whole trellis", () => {
    fc.assert(
      fc.property(task, (input) => {
        const { distribution } = distributionOf(input, { candidates: 7 });
        if (distribution === undefined) return;
        const exact = distributionOf(input).distribution!;
        expect(Math.exp(distribution.logMass)).toBeCloseTo(Math.exp(exact.logMass), 9);
        expect(distribution.mostProbable().logProbability).toBeCloseTo(exact.mostProbable().logProbability, 9);
      }),
      { numRuns: runs(120) },
    );
  });
});

test("samples follow the conditional distribution (chi-square)", () => {
  const canvas = [undefined, undefined, 1, undefined];
  const random = new Random(7);
  const rows = canvas.map(() => Array.from({ length: 7 }, () => 3 * random.nextFloat64()));
  const input = { pattern: "[ab]*a[ab]{2}", canvas, rows, temperature: 1.3 };
  const { logits, distribution } = distributionOf(input);
  const valid = validCanvases(canvas, languageOf(input.pattern));
  const probabilities = valid.map((each) => probabilityOf(each, canvas, logits, 1.3));
  const mass = probabilities.reduce((sum, each) => sum + each, 0);
  const counts = new Map<string, number>();
  const draws = 20_000;
  for (let draw = 0; draw < draws; draw++) {
    const key = distribution!.sample(random)!.join(" ");
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  let statistic = 0;
  valid.forEach((each, index) => {
    const expected = (draws * probabilities[index]) / mass;
    statistic += ((counts.get(each.join(" ")) ?? 0) - expected) ** 2 / expected;
    counts.delete(each.join(" "));
  });
  expect(counts.size).toBe(0);
  // The 99.9th percentile of the chi-square distribution is near k + 4.4 √k + 7 for k up to a hundred degrees of freedom.
  const freedom = valid.length - 1;
  expect(freedom).toBeGreaterThan(10);
  expect(statistic).toBeLessThan(freedom + 4.4 * Math.sqrt(freedom) + 7);
});

test("work is in states, not in tokens", () => {
  const wide = vocabularyFromBytes(
    [...Array.from({ length: 200 }, (_, index) => `a${"b".repeat(index % 7)}`), undefined],
    {
      eosTokens: [200],
    },
  );
  const canvas = Array.from({ length: 10 }, () => undefined);
  const logits = canvas.map(() => new Float32Array(201));
  const edges = new CanvasDistribution({ constraint: regexConstraint("[ab]*", wide), canvas, logits }).edgeCount;
  // Text stays text, text ends, the end stays the end: 3 edges a position.
  expect(edges).toBeLessThanOrEqual(3 * canvas.length);
});

test("refuses logits that do not fit the canvas", () => {
  const constraint = regexConstraint("a*", VOCABULARY);
  const logits = [new Float32Array(7)];
  expect(() => new CanvasDistribution({ constraint, canvas: [undefined, undefined], logits })).toThrow(
    "The canvas has 2 positions, and there are logits for 1",
  );
});
