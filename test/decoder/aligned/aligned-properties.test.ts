import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runs } from "../../support/runs.ts";
import { SAMPLERS } from "./support/samplers.ts";
import { makeSetting, type SettingOptions } from "./support/setting.ts";

const WORDS = ["a", "b", "ab", "ba", "c"];
const PATTERNS = [/[ab]{3}/, /(ab|ba)*c?/, /a+b*/, /(a|b|c)(ab)?/, /abab|ba/, /(aab|b+)c/];

const settings: fc.Arbitrary<SettingOptions> = fc.record({
  words: fc.constant(WORDS),
  pattern: fc.constantFrom(...PATTERNS),
  maxTokens: fc.integer({ min: 3, max: 5 }),
  seed: fc.nat({ max: 1_000_000 }),
  spread: fc.constantFrom(0.5, 2, 6),
  sampling: fc.constantFrom(
    {},
    { temperature: 0.5 },
    { temperature: 2 },
    { topK: 6, temperature: 1.5 },
    { minP: 0.01 },
    { repetitionPenalty: 1.3, frequencyPenalty: 0.2, topP: 0.999 },
  ),
});

describe.each(SAMPLERS)("%s", (_, make) => {
  it("draws outputs of the language, within the budget, and tells what the model gives them", async () => {
    await fc.assert(
      fc.asyncProperty(settings, fc.nat({ max: 1000 }), async (given, seed) => {
        const { options, target, vocabulary } = makeSetting(given);
        fc.pre(target.mass > 0);
        const sampler = make({ ...options, sampling: { ...given.sampling, seed } });
        for (let index = 0; index < 12; index++) {
          const draw = await sampler.draw();
          const probability = target.outcomes.get(draw.tokens.join());
          expect(probability).toBeDefined();
          expect(draw.logProbability).toBeCloseTo(Math.log(probability!), 5);
          expect(draw.text).toBe(vocabulary.decode(draw.tokens));
          expect(draw.logWeight).toBeLessThan(1e-9);
        }
        sampler.dispose();
      }),
      { numRuns: runs(25) },
    );
  });

  it("knows bounds of the removed mass that hold at any time and tighten", async () => {
    await fc.assert(
      fc.asyncProperty(settings, async (given) => {
        const { options, target } = makeSetting(given);
        fc.pre(target.mass > 0);
        const sampler = make({ ...options, maxPrefixes: 20, sampling: { ...given.sampling, seed: 1 } });
        let before = sampler.mass;
        expect(before).toMatchObject({ removedAtLeast: 0, removedAtMost: 1, terms: 0 });
        for (let index = 0; index < 20; index++) {
          const { mass } = await sampler.draw();
          expect(mass.removedAtLeast).toBeLessThanOrEqual(1 - target.mass + 1e-6);
          expect(mass.removedAtMost).toBeGreaterThanOrEqual(1 - target.mass - 1e-6);
          expect(mass.removedAtLeast).toBeGreaterThanOrEqual(before.removedAtLeast);
          expect(mass.removedAtMost).toBeLessThanOrEqual(before.removedAtMost);
          expect(mass.removed).toBeGreaterThanOrEqual(mass.removedAtLeast);
          expect(mass.removed).toBeLessThanOrEqual(mass.removedAtMost);
          before = mass;
        }
      }),
      { numRuns: runs(25) },
    );
  });

  it("draws the same with the same seed, whether or not calls overlap and distributions are kept", async () => {
    const given = { words: WORDS, pattern: /(ab|ba|c)*/, maxTokens: 4, seed: 3 };
    const one = makeSetting(given);
    const sampler = make({ ...one.options, sampling: { seed: 9 } });
    expect(sampler.seed).toBe(9);
    const texts: string[] = [];
    for (let index = 0; index < 30; index++) texts.push((await sampler.draw()).tokens.join());

    const other = makeSetting(given);
    const forgetful = make({ ...other.options, sampling: { seed: 9 }, maxCachedBytes: 0 });
    const draws = await Promise.all(Array.from({ length: 30 }, () => forgetful.draw()));
    expect(draws.map(({ tokens }) => tokens.join())).toEqual(texts);
    expect(forgetful.stats.cachedBytes).toBe(0);
    expect(other.model.stats.calls).toBeGreaterThan(one.model.stats.calls);
    expect(new Set(texts).size).toBeGreaterThan(5);
  });

  it("asks the model once about a prefix", async () => {
    const { options, model } = makeSetting({ words: WORDS, pattern: /[ab]{4}/, maxTokens: 4, seed: 5 });
    const sampler = make(options);
    for (let index = 0; index < 300; index++) await sampler.draw();
    expect(model.stats.calls).toBeLessThanOrEqual(sampler.stats.prefixes + 1);
    expect(sampler.stats.draws).toBe(300);
  });
});
