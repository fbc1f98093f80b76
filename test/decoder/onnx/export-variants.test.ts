import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { loadOnnxModel, type LanguageModel } from "@espalier/decoder";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { greatestDifference } from "../support/fixture-models.ts";
import { toyLogits, writeToyModel, type ToyVariant } from "../support/toy-onnx-model.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "espalier-toy-"));
});
afterEach(() => rm(folder, { recursive: true }));

async function load(variant: ToyVariant, maxTokensPerCall?: number): Promise<LanguageModel> {
  await writeToyModel(folder, variant);
  return loadOnnxModel(folder, { threads: 1, maxTokensPerCall });
}

/**
 * Feeds three sequences that grow at different speeds, forks and rewinds one of them, and checks all logits.
 * @returns the model calls of each step
 */
async function exercise(model: LanguageModel, near = 1e-4): Promise<number[]> {
  const prefixes: number[][] = [[], [], []];
  const sessions = prefixes.map(() => model.createSession());
  const steps = [
    [[1, 2, 3], [4], [5, 6]],
    [[7], [8, 9, 1], [2]],
    [[3], [4], [5]],
    [
      [6, 7],
      [8, 9],
      [10, 0],
    ],
  ];
  const calls: number[] = [];
  for (const [number, step] of steps.entries()) {
    if (number === 3) {
      sessions[0].rewind(2);
      prefixes[0].length -= 2;
      sessions[1] = sessions[2].fork();
      prefixes[1] = [...prefixes[2]];
    }
    const before = model.stats.calls;
    const answers = await model.feedBatch(
      sessions.map((session, row) => ({ session, tokens: step[row], positions: step[row].length })),
    );
    calls.push(model.stats.calls - before);
    for (const [row, tokens] of step.entries()) {
      for (const [index, token] of tokens.entries()) {
        prefixes[row].push(token);
        expect(greatestDifference(answers[row][index], toyLogits(prefixes[row]))).toBeLessThan(near);
      }
    }
  }
  return calls;
}

describe("a padded batch is one call", () => {
  test.each<[string, ToyVariant, number]>([
    ["of the usual kind", {}, 1e-4],
    ["with use_cache_branch", { cacheBranch: true }, 1e-4],
    ["with num_logits_to_keep", { logitsToKeep: true }, 1e-4],
    ["with 32-bit ids", { int32: true }, 1e-4],
    ["with logits in half precision", { halfLogits: true }, 5e-3],
    ["without a cache", { cache: false }, 1e-4],
  ])("of a model %s", async (_, variant, near) => {
    const model = await load(variant);
    expect(await exercise(model, near)).toEqual([1, 1, 1, 1]);
    expect(model.stats.paddingTokens).toBeGreaterThan(0);
    await model.dispose();
  });
});

describe("a model that cannot take padding gets none", () => {
  test.each<[string, ToyVariant, number[]]>([
    // Two of the sequences are of one length in the last two steps: these share a call.
    ["that attends to padding", { obeysMask: false }, [3, 3, 2, 2]],
    ["that counts positions by column", { positions: "columns" }, [3, 3, 2, 2]],
    ["that takes one sequence a call", { rows: 1 }, [3, 3, 3, 3]],
  ])("one %s", async (_, variant, calls) => {
    const model = await load(variant);
    expect(await exercise(model)).toEqual(calls);
    expect(model.stats.paddingTokens).toBe(0);
    await model.dispose();
  });
});

test("equal lengths share a call even so", async () => {
  const model = await load({ obeysMask: false });
  const sessions = [model.createSession(), model.createSession()];
  for (const tokens of [[1, 2], [3], [4]]) {
    await model.feedBatch(sessions.map((session) => ({ session, tokens })));
  }
  expect(model.stats).toEqual({ calls: 3, tokens: 8, paddingTokens: 0 });
  await model.dispose();
});

test.each<ToyVariant>([{ obeysMask: false }, { positions: "columns" }])(
  "what was rewound is cut out of the cache, not masked, with %o",
  async (variant) => {
    const model = await load(variant);
    const session = model.createSession();
    await session.feed([1, 2, 3, 4]);
    session.rewind(2);
    const [logits] = await session.feed([5]);
    expect(greatestDifference(logits, toyLogits([1, 2, 5]))).toBeLessThan(1e-4);
    await model.dispose();
  },
);

test("a batch of long prompts is cut into calls, too", async () => {
  const model = await load({}, 6);
  expect(await exercise(model)).toEqual([2, 2, 1, 1]);
  await model.dispose();
});

test("few tokens are not padded to many", async () => {
  const model = await load({}, 1000);
  const [short, long] = [model.createSession(), model.createSession()];
  const tokens = Array.from({ length: 30 }, (_, index) => index % 11);
  const answers = await model.feedBatch([
    { session: short, tokens: [1] },
    { session: long, tokens },
  ]);
  expect(model.stats).toEqual({ calls: 2, tokens: 31, paddingTokens: 0 });
  expect(greatestDifference(answers[0][0], toyLogits([1]))).toBeLessThan(1e-4);
  expect(greatestDifference(answers[1][0], toyLogits(tokens))).toBeLessThan(1e-4);
  await model.dispose();
});

test("a model with an input of another kind is refused by name", async () => {
  await expect(load({ extraInput: "pixel_values" })).rejects.toMatchObject({
    code: "unsupported",
    message: expect.stringContaining("pixel_values"),
    place: join(folder, "onnx/model.onnx"),
  });
});

test("a model with a fixed batch of several is refused", async () => {
  await expect(load({ rows: 4 })).rejects.toMatchObject({ code: "unsupported" });
});
