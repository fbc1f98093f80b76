import { Random, Sampler, SamplerScratch, type SamplingOptions } from "@espalier/decoder";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BlockKernel } from "../../../packages/decoder/src/sampling/wide/block-kernel.ts";
import { runs } from "../../support/runs.ts";
import { maskOf, referenceDistribution } from "../support/reference-sampler.ts";

/** Large enough for the kernel, and no multiple of 32. */
const SIZES = [2_048, 2_049, 3_007, 5_120];

function randomLogits(size: number, seed: number, spread: number): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: size }, () => {
    if (random.nextUint32() % 50 === 0) return -Infinity;
    return (random.nextFloat64() + random.nextFloat64() - 1) * spread;
  });
}

function randomMask(size: number, seed: number): number[] {
  const random = new Random(seed);
  const allowed: number[] = [];
  for (let word = 0; word * 32 < size; word++) {
    const chance = [0, 0.03, 0.9, 1][random.nextUint32() % 4];
    for (let token = word * 32; token < Math.min(size, word * 32 + 32); token++) {
      if (random.nextFloat64() < chance) allowed.push(token);
    }
  }
  return allowed;
}

const caseArbitrary = fc.record({
  size: fc.constantFrom(...SIZES),
  seed: fc.nat(),
  spread: fc.constantFrom(0, 4, 40, 400),
  options: fc.record<SamplingOptions, never>(
    {
      temperature: fc.constantFrom(0, 0.1, 0.7, 1, 2.5),
      topK: fc.constantFrom(1, 7, 50, 300, 10_000),
      topP: fc.constantFrom(0.3, 0.637, 0.913, 0.9999, 1),
      minP: fc.constantFrom(0, 0.0103, 0.217),
      repetitionPenalty: fc.constantFrom(1, 1.3),
      presencePenalty: fc.constantFrom(0, 1.5),
    },
    { requiredKeys: [] },
  ),
});

describe("a large vocabulary under a mask", () => {
  test("is sampled from the distribution that the documentation promises", () => {
    fc.assert(
      fc.property(caseArbitrary, fc.nat(), ({ size, seed, spread, options }, drawSeed) => {
        const logits = randomLogits(size, seed, spread);
        const allowed = randomMask(size, seed + 1);
        const output = [seed % size, (seed + 77) % size];
        const sampler = new Sampler(
          { ...options, seed: drawSeed, logProbabilities: true },
          new SamplerScratch(logits.length),
        );
        for (const token of output) sampler.push(token);
        const mask = maskOf(allowed, logits.length);
        const before = logits.slice();
        const expected = new Map(
          [...referenceDistribution({ logits, allowed, options, prompt: [], output })].filter(([, share]) => share > 0),
        );
        const { tokens, probabilities } = sampler.distribution(logits, mask);
        expect([...tokens]).toEqual([...expected.keys()].toSorted((a, b) => a - b));
        const isFar = tokens.findIndex(
          (token, index) => !(Math.abs(probabilities[index] - expected.get(token)!) < 1e-9),
        );
        expect(isFar).toBe(-1);

        const drawn = sampler.sample(logits, mask);
        expect(sampler.logProbability).toBeCloseTo(Math.log(expected.get(drawn)!), 5);
        const mass = (over: Iterable<number>): number => {
          const values = [...over];
          const maximum = values.reduce((most, value) => Math.max(most, value), -Infinity);
          return maximum + Math.log(values.reduce((sum, value) => sum + Math.exp(value - maximum), 0));
        };
        const constrained = logits[drawn] - mass(allowed.map((token) => logits[token]));
        expect(Math.abs(sampler.constrainedLogProbability - constrained)).toBeLessThan(2e-5);
        expect(Math.abs(sampler.modelLogProbability - (logits[drawn] - mass(logits)))).toBeLessThan(2e-5);
        expect(logits).toEqual(before);
      }),
      { numRuns: runs(60) },
    );
  });

  test("without a temperature gives the likeliest, the lowest of equals", () => {
    const logits = new Float32Array(4_000).fill(-3);
    for (const token of [2_999, 3_000, 3_999]) logits[token] = 2;
    logits[17] = 9;
    const sampler = new Sampler({ temperature: 0 }, new SamplerScratch(4_000));
    expect(sampler.sample(logits)).toBe(17);
    const mask = maskOf([5, 3_000, 3_999], 4_000);
    expect(sampler.sample(logits, mask)).toBe(3_000);
    // A mask may be shorter than the logits, and bits beyond them are nobody's.
    expect(sampler.sample(logits, mask.subarray(0, 50))).toBe(5);
    expect(sampler.sample(logits, new Uint32Array(200).fill(0xffff_ffff))).toBe(17);
  });

  test.each([{}, { temperature: 2 }, { topP: 0.8 }, { topK: 9 }])(
    "comes as often as its probability says (chi-square), with %o",
    (options) => {
      const size = 2_500;
      const random = new Random(5);
      // A few likely tokens and a long tail that has a fifth of the mass: cells are tokens, and the tail by residues.
      const logits = Float32Array.from({ length: size }, (_, token) =>
        token % 311 === 0 ? 6 + (token % 5) / 3 : random.nextFloat64(),
      );
      const allowed = Array.from({ length: size }, (_, token) => token).filter((token) => token % 7 !== 3);
      const expected = referenceDistribution({ logits, allowed, options, prompt: [], output: [] });
      const cell = (token: number): number => (token % 311 === 0 ? token : 1 + (token % 4));
      const probabilities = new Map<number, number>();
      for (const [token, share] of expected) {
        probabilities.set(cell(token), (probabilities.get(cell(token)) ?? 0) + share);
      }
      const draws = 20_000;
      const sampler = new Sampler({ ...options, seed: 3 }, new SamplerScratch(size));
      const mask = maskOf(allowed, size);
      const counts = new Map<number, number>();
      for (let draw = 0; draw < draws; draw++) {
        const token = sampler.sample(logits, mask);
        expect(expected.has(token)).toBe(true);
        counts.set(cell(token), (counts.get(cell(token)) ?? 0) + 1);
      }
      let statistic = 0;
      for (const [key, share] of probabilities) {
        statistic += ((counts.get(key) ?? 0) - share * draws) ** 2 / (share * draws);
      }
      // The 99.9th percentile of chi-square with 12 degrees of freedom, the most that there are here.
      expect(statistic).toBeLessThan(32.91);
    },
  );

  test.each<[string, (logits: Float32Array) => void, RegExp]>([
    ["NaN", (logits) => (logits[2_133] = Number.NaN), /NaN/],
    ["+Infinity", (logits) => (logits[2_133] = Infinity), /Infinity/],
    ["nothing but -Infinity", (logits) => logits.fill(-Infinity), /no allowed token/],
  ])("%s is an error", (_, spoil, message) => {
    for (const temperature of [0, 1]) {
      const logits = new Float32Array(3_000).fill(1);
      spoil(logits);
      const sampler = new Sampler({ temperature, seed: 1 }, new SamplerScratch(3_000));
      expect(() => sampler.sample(logits)).toThrow(
        expect.objectContaining({ code: "model", message: expect.stringMatching(message) }),
      );
      // Where it is not allowed, it does not matter.
      const others = maskOf([4, 2_132, 2_134], 3_000);
      if (logits[4] === 1) expect([4, 2_132, 2_134]).toContain(sampler.sample(logits, others));
    }
  });
});

describe("the block kernel", () => {
  test("finds the maxima and sums of the allowed tokens of each block", () => {
    fc.assert(
      fc.property(fc.nat(), fc.constantFrom(1, 40, 900), fc.constantFrom(0.01, 1, 3), (seed, spread, scale) => {
        const size = 3_007;
        const kernel = BlockKernel.create(size)!;
        const logits = randomLogits(size, seed, spread);
        const allowed = randomMask(size, seed);
        expect(kernel.load(logits, maskOf(allowed, size))).toBe(false);
        const { maximum } = kernel;
        const total = kernel.weigh(maximum, scale);
        let exactTotal = 0;
        const bad: number[] = [];
        for (let block = 0; block < kernel.blockCount; block++) {
          const own = allowed.filter((token) => token >> 5 === block).map((token) => logits[token]);
          if (kernel.maxima[block] !== own.reduce((most, logit) => Math.max(most, logit), -Infinity)) bad.push(block);
          const exact = own.reduce((sum, logit) => sum + Math.exp((logit - maximum) * scale), 0);
          exactTotal += exact;
          // The bound that drawing by rejection rests on; and no looser than it must be.
          if (!(kernel.sums[block] * (1 + 1e-4) >= exact)) bad.push(block);
          if (!(kernel.sums[block] <= exact * (1 + 1e-4) + 1e-36)) bad.push(block);
        }
        expect(bad).toEqual([]);
        expect(Math.abs(total / exactTotal - 1)).toBeLessThan(1e-6);
      }),
      { numRuns: runs(40) },
    );
  });
});
