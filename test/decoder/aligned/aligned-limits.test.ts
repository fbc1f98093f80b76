import {
  AsapSampler,
  functionModel,
  RejectionSampler,
  SmcSampler,
  type AlignedSamplerOptions,
} from "@espalier/decoder";
import { describe, expect, it } from "vitest";
import { watchForks } from "./support/watch-forks.ts";
import { chiSquareDeviation, count } from "./support/statistics.ts";
import { SAMPLERS } from "./support/samplers.ts";
import { makeSetting } from "./support/setting.ts";

const GIVEN = { words: ["a", "b", "ab", "c"], pattern: /[abc]{3}/, maxTokens: 3, seed: 7 };

function withLogits(logits: (prefix: readonly number[]) => ArrayLike<number>): AlignedSamplerOptions {
  const { options, model } = makeSetting(GIVEN);
  const { vocabularySize, eosTokens } = model;
  return { ...options, model: functionModel({ vocabularySize, eosTokens, logits }) };
}

describe.each(SAMPLERS)("%s refuses", (_, make) => {
  it("a language to which the model gives no probability", async () => {
    // Everything may be written but nothing may end.
    const options = withLogits(() => [0, 0, 0, 0, -Infinity, -Infinity, 0]);
    const sampler = make(options);
    const message = expect.stringContaining("of at most 3 tokens");
    await expect(sampler.draw()).rejects.toMatchObject({ code: "unsatisfiable", message });
    await expect(sampler.draw()).rejects.toMatchObject({ code: "unsatisfiable" });
    expect(sampler.mass.removed).toBe(1);
  });

  it("a language that truncation leaves no probability", async () => {
    const options = withLogits(() => [0, 0, 0, 0, 0, 0, 9]);
    const sampler = make({ ...options, sampling: { topK: 1 } });
    await expect(sampler.draw()).rejects.toMatchObject({ code: "unsatisfiable" });
  });

  it("NaN, and goes on where the model does", async () => {
    let isBroken = true;
    const options = withLogits((prefix) =>
      isBroken && prefix.length === 4 ? [Number.NaN, 0, 0, 0, 0, 0, 0] : [0, 1, 2, 3, 4, 5, 0],
    );
    const sampler = make(options);
    await expect(sampler.draw()).rejects.toMatchObject({ code: "model" });
    isBroken = false;
    expect((await sampler.draw()).text).toMatch(/^[abc]{3}$/);
  });

  it("to go on after an abort, and can be asked again", async () => {
    const controller = new AbortController();
    let longest = 0;
    const options = withLogits((prefix) => {
      longest = Math.max(longest, prefix.length);
      if (longest === 3) controller.abort(new Error("enough"));
      return [0, 1, 2, 3, 4, 5, 0];
    });
    const sampler = make(options);
    await expect(sampler.draw({ signal: controller.signal })).rejects.toMatchObject({ code: "aborted" });
    expect(longest).toBe(3);
    await expect(sampler.draw({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "aborted" });
    expect((await sampler.draw()).text).toMatch(/^[abc]{3}$/);
    sampler.dispose();
    expect((await sampler.draw()).text).toMatch(/^[abc]{3}$/);
  });

  it("to search on when a timer's signal fires, though nothing valid has been found and nothing is ruled out", async () => {
    // No text can get its last letter, which is known only of prefixes that were walked: 2^39 of them.
    const { options } = makeSetting({ ...GIVEN, pattern: /(a|b)+c/ });
    const { vocabularySize, eosTokens } = options.model;
    const model = functionModel({ vocabularySize, eosTokens, logits: () => [0, 0, -Infinity, -Infinity, 0, 0, 0] });
    const sampler = make({ ...options, model, maxTokens: 40, maxPrefixes: 500 });
    await expect(sampler.draw({ signal: AbortSignal.timeout(100) })).rejects.toMatchObject({ code: "aborted" });
    expect(sampler.stats.prefixes).toBeLessThan(500 + 40 * 8);
    expect(sampler.mass.removedAtLeast).toBeGreaterThan(0);
  });

  it("to take more steps than it may", async () => {
    const { options } = makeSetting(GIVEN);
    const sampler = make({ ...options, maxSteps: 2 });
    await expect(sampler.draw()).rejects.toMatchObject({ code: "limit-exceeded", limit: "maxSteps", allowed: 2 });
  });

  it.each<[string, Partial<AlignedSamplerOptions>, object]>([
    ["an empty prompt", { prompt: [] }, { code: "invalid-input", place: "prompt" }],
    ["temperature 0", { sampling: { temperature: 0 } }, { code: "invalid-input", place: "temperature" }],
    ["a topP of 2", { sampling: { topP: 2 } }, { code: "invalid-input", place: "topP" }],
    ["a seed of -1", { sampling: { seed: -1 } }, { code: "invalid-input", place: "seed" }],
    ["no end of text", { eosTokens: [] }, { code: "invalid-input", place: "eosTokens" }],
    ["an end of text that is no token", { eosTokens: [99] }, { code: "invalid-input", place: "eosTokens" }],
    ["half a token", { maxTokens: 2.5 }, { code: "invalid-input", place: "maxTokens" }],
    ["too few tokens", { maxTokens: 1 }, { code: "limit-exceeded", limit: "maxTokens", needed: 2 }],
    ["more than the context", { maxTokens: 63 }, { code: "limit-exceeded", limit: "contextLength", needed: 65 }],
    ["no steps", { maxSteps: 0 }, { code: "invalid-input", place: "maxSteps" }],
    ["no memory", { maxPrefixes: 0 }, { code: "invalid-input", place: "maxPrefixes" }],
    ["less than no cache", { maxCachedBytes: -1 }, { code: "invalid-input", place: "maxCachedBytes" }],
    ["another budget", { budget: "tight" as never }, { code: "invalid-input", place: "budget" }],
  ])("%s", (__, changes, error) => {
    const { options, model } = makeSetting(GIVEN);
    expect(() => make({ ...options, ...changes })).toThrow(expect.objectContaining(error));
    expect(model.stats.calls).toBe(0);
  });
});

describe("budgets", () => {
  // What is shortest in bytes after [xy] takes two tokens; what takes one token is longer.
  const given = { words: ["x", "y", "a", "b", "ccc"], pattern: /[xy](ab|ccc)/, maxTokens: 2, seed: 3, spread: 0.5 };

  it("are exact: all outputs of at most so many tokens, and no others", async () => {
    const { options, target } = makeSetting(given);
    expect([...target.outcomes.keys()]).toEqual(["0,4", "1,4"]);
    const sampler = new RejectionSampler({ ...options, sampling: { seed: 1 } });
    const keys: string[] = [];
    for (let index = 0; index < 2000; index++) keys.push((await sampler.draw()).tokens.join());
    expect(chiSquareDeviation(count(keys), target)).toBeLessThan(4);
  });

  it("leave out, on request, what the masks do not know to fit", async () => {
    const { options, target } = makeSetting({ ...given, maxTokens: 3 });
    const sampler = new AsapSampler({ ...options, budget: "masked" });
    for (let index = 0; index < 200; index++) {
      const { tokens, attempts } = await sampler.draw();
      expect(target.outcomes.has(tokens.join())).toBe(true);
      expect(attempts).toBe(1);
    }
  });

  it("default to what the context leaves", async () => {
    const { options } = makeSetting({ ...given, pattern: /[xy]+/ });
    const sampler = new AsapSampler({ ...options, maxTokens: undefined });
    for (let index = 0; index < 20; index++) expect((await sampler.draw()).tokens.length).toBeLessThanOrEqual(62);
  });
});

describe("masses smaller than any double", () => {
  it("are no reason to call a language impossible", async () => {
    const { options, model } = makeSetting({ ...GIVEN, pattern: /c{3}/ });
    const { vocabularySize, eosTokens } = model;
    // Each of the three tokens and the end have a probability of about e^-300.
    const steep = functionModel({ vocabularySize, eosTokens, logits: () => [0, 0, 0, -300, -300, -300, 0] });
    for (const Sampler of [AsapSampler, RejectionSampler, SmcSampler]) {
      const sampler = new Sampler({ ...options, model: steep, sampling: { seed: 1 } });
      const { text, logProbability, mass } = await sampler.draw();
      expect(text).toBe("ccc");
      expect(logProbability).toBeCloseTo(4 * (-300 - Math.log(4)) + Math.LN2, 3);
      expect(mass.removed).toBe(1);
    }
  });
});

describe.each(SAMPLERS)("%s", (_, make) => {
  it("leaves no session open", async () => {
    const { options, model } = makeSetting(GIVEN);
    const watched = watchForks(model);
    const sampler = make(options);
    for (let index = 0; index < 20; index++) await sampler.draw();
    expect(watched.made).toBeGreaterThan(0);
    sampler.dispose();
    expect(watched.open).toBe(0);
  });
});

describe("SMC options", () => {
  it.each([{ particles: 0 }, { particles: 1.5 }, { resampleBelow: -0.1 }, { resampleBelow: Number.NaN }])(
    "%o",
    (given) => {
      const { options } = makeSetting(GIVEN);
      const [place] = Object.keys(given);
      expect(() => new SmcSampler({ ...options, ...given })).toThrow(
        expect.objectContaining({ code: "invalid-input", place }),
      );
    },
  );
});
