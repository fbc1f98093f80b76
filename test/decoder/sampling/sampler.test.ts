import { Random, Sampler, SamplerScratch, type SamplingOptions } from "@espalier/decoder";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { maskOf, referenceDistribution } from "../support/reference-sampler.ts";

/** Logits from a seed: coarse ones have many ties. */
function randomLogits(size: number, seed: number, isCoarse: boolean): Float32Array {
  const random = new Random(seed);
  return Float32Array.from({ length: size }, () => {
    const logit = (random.nextFloat64() + random.nextFloat64() - 1) * 12;
    return isCoarse ? Math.round(logit) : logit;
  });
}

function randomSubset(size: number, seed: number, density: number): number[] {
  const random = new Random(seed);
  const subset: number[] = [];
  // Whole words of ones and zeros, too: density is decided anew every 32 tokens.
  for (let word = 0; word * 32 < size; word++) {
    const chance = [0, density, 1][random.nextUint32() % 3];
    for (let token = word * 32; token < Math.min(size, word * 32 + 32); token++) {
      if (random.nextFloat64() < chance) subset.push(token);
    }
  }
  return subset.length === 0 ? [random.nextUint32() % size] : subset;
}

const optionsArbitrary: fc.Arbitrary<SamplingOptions> = fc.record(
  {
    temperature: fc.constantFrom(0, 0.1, 0.7, 1, 2.5),
    topK: fc.constantFrom(1, 2, 7, 50, 300, 10_000),
    topP: fc.constantFrom(0.001, 0.3, 0.637, 0.913, 0.9999, 1),
    minP: fc.constantFrom(0, 0.0103, 0.217, 1),
    repetitionPenalty: fc.constantFrom(0.8, 1, 1.3),
    frequencyPenalty: fc.constantFrom(-0.5, 0, 0.75),
    presencePenalty: fc.constantFrom(0, 1.5),
  },
  { requiredKeys: [] },
);

const caseArbitrary = fc
  .record({
    size: fc.oneof(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 200, max: 900 })),
    seed: fc.nat(),
    density: fc.constantFrom(0.02, 0.5, 0.97),
    isCoarse: fc.boolean(),
    options: optionsArbitrary,
    prompt: fc.array(fc.nat(), { maxLength: 5 }),
    output: fc.array(fc.nat(), { maxLength: 8 }),
  })
  .map(({ size, seed, density, isCoarse, options, prompt, output }) => ({
    logits: randomLogits(size, seed, isCoarse),
    allowed: randomSubset(size, seed, density),
    options,
    prompt: prompt.map((token) => token % size),
    output: output.map((token) => token % size),
  }));

describe("the distribution", () => {
  test("is the one documented, by list and by mask alike, and leaves the logits alone", () => {
    fc.assert(
      fc.property(caseArbitrary, ({ logits, allowed, options, prompt, output }) => {
        const sampler = new Sampler(options, new SamplerScratch(logits.length));
        sampler.addPrompt(prompt);
        for (const token of output) sampler.push(token);
        const before = logits.slice();

        const byList = sampler.distribution(logits, allowed);
        const byMask = sampler.distribution(logits, maskOf(allowed, logits.length));
        expect(byMask).toEqual(byList);
        expect(logits).toEqual(before);

        const expected = referenceDistribution({ logits, allowed, options, prompt, output });
        expect([...byList.tokens]).toEqual([...expected.keys()].toSorted((a, b) => a - b));
        byList.tokens.forEach((token, index) => {
          expect(byList.probabilities[index]).toBeCloseTo(expected.get(token)!, 9);
        });
      }),
      { numRuns: 600, seed: 20 },
    );
  });

  test("over everything is the same with no mask, a mask of ones and the full list", () => {
    for (const size of [1, 31, 32, 33, 64, 1000]) {
      const logits = randomLogits(size, size, false);
      const sampler = new Sampler({ topK: 40, topP: 0.9 }, new SamplerScratch(size));
      const everything = sampler.distribution(logits);
      const all = Array.from({ length: size }, (_, token) => token);
      // Bits beyond the vocabulary are nobody's tokens.
      const ones = new Uint32Array(Math.ceil(size / 32)).fill(0xffff_ffff);
      expect(sampler.distribution(logits, all)).toEqual(everything);
      expect(sampler.distribution(logits, ones)).toEqual(everything);
    }
  });

  test("keeps all that tie for the last place", () => {
    const sampler = new Sampler({ topK: 2 }, new SamplerScratch(4));
    const { tokens } = sampler.distribution(Float32Array.of(1, 3, 1, 0));
    expect([...tokens]).toEqual([0, 1, 2]);
  });

  test("of 100,000 tokens with top-k and top-p is that of the reference", () => {
    const size = 100_000;
    const logits = randomLogits(size, 5, false);
    const allowed = randomSubset(size, 6, 0.5);
    const options = { temperature: 0.8, topK: 500, topP: 0.83 };
    const sampler = new Sampler(options, new SamplerScratch(size));
    const { tokens } = sampler.distribution(logits, maskOf(allowed, size));
    const expected = referenceDistribution({ logits, allowed, options, prompt: [], output: [] });
    expect([...tokens]).toEqual([...expected.keys()].toSorted((a, b) => a - b));
  });
});

describe("a draw", () => {
  test("is from the distribution, with the log-probabilities that it has there and in the model", () => {
    fc.assert(
      fc.property(caseArbitrary, fc.nat(), ({ logits, allowed, options, prompt, output }, seed) => {
        const sampler = new Sampler({ ...options, seed, logProbabilities: true }, new SamplerScratch(logits.length));
        sampler.addPrompt(prompt);
        for (const token of output) sampler.push(token);
        const { tokens, probabilities } = sampler.distribution(logits, allowed);
        const token = sampler.sample(logits, maskOf(allowed, logits.length));
        const index = tokens.indexOf(token);
        expect(index).not.toBe(-1);
        expect(sampler.logProbability).toBeCloseTo(Math.log(probabilities[index]), 9);

        const mass = (over: Iterable<number>): number => {
          let sum = 0;
          for (const logit of over) sum += Math.exp(logit);
          return Math.log(sum);
        };
        const constrained = mass(allowed.map((id) => logits[id]));
        expect(sampler.constrainedLogProbability).toBeCloseTo(logits[token] - constrained, 6);
        expect(sampler.modelLogProbability).toBeCloseTo(logits[token] - mass(logits), 6);
      }),
      { numRuns: 300, seed: 21 },
    );
  });

  test("without a temperature takes the likeliest, the lowest of equals", () => {
    const sampler = new Sampler({ temperature: 0 }, new SamplerScratch(70));
    const logits = new Float32Array(70).fill(1);
    logits[69] = 5;
    logits[40] = 2;
    expect(sampler.sample(logits)).toBe(69);
    expect(sampler.sample(logits, [3, 40, 50])).toBe(40);
    expect(sampler.sample(logits, maskOf([3, 50], 70))).toBe(3);
    expect(sampler.logProbability).toBe(0);
    expect(sampler.modelLogProbability).toBeNaN();
  });

  test("comes as often as its probability says (chi-square)", () => {
    const size = 12;
    const logits = randomLogits(size, 3, false).map((logit) => logit / 4);
    const allowed = [0, 1, 3, 4, 5, 7, 8, 10, 11];
    const draws = 20_000;
    for (const options of [{}, { temperature: 1.7 }, { topK: 6 }, { topP: 0.9 }, { minP: 0.2 }]) {
      const sampler = new Sampler({ ...options, seed: 99 }, new SamplerScratch(size));
      const { tokens, probabilities } = sampler.distribution(logits, allowed);
      const counts = new Map<number, number>();
      for (let draw = 0; draw < draws; draw++) {
        const token = sampler.sample(logits, draw % 2 === 0 ? allowed : maskOf(allowed, size));
        counts.set(token, (counts.get(token) ?? 0) + 1);
      }
      let statistic = 0;
      tokens.forEach((token, index) => {
        const expected = probabilities[index] * draws;
        statistic += ((counts.get(token) ?? 0) - expected) ** 2 / expected;
      });
      expect([...counts.keys()].every((token) => tokens.includes(token))).toBe(true);
      // The 99.9th percentile of chi-square with 8 degrees of freedom, the most that there are here.
      expect(statistic).toBeLessThan(26.13);
    }
  });

  test("depends on the seed and on nothing else", () => {
    const logits = randomLogits(500, 8, false);
    const scratch = new SamplerScratch(500);
    const draw = (seed: number): number[] => {
      const sampler = new Sampler({ seed }, scratch);
      return Array.from({ length: 20 }, () => sampler.sample(logits));
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    // Two samplers over one scratch do not disturb each other.
    const [a, b] = [new Sampler({ seed: 7 }, scratch), new Sampler({ seed: 8 }, scratch)];
    const mixed = Array.from({ length: 20 }, () => [a.sample(logits), b.sample(logits)]);
    expect(mixed.map(([first]) => first)).toEqual(draw(7));
    expect(mixed.map(([, second]) => second)).toEqual(draw(8));
    const fresh = new Sampler({}, scratch);
    expect(draw(fresh.seed)[0]).toBe(fresh.sample(logits));
  });

  test("looks at no logit outside a list", () => {
    const logits = new Float32Array(1000).fill(Number.NaN);
    logits[10] = 1;
    logits[900] = 2;
    const sampler = new Sampler({ seed: 1 }, new SamplerScratch(1000));
    expect(sampler.distribution(logits, [10, 900]).probabilities[1]).toBeCloseTo(1 / (1 + Math.exp(-1)), 12);
  });

  test("takes history back", () => {
    const logits = Float32Array.of(1, 1, 1);
    const sampler = new Sampler({ presencePenalty: 1 }, new SamplerScratch(3));
    const even = sampler.distribution(logits);
    sampler.push(1);
    sampler.push(1);
    sampler.push(2);
    expect(sampler.distribution(logits)).not.toEqual(even);
    sampler.pop(3);
    expect(sampler.distribution(logits)).toEqual(even);
  });
});

describe("what cannot be sampled is an error", () => {
  const scratch = new SamplerScratch(40);
  const bad: [string, (logits: Float32Array) => void, readonly number[] | undefined, RegExp][] = [
    ["NaN", (logits) => (logits[33] = Number.NaN), undefined, /NaN/],
    ["+Infinity", (logits) => (logits[33] = Infinity), undefined, /Infinity/],
    ["nothing but -Infinity", (logits) => logits.fill(-Infinity), undefined, /no allowed token/],
    ["-Infinity where it is allowed", (logits) => logits.fill(-Infinity, 3, 5), [3, 4], /no allowed/],
    ["nothing allowed", () => undefined, [], /0 of 40 tokens/],
    ["nothing allowed that the model has", () => undefined, [50, 60], /0 of 40 tokens/],
  ];
  for (const temperature of [0, 1]) {
    test.each(bad)(`%s, at temperature ${temperature}`, (_, spoil, allowed, message) => {
      const logits = new Float32Array(40).fill(1);
      spoil(logits);
      const sampler = new Sampler({ temperature, seed: 1 }, scratch);
      const errors = [allowed, allowed && maskOf(allowed, 64)].map((form) => {
        try {
          return sampler.sample(logits, form);
        } catch (error) {
          return error;
        }
      });
      for (const error of errors) {
        expect(error).toMatchObject({ code: "model", message: expect.stringMatching(message) });
      }
    });
  }

  test.each<SamplingOptions>([
    { temperature: -1 },
    { temperature: Infinity },
    { topK: 0 },
    { topK: 1.5 },
    { topP: 0 },
    { topP: 1.01 },
    { minP: -0.1 },
    { repetitionPenalty: 0 },
    { frequencyPenalty: Number.NaN },
    { seed: -1 },
    { seed: 0.5 },
  ])("the options %o", (options) => {
    const [place] = Object.keys(options);
    expect(() => new Sampler(options, scratch)).toThrow(expect.objectContaining({ code: "invalid-input", place }));
  });
});
