import { AsapSampler, MaskedSampler, RejectionSampler, SmcSampler } from "@espalier/decoder";
import { describe, expect, it } from "vitest";
import { chiSquareDeviation, count, deviation } from "./support/statistics.ts";
import { makeSetting } from "./support/setting.ts";

// Seeds are fixed: what passes here passes always. Four standard deviations come about once in 30,000 times.
const LIMIT = 4;
const GIVEN = { words: ["a", "b", "ab", "c"], pattern: /(ab|ba|c)+/, maxTokens: 4, seed: 11, spread: 1.5 };

async function repeat<Result>(times: number, task: (index: number) => Promise<Result>): Promise<Result[]> {
  const results: Result[] = [];
  for (let index = 0; index < times; index++) results.push(await task(index));
  return results;
}

describe("plain masking", () => {
  const { options, target } = makeSetting(GIVEN);

  it("is far from the target, and its weights make up for it", async () => {
    const sampler = new MaskedSampler({ ...options, sampling: { seed: 1 } });
    const draws = await repeat(4000, () => sampler.draw());
    expect(chiSquareDeviation(count(draws.map(({ tokens }) => tokens.join())), target)).toBeGreaterThan(20);
    expect(
      deviation(
        draws.map(({ logWeight }) => Math.exp(logWeight)),
        target.mass,
      ),
    ).toBeLessThan(LIMIT);
    for (const [key, probability] of target.outcomes) {
      const terms = draws.map(({ tokens, logWeight }) => (tokens.join() === key ? Math.exp(logWeight) : 0));
      // Of what is too rare, no standard error can be told.
      if (terms.filter((term) => term > 0).length < 10) continue;
      expect(deviation(terms, probability)).toBeLessThan(LIMIT);
    }
    expect(sampler.mass.removed).toBeCloseTo(1 - target.mass, 1);
  });
});

describe("ASAp", () => {
  const { options, target } = makeSetting(GIVEN);

  it("learns the mass of every prefix, and then draws from the target", async () => {
    const sampler = new AsapSampler({ ...options, sampling: { seed: 2 } });
    await repeat(3000, () => sampler.draw());
    expect(sampler.logUpperBound([])).toBeCloseTo(Math.log(target.mass), 2);
    for (const key of target.outcomes.keys()) {
      const tokens = key.split(",").map(Number);
      const behind = [...target.outcomes].filter(([other]) => `${other},`.startsWith(`${tokens[0]},`));
      const mass = behind.reduce((sum, [, probability]) => sum + probability, 0);
      expect(sampler.logUpperBound(tokens.slice(0, 1))).toBeGreaterThanOrEqual(Math.log(mass) - 1e-6);
    }
    const draws = await repeat(5000, () => sampler.draw());
    expect(chiSquareDeviation(count(draws.map(({ tokens }) => tokens.join())), target)).toBeLessThan(LIMIT);
    // All but those that come to a prefix for the first time.
    const off = draws.filter(({ logWeight }) => Math.abs(logWeight - Math.log(target.mass)) > 0.01);
    expect(off.length).toBeLessThan(25);
    expect(sampler.mass.removed).toBeCloseTo(1 - target.mass, 3);
  });

  it("asks where mass is undecided when a draw had nothing to ask, until next to nothing is", async () => {
    const { options: others, target: exact, model } = makeSetting({ ...GIVEN, pattern: /(ab|ba){2}c?/, maxTokens: 6 });
    const sampler = new AsapSampler({ ...others, sampling: { seed: 3 } });
    let drawn = 0;
    // Of two draws, one asks something, or nothing is left to ask.
    for (let before = -1; before < model.stats.calls; drawn += 2) {
      before = model.stats.calls;
      await repeat(2, () => sampler.draw());
    }
    const calls = model.stats.calls;
    expect(drawn).toBeLessThan(400);
    expect(Math.exp(sampler.logUpperBound([]))).toBeCloseTo(exact.mass, 8);
    await repeat(50, () => sampler.draw());
    expect(model.stats.calls - calls).toBeLessThan(10);
  });

  it.each([1, 2, 5])("weighs draw %i without bias", async (place) => {
    const weights = await repeat(3000, async (seed) => {
      const sampler = new AsapSampler({ ...options, sampling: { seed } });
      const draws = await repeat(place, () => sampler.draw());
      return Math.exp(draws[place - 1].logWeight);
    });
    expect(deviation(weights, target.mass)).toBeLessThan(LIMIT);
  });
});

describe("rejection", () => {
  const { options, target } = makeSetting(GIVEN);

  it("draws from the target, all through its life", async () => {
    const sampler = new RejectionSampler({ ...options, sampling: { seed: 3 } });
    const draws = await repeat(10_000, () => sampler.draw());
    expect(chiSquareDeviation(count(draws.map(({ tokens }) => tokens.join())), target)).toBeLessThan(LIMIT);
    for (const { logWeight } of draws) expect(logWeight).toBe(0);
    // A walk is rejected only at a prefix that was never seen before.
    const { walks, draws: drawn, prefixes } = sampler.stats;
    expect(walks - drawn).toBeLessThanOrEqual(prefixes);
  });

  it.each([1, 2, 5])("is exact at draw %i of a fresh sampler", async (place) => {
    const keys = await repeat(6000, async (seed) => {
      const sampler = new RejectionSampler({ ...options, sampling: { seed } });
      const draws = await repeat(place, () => sampler.draw());
      return draws[place - 1].tokens.join();
    });
    expect(chiSquareDeviation(count(keys), target)).toBeLessThan(LIMIT);
  });

  it("stays exact, within its memory, when it must forget", async () => {
    const sampler = new RejectionSampler({ ...options, sampling: { seed: 4 }, maxPrefixes: 12, maxCachedBytes: 600 });
    const draws = await repeat(10_000, async () => {
      const draw = await sampler.draw();
      expect(sampler.stats.prefixes).toBeLessThanOrEqual(12);
      expect(sampler.stats.cachedBytes).toBeLessThanOrEqual(600);
      return draw;
    });
    expect(sampler.stats.forgottenPrefixes).toBeGreaterThan(1000);
    expect(chiSquareDeviation(count(draws.map(({ tokens }) => tokens.join())), target)).toBeLessThan(LIMIT);
  });

  it("estimates the removed mass within its own error", async () => {
    // So few prefixes are remembered that the bounds say little.
    const sampler = new RejectionSampler({ ...options, sampling: { seed: 5 }, maxPrefixes: 4 });
    await repeat(2000, () => sampler.draw());
    const { logMass, relativeError } = sampler.mass;
    expect(Math.abs(Math.exp(logMass - Math.log(target.mass)) - 1)).toBeLessThan(LIMIT * relativeError);
    expect(relativeError).toBeLessThan(0.1);
  });
});

describe("SMC", () => {
  const { options, target } = makeSetting(GIVEN);

  it.each([
    { resampleBelow: 0, particles: 4 },
    { resampleBelow: 0.5, particles: 6 },
    { resampleBelow: 1, particles: 6 },
    { resampleBelow: 0.9, particles: 1 },
  ])("has an unbiased normaliser and weights: %o", async (population) => {
    for (const place of [1, 3]) {
      const results = await repeat(1500, async (seed) => {
        const sampler = new SmcSampler({ ...options, ...population, sampling: { seed } });
        const all = await repeat(place, () => sampler.run());
        sampler.dispose();
        return all[place - 1];
      });
      expect(
        deviation(
          results.map(({ logNormaliser }) => Math.exp(logNormaliser)),
          target.mass,
        ),
      ).toBeLessThan(LIMIT);
      for (const [key, probability] of target.outcomes) {
        if (probability < target.mass / 50) continue;
        const terms = results.map(({ particles }) =>
          particles.reduce(
            (sum, { tokens, logWeight }) =>
              tokens.join() === key ? sum + Math.exp(logWeight) / population.particles : sum,
            0,
          ),
        );
        expect(deviation(terms, probability)).toBeLessThan(LIMIT);
      }
      if (population.resampleBelow === 1 && place === 1) {
        expect(results.some(({ resamplings }) => resamplings > 0)).toBe(true);
      }
    }
  });

  it("tells an error that its estimate keeps to", async () => {
    const far = await repeat(200, async (seed) => {
      const sampler = new SmcSampler({ ...options, particles: 16, sampling: { seed } });
      await repeat(8, () => sampler.run());
      const { logMass, relativeError } = sampler.mass;
      const mass = Math.exp(logMass);
      return Math.abs(mass - target.mass) > 3 * relativeError * mass + 1e-9;
    });
    // With 8 terms, three standard errors are passed in about 2% of cases (Student's t with 7 degrees of freedom).
    expect(far.filter(Boolean).length).toBeLessThan(20);
  });

  it("hands out the particles of its populations, whose weights make up for the rest", async () => {
    const sampler = new SmcSampler({ ...options, particles: 16, sampling: { seed: 5 } });
    const weights = new Map<string, number>();
    let sum = 0;
    for (const { tokens, logWeight } of await repeat(6000, () => sampler.draw())) {
      weights.set(tokens.join(), (weights.get(tokens.join()) ?? 0) + Math.exp(logWeight));
      sum += Math.exp(logWeight);
    }
    for (const [key, probability] of target.outcomes) {
      expect((weights.get(key) ?? 0) / sum).toBeCloseTo(probability / target.mass, 1);
    }
    expect(sampler.stats.draws).toBe(6000);
  });

  it("takes one model call for each token of a population", async () => {
    const { options: fresh, model } = makeSetting({ ...GIVEN, pattern: /[abc]{4}/ });
    const sampler = new SmcSampler({ ...fresh, particles: 32, sampling: { seed: 6 } });
    await sampler.run();
    // The prompt, what follows it, and what follows each of four tokens.
    expect(model.stats.calls).toBeLessThanOrEqual(6);
  });
});
